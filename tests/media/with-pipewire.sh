#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# with-pipewire.sh COMMAND...: runs it in a session with a PipeWire of its own. Exit status 77 (skipped) without one.
set -u

for program in pipewire wireplumber dbus-run-session gst-launch-1.0; do
  command -v "$program" > /dev/null || { echo "1..0 # SKIP no $program"; exit 77; }
done

if [ -z "${VITRINE_PIPEWIRE_FOLDER:-}" ]; then
  # Not to scan all plugins anew for each run.
  export GST_REGISTRY=${GST_REGISTRY:-${XDG_CACHE_HOME:-$HOME/.cache}/gstreamer-1.0/registry.$(uname -m).bin}
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  chmod 700 "$folder"
  mkdir -m 700 "$folder/run" "$folder/home"
  VITRINE_PIPEWIRE_FOLDER=$folder HOME=$folder/home XDG_RUNTIME_DIR=$folder/run PIPEWIRE_RUNTIME_DIR=$folder/run \
    XDG_CONFIG_HOME=$folder/home/.config XDG_STATE_HOME=$folder/home/.state XDG_CACHE_HOME=$folder/home/.cache \
    dbus-run-session -- "$0" "$@"
  exit $?
fi

# Only the test itself is checked for leaks, and only its critical messages count.
unset_for_daemons=(env -u LD_PRELOAD -u ASAN_OPTIONS -u G_DEBUG)

"${unset_for_daemons[@]}" pipewire > "$VITRINE_PIPEWIRE_FOLDER/pipewire.log" 2>&1 &
pipewire=$!
for _ in $(seq 100); do
  [ -S "$PIPEWIRE_RUNTIME_DIR/pipewire-0" ] && break
  sleep 0.05
done
"${unset_for_daemons[@]}" wireplumber > "$VITRINE_PIPEWIRE_FOLDER/wireplumber.log" 2>&1 &
wireplumber=$!

# The provider of PipeWire 0.3.65 now and then misses that a camera came or went (one run in ten on a busy
# machine). What fails twice more is our fault.
for attempt in 1 2 3; do
  "$@" > "$VITRINE_PIPEWIRE_FOLDER/test.out"
  status=$?
  [ "$status" = 0 ] && break
  echo "attempt $attempt ended with status $status" >&2
done
cat "$VITRINE_PIPEWIRE_FOLDER/test.out"

kill "$wireplumber" "$pipewire" 2> /dev/null
wait "$wireplumber" "$pipewire" 2> /dev/null
exit "$status"
