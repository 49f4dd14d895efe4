#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The decoder under ASan. It is killed before it could look for leaks, so it need not remember in whole stacks where
# each byte was asked for: that is four fifths of what it does at its start.

ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0:fast_unwind_on_malloc=1:malloc_context_size=4"
export ASAN_OPTIONS
exec "$VITRINE_WHOLE_DECODER" "$@"
