# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""A person with vitrine-cli: commands in, events out, one JSON object a line."""

import json
import subprocess
import threading
import time

from .process import Process
from .wait import Late, deadline, give


class Refused(AssertionError):
    """A command was answered by an error. `code`, `status` and `text` are those of the answer."""

    def __init__(self, who, verb, answer):
        self.code = answer.get('code')
        self.status = answer.get('status')
        self.text = answer.get('text')
        super().__init__(f'{who}: {verb} is refused: {self.code} ({self.status}): {self.text}')


def matches(event, members):
    """Do these members stand in the event? A member may be given as a function of its value."""
    for key, wanted in members.items():
        value = event.get(key)
        if not (wanted(value) if callable(wanted) else value == wanted):
            return False
    return True


class Peer:
    """vitrine-cli with a home of its own; with `desktop` it has the town's screen, cameras and loudspeaker.

    `do()` says a command and returns its ok. `expect()` waits for an event and takes it, so that
    the next one of the same kind is another one; what others wait for stays. `seen()` looks back at
    everything that ever came, `events` is all of it in order.
    """

    def __init__(self, town, relay, name, password='dresses and shoes', options=(), desktop=False):
        self.town = town
        self.relay = relay
        self.name = name
        self.password = password
        self.account = f'{name}@{relay.domain}'
        self.folder = town.make_folder(name)
        self.place = town.new_place()
        self.home = self.folder / 'home'
        self.options = list(options)
        self.desktop = desktop
        self.events = []
        self.pending = []  # of these, what nobody has taken yet
        self.changed = threading.Condition()
        self.next_id = 1
        self.ended = False
        self.process = None

    # Signing in and running

    def sign(self, verb='sign-up', pin=None, password=None, ca=None):
        """vitrine-cli sign-up or sign-in; (exit status, what it says on stderr)."""
        secret = self.folder / 'password'
        secret.write_text((password or self.password) + '\n', encoding='utf-8')
        secret.chmod(0o600)
        ran = subprocess.run(
            [*self.place.command, str(self.town.program('vitrine-cli')), '--home', str(self.home), verb,
             '--relay', self.relay.url, *(['--ca', str(ca)] if ca else ['--pin', pin or self.relay.pin]),
             '--account', self.account, '--password-file', str(secret)],
            env=self.town.env(self.folder), capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=give(30))
        return ran.returncode, ran.stderr.strip()

    def sign_up(self):
        status, error = self.sign('sign-up')
        if status:
            raise AssertionError(f'{self.name} cannot sign up: {error}')
        return self

    def run(self, wait=True):
        """Starts `vitrine-cli run`, and waits until it is connected."""
        self.process = Process(
            self.name, [*self.place.command, self.town.program('vitrine-cli'), '--home', self.home, *self.options, 'run'],
            self.folder, self.town.media_env(self.folder, self.desktop),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.town.keep(self.process)
        self.ended = False
        threading.Thread(target=self._listen, args=[self.process.popen.stdout], daemon=True).start()
        if wait:
            self.expect('ready')
            self.expect('connection', state='connected')
        return self

    def _listen(self, stdout):
        for line in stdout:
            try:
                event = json.loads(line)
            except ValueError:
                event = {'event': 'not-json', 'line': line.decode('utf-8', 'replace')}
            event['at'] = time.monotonic()
            with self.changed:
                self.events.append(event)
                self.pending.append(event)
                self.changed.notify_all()
        with self.changed:
            self.ended = self.process.popen.stdout is stdout
            self.changed.notify_all()

    # Talking

    def send(self, verb, **members):
        """Says a command and does not wait; the id under which it will be answered."""
        number = self.next_id
        self.next_id += 1
        self.say(json.dumps({'do': verb, 'id': number, **members}))
        return number

    def say(self, line):
        """Writes a line to its stdin as it is."""
        self.process.popen.stdin.write(line.encode('utf-8') + b'\n')
        self.process.popen.stdin.flush()

    def answer(self, number, verb='the command', within=15):
        """The ok for this id; an error is raised as Refused."""
        event = self._take(lambda event: event.get('event') in ('ok', 'error')
                           and event.get('id') == number, f'answer to {verb}', within)
        if event['event'] == 'error':
            raise Refused(self.name, verb, event)
        return event

    def do(self, verb, within=15, **members):
        """Says a command and waits for its answer."""
        return self.answer(self.send(verb, **members), verb, within)

    # Listening

    def expect(self, kind, within=10, **members):
        """Waits for an event of this kind with these members that nobody has taken yet, and takes it."""
        what = f'event "{kind}"' + (f' with {members}' if members else '')
        return self._take(lambda event: event.get('event') == kind and matches(event, members),
                          what, within)

    def seen(self, kind, **members):
        """All events of this kind with these members so far, taken or not."""
        with self.changed:
            return [event for event in self.events
                    if event.get('event') == kind and matches(event, members)]

    def _take(self, wanted, what, within):
        end = deadline(within)
        with self.changed:
            while True:
                for index, event in enumerate(self.pending):
                    if wanted(event):
                        return self.pending.pop(index)
                if self.ended:
                    raise Late(self._complain(f'{self.name} ended, and there was no {what}'))
                if time.monotonic() >= end:
                    raise Late(self._complain(
                        f'{self.name}: after {give(within):g} s there is no {what}'))
                self.changed.wait(max(0.001, end - time.monotonic()))

    def _complain(self, trouble):
        last = '\n'.join('    ' + json.dumps({k: v for k, v in event.items() if k != 'at'})
                         for event in self.events[-12:])
        words = self.process.last_words() if self.process else ''
        return (f'{trouble}. The last events:\n{last}'
                + (f'\n  and it said:\n{words}' if words else ''))

    def pictures(self):
        """The files of the pictures in this person's home."""
        return sorted(path for path in self.home.glob('**/*.*') if path.suffix in ('.jpg', '.png'))

    # Ending

    def quit(self):
        """{"do":"quit"}; the exit status."""
        self.say(json.dumps({'do': 'quit'}))
        return self.process.wait()

    def kill(self):
        """kill -9."""
        self.process.kill()

    def end(self):
        return self.process.end() if self.process else None
