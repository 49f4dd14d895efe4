# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""A town for stories: a relay, people with vitrine-cli, people with the app, on loopback only.

    from town import Town

    with Town() as town:
        relay = town.relay('a.test')
        alice = town.peer(relay, 'alice')
        emily = town.peer(relay, 'emily')
        sent = alice.do('message', to='emily@a.test', text='I found some dresses!')
        emily.expect('message', message=sent['message'])

Everything waits for what it names, with a limit; nothing sleeps and hopes. What does not come is a
`Late`, which says who waited for what and what they saw instead. When the town ends, also by an
exception or a signal, every process that it started is ended and its folder is removed.
"""

from .app import App
from .desktop import Desktop, Missing
from .peer import Peer, Refused
from .process import Ended, Process
from .place import Streets
from .relay import Relay
from .town import Town
from .wait import PATIENCE, Late, wait_for

__all__ = ['App', 'Desktop', 'Ended', 'Late', 'Missing', 'PATIENCE', 'Peer', 'Process', 'Refused', 'Relay',
           'Streets', 'Town', 'wait_for']
