#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: with-display.sh COMMAND...
#
# Runs COMMAND with an X server, a session bus and a home folder of its own, and ends and removes all of it.
# SCREEN is the size of the screen (1280x1000).

set -u

folder=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-display.XXXXXX")
server=

cleanup () {
  [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }
  rm -rf --one-file-system "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

export HOME=$folder/home XDG_RUNTIME_DIR=$folder/run
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share XDG_CACHE_HOME=$HOME/.cache
mkdir -p -m 700 "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS

mkfifo "$folder/display"
Xvfb -displayfd 3 -screen 0 "${SCREEN:-1280x1000}x24" -nolisten tcp -noreset \
  3>"$folder/display" >"$folder/xvfb.log" 2>&1 &
server=$!

if ! read -r -t 30 number <"$folder/display"; then
  echo "with-display: Xvfb did not start" >&2
  cat "$folder/xvfb.log" >&2
  exit 1
fi

export DISPLAY=:$number GDK_BACKEND=x11
export GSK_RENDERER=${GSK_RENDERER:-cairo} GTK_A11Y=${GTK_A11Y:-test} ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0
export GSETTINGS_BACKEND=${GSETTINGS_BACKEND:-memory}

# What the bus starts speaks to its standard output: only COMMAND has ours.
dbus-run-session -- bash -c 'exec "$@" >&3 3>&-' bash "$@" 3>&1 >/dev/null
