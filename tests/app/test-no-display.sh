#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: test-no-display.sh VITRINE
#
# Without a screen: one clear sentence on stderr, exit status 1, and nothing in the home folder.

set -u

folder=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-no-display.XXXXXX")
trap 'rm -rf "$folder"' EXIT

env -u DISPLAY -u WAYLAND_DISPLAY XDG_RUNTIME_DIR="$folder" HOME="$folder" \
  "$1" --home "$folder/home" >"$folder/out" 2>"$folder/err"
status=$?

[ "$status" = 1 ] || { echo "exit status $status instead of 1"; exit 1; }
[ "$(wc -l <"$folder/err")" = 1 ] || { echo "not one line:"; cat "$folder/err"; exit 1; }
grep -q 'There is no screen' "$folder/err" || { cat "$folder/err"; exit 1; }
[ ! -e "$folder/home" ] || { echo "a home folder was made"; exit 1; }
