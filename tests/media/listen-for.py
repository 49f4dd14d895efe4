#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/media/listen-for.py SOCKET COMMAND...

Listens on SOCKET, and becomes COMMAND, which takes the socket over (sd_listen_fds(3)). Whoever
connects need not wait until the command is ready: it will answer when it is.
"""

import os
import socket
import sys

listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(64)
# It is the first of the handed on, number 3; what stood there before goes.
if listener.fileno() == 3:
    os.set_inheritable(3, True)
else:
    os.dup2(listener.fileno(), 3, inheritable=True)
os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
os.execvp(sys.argv[2], sys.argv[2:])
