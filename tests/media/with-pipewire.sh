#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# with-pipewire.sh COMMAND...: runs it in a session with a PipeWire of its own, which PulseAudio's programs can use too. Exit status
# 77 (skipped) without one.
set -u

for program in pipewire wireplumber pipewire-pulse pactl dbus-run-session gst-launch-1.0 python3; do
  command -v "$program" > /dev/null || { echo "1..0 # SKIP no $program"; exit 77; }
done

if [ -z "${VITRINE_PIPEWIRE_FOLDER:-}" ]; then
  # Not to scan all plugins anew for each run.
  export GST_REGISTRY=${GST_REGISTRY:-${XDG_CACHE_HOME:-$HOME/.cache}/gstreamer-1.0/registry.$(uname -m).bin}
  folder=$(mktemp -d)
  trap 'rm -rf --one-file-system "$folder"' EXIT
  chmod 700 "$folder"
  mkdir -m 700 "$folder/run" "$folder/home"
  # What the bus starts speaks to its standard output: only COMMAND has ours.
  VITRINE_PIPEWIRE_FOLDER=$folder HOME=$folder/home XDG_RUNTIME_DIR=$folder/run PIPEWIRE_RUNTIME_DIR=$folder/run \
    XDG_CONFIG_HOME=$folder/home/.config XDG_STATE_HOME=$folder/home/.state XDG_CACHE_HOME=$folder/home/.cache \
    dbus-run-session -- bash -c 'exec "$@" >&3 3>&-' bash "$0" "$@" 3>&1 > /dev/null
  exit $?
fi

# Only the test itself is checked for leaks, and only its critical messages count.
unset_for_daemons=(env -u LD_PRELOAD -u ASAN_OPTIONS -u G_DEBUG)

folder=$(dirname "$(readlink -f "$0")")
mkdir -p -m 700 "$PIPEWIRE_RUNTIME_DIR/pulse"

"${unset_for_daemons[@]}" /usr/bin/python3 "$folder/listen-for.py" "$PIPEWIRE_RUNTIME_DIR/pipewire-0" pipewire \
  > "$VITRINE_PIPEWIRE_FOLDER/pipewire.log" 2>&1 &
pipewire=$!
"${unset_for_daemons[@]}" /usr/bin/python3 "$folder/listen-for.py" "$PIPEWIRE_RUNTIME_DIR/pulse/native" pipewire-pulse \
  > "$VITRINE_PIPEWIRE_FOLDER/pulse.log" 2>&1 &
pulse=$!
export VITRINE_PULSE_PID=$pulse # for who wants it to die
# They wait for the sockets to be there, nobody for what stands behind them.
until [ -S "$PIPEWIRE_RUNTIME_DIR/pipewire-0" ] && [ -S "$PIPEWIRE_RUNTIME_DIR/pulse/native" ]; do
  kill -0 "$pipewire" "$pulse" || exit 1
done
"${unset_for_daemons[@]}" wireplumber > "$VITRINE_PIPEWIRE_FOLDER/wireplumber.log" 2>&1 &
wireplumber=$!
# A loudspeaker that nobody hears. The one that the session manager makes up does not always come.
until "${unset_for_daemons[@]}" pactl load-module module-null-sink sink_name=Speaker > /dev/null 2>&1; do
  # Between the name and the ear of a socket there is a moment in which it refuses.
  kill -0 "$pipewire" "$pulse" || exit 1
done

"$@"
status=$?

kill "$wireplumber" "$pulse" "$pipewire" 2> /dev/null
wait "$wireplumber" "$pulse" "$pipewire" 2> /dev/null
exit "$status"
