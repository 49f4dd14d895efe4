#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: with-pipewire.sh with-portal.sh COMMAND...
#
# Runs COMMAND in a GNOME session without a screen: mutter's, with the real portals of GNOME. Exit status 77
# (skipped) where a part of it is missing.

set -u

skip () { echo "1..0 # SKIP $1"; exit 77; }

command -v mutter > /dev/null || skip 'no mutter'
command -v fusermount3 > /dev/null || skip 'no fusermount3'
for service in xdg-desktop-portal xdg-desktop-portal-gnome xdg-desktop-portal-gtk; do
  ls /usr/libexec/"$service" /usr/lib/*/libexec/"$service" 2> /dev/null | grep -q . || skip "no $service"
done
/usr/bin/python3 -c 'import gi; gi.require_version("Atspi", "2.0")' 2> /dev/null || skip 'no Atspi for Python'

mutter=

# The document portal mounts a file system there, as far as it may.
cleanup () {
  [ -z "$mutter" ] || { kill "$mutter" 2> /dev/null; wait "$mutter" 2> /dev/null; }
  fusermount3 -u -z -q "$XDG_RUNTIME_DIR/doc" 2> /dev/null
}
trap cleanup EXIT
trap 'exit 130' INT TERM

export XDG_CURRENT_DESKTOP=GNOME XDG_SESSION_TYPE=wayland GDK_BACKEND=wayland WAYLAND_DISPLAY=wayland-vitrine
export GSK_RENDERER=cairo GTK_A11Y=atspi NO_AT_BRIDGE=0
unset DISPLAY

env -u LD_PRELOAD -u ASAN_OPTIONS -u G_DEBUG mutter --headless --wayland --no-x11 --virtual-monitor 1280x720 \
  --wayland-display="$WAYLAND_DISPLAY" > "$VITRINE_PIPEWIRE_FOLDER/mutter.log" 2>&1 &
mutter=$!
until [ -S "$XDG_RUNTIME_DIR/$WAYLAND_DISPLAY" ]; do
  kill -0 "$mutter" 2> /dev/null || { cat "$VITRINE_PIPEWIRE_FOLDER/mutter.log" >&2; mutter=; skip 'mutter does not run here'; }
  # Not to take all of a processor from it.
  read -r -t 0.05 < /dev/zero
done

# The portals are started by the bus; a critical message of theirs is not our fault.
dbus-update-activation-environment XDG_CURRENT_DESKTOP XDG_SESSION_TYPE GDK_BACKEND WAYLAND_DISPLAY GSK_RENDERER \
  GTK_A11Y NO_AT_BRIDGE G_DEBUG= ASAN_OPTIONS= LSAN_OPTIONS= G_SLICE= 2> /dev/null

"$@"
