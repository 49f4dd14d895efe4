#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routed messages: the relay, two relays, mosquitto (QoS 1) and Prosody (with an archive) on the same work in one run, all by TLS.

Pairs of clients; each sender has a few messages on their way, and the next goes out when one has arrived. What counts is the CPU time of
the servers for each message: the rate is also that of this program, and of what else the machine does.
"""

import asyncio
import base64
import hashlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import sys
import time
import uuid

SOURCE = pathlib.Path(os.environ['VITRINE_SOURCE'])
sys.path.insert(0, str(SOURCE / 'tests' / 'system'))

from town import Town  # noqa: E402: the path comes first
from town.process import Process  # noqa: E402

PAIRS = 40
MESSAGES = 100
WINDOW = 4
CLIENTS = 2000
TEXT = 'x' * 200
PASSWORD = 'correct horse'
TICKS = os.sysconf('SC_CLK_TCK')

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


def new_id():
    """A UUID of version 7."""
    value = (time.time_ns() // 1000000) << 80 | int.from_bytes(os.urandom(10), 'big')
    value = value & ~(0xf << 76) | 7 << 76
    return str(uuid.UUID(int=value & ~(3 << 62) | 2 << 62))


def cpu_seconds(processes):
    """The CPU time of these processes so far, with all their threads."""
    total = 0
    for process in processes:
        stat = pathlib.Path('/proc', str(process.popen.pid), 'stat').read_text(encoding='ascii')
        fields = stat.rpartition(')')[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


class Peer:
    """A connection; `arrived` counts what came for it."""

    def __init__(self, name, port):
        self.name = name
        self.port = port
        self.arrived = asyncio.Semaphore(0)

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection('127.0.0.1', self.port, ssl=TLS, limit=1 << 20)

    def close(self):
        self.writer.transport.abort()


class VitrinePeer(Peer):

    def __init__(self, name, port, domain='a.test', device=None, token=None):
        super().__init__(name, port)
        self.account = f'{name}@{domain}'
        self.device = device or new_id()
        self.token = token
        self.last = 0

    def say(self, kind, body, to=None):
        message = {'v': 1, 't': kind, 'id': new_id(), 'body': body}
        if to:
            message['to'] = to
        data = json.dumps(message).encode()
        # Masked, as it has to be, by a mask that changes nothing.
        head = bytes([0x81, 0x80 | len(data)]) if len(data) < 126 else b'\x81\xfe' + len(data).to_bytes(2, 'big')
        self.writer.write(head + bytes(4) + data)

    async def hear(self):
        while True:
            head = await self.reader.readexactly(2)
            size = head[1]
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), 'big')
            data = await self.reader.readexactly(size)
            if head[0] == 0x81:
                return json.loads(data)

    async def sign_in(self, create=False):
        await self.open()
        self.writer.write(b'GET /cpm HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                          b'Sec-WebSocket-Key: ' + base64.b64encode(os.urandom(16)) + b'\r\nSec-WebSocket-Version: 13\r\n'
                          b'Sec-WebSocket-Protocol: vitrine.cpm.1\r\n\r\n')
        await self.reader.readuntil(b'\r\n\r\n')
        body = {'account': self.account, 'device': self.device}
        body |= {'token': self.token} if self.token else {'password': PASSWORD}
        self.say('hello', body | ({'create': True} if create else {}))
        welcome = await self.hear()
        assert welcome['t'] == 'welcome', welcome
        self.token = welcome['body'].get('token', self.token)

    async def start(self):
        await self.sign_in(create=True)

    def send(self, other):
        self.say('message.text', {'conversation': self.conversation(other), 'text': TEXT}, to=other.account)

    def conversation(self, other):
        both = '\n'.join(sorted((self.account, other.account)))
        return 'c-' + hashlib.sha256(both.encode()).hexdigest()[:32]

    async def listen(self):
        while True:
            message = await self.hear()
            if message['t'] == 'message.text':
                self.last = message['seq']
                self.arrived.release()
                if self.last % 16 == 0:
                    self.say('got', {'seq': self.last})
            elif message['t'] == 'err':
                raise AssertionError(message)


class MqttPeer(Peer):

    def packet(self, kind, body):
        size = len(body)
        head = bytes([kind, size]) if size < 128 else bytes([kind, size % 128 | 128, size // 128])
        self.writer.write(head + body)

    async def hear(self):
        kind, size = await self.reader.readexactly(2)
        if size & 128:
            size = size & 127 | (await self.reader.readexactly(1))[0] << 7
        return kind, await self.reader.readexactly(size)

    async def start(self):
        name = self.name.encode()
        await self.open()
        self.packet(0x10, b'\x00\x04MQTT\x04\x00\x00\x00' + len(name).to_bytes(2, 'big') + name)
        assert (await self.hear())[1][1] == 0
        self.packet(0x82, b'\x00\x01' + len(name).to_bytes(2, 'big') + name + b'\x01')
        assert (await self.hear())[0] == 0x90
        self.number = 1

    def send(self, other):
        name = other.name.encode()
        self.number = self.number % 60000 + 1
        self.packet(0x32, len(name).to_bytes(2, 'big') + name + self.number.to_bytes(2, 'big') + TEXT.encode())

    async def listen(self):
        while True:
            kind, body = await self.hear()
            if kind >> 4 == 3:
                at = 2 + int.from_bytes(body[:2], 'big')
                self.packet(0x40, body[at:at + 2])
                self.arrived.release()


class XmppPeer(Peer):

    async def start(self):
        stream = "<stream:stream to='a.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
        secret = base64.b64encode(f'\0{self.name}\0{PASSWORD}'.encode()).decode()
        await self.open()
        for said, end in ((stream, b'</stream:features>'),
                          (f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>", b'<success'),
                          (stream, b'</stream:features>'),
                          ("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>x</resource></bind></iq>",
                           b'</iq>'),
                          ('<presence/>', b'<presence')):
            self.writer.write(said.encode())
            await self.reader.readuntil(end)

    def send(self, other):
        self.writer.write(f"<message to='{other.name}@a.test/x' type='chat' id='{new_id()}'><body>{TEXT}</body></message>".encode())

    async def listen(self):
        while True:
            await self.reader.readuntil(b'</message>')
            self.arrived.release()


async def converse(sender, recipient, n):
    for _ in range(WINDOW):
        sender.send(recipient)
    for i in range(n):
        await asyncio.wait_for(recipient.arrived.acquire(), 120)
        if i < n - WINDOW:
            sender.send(recipient)


async def measure(name, pairs, processes):
    """All pairs at once; prints a line of the table."""
    for peer in (peer for pair in pairs for peer in pair):
        await peer.start()
    listeners = [asyncio.create_task(peer.listen()) for pair in pairs for peer in pair]
    await asyncio.gather(*(converse(*pair, 10) for pair in pairs))

    cpu, wall = cpu_seconds(processes), time.monotonic()
    await asyncio.gather(*(converse(*pair, MESSAGES) for pair in pairs))
    wall, cpu = time.monotonic() - wall, cpu_seconds(processes) - cpu

    n = len(pairs) * MESSAGES
    print(f'| {name} | {n / wall:.0f} | {cpu / n * 1e6:.0f} | {n / cpu if cpu else 0:.0f} |', flush=True)
    for listener in listeners:
        listener.cancel()
    for peer in (peer for pair in pairs for peer in pair):
        peer.close()


def start(town, name, folder, *arguments):
    """mosquitto or Prosody, with its files in a folder of its own."""
    process = Process(name, [str(argument) for argument in arguments], folder, dict(os.environ, LC_ALL='C.UTF-8'))
    town.keep(process)
    return process


async def wait_for_port(port):
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection('127.0.0.1', port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.1)
    raise AssertionError(f'nobody listens at {port}')


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


async def measure_relays(town):
    options = ['--max-connections-per-address', '4096']
    here, there = town.relays('a.test', 'b.test', options=options)
    await measure('vitrine-relay', [(VitrinePeer(f's{i}', here.port), VitrinePeer(f'r{i}', here.port)) for i in range(PAIRS)],
                  [here.process])
    await asyncio.sleep(2)
    await measure('two vitrine-relays', [(VitrinePeer(f't{i}', here.port), VitrinePeer(f'u{i}', there.port, 'b.test'))
                                         for i in range(10)], [here.process, there.process])


async def measure_mosquitto(town, relay):
    port = free_port()
    folder = town.make_folder('mosquitto')
    (folder / 'mosquitto.conf').write_text(
        f'listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {folder}/\n'
        f'certfile {relay.data}/relay.crt\nkeyfile {relay.data}/relay.key\nuser root\n', encoding='utf-8')
    process = start(town, 'mosquitto', folder, shutil.which('mosquitto', path='/usr/sbin:/usr/bin'),
                    '-c', folder / 'mosquitto.conf')
    await wait_for_port(port)
    await measure('mosquitto, QoS 1', [(MqttPeer(f's{i}', port), MqttPeer(f'r{i}', port)) for i in range(PAIRS)], [process])


async def measure_prosody(town, relay):
    port = free_port()
    folder = town.make_folder('prosody')
    tls = f'{{ certificate = "{relay.data}/relay.crt"; key = "{relay.data}/relay.key" }}'
    (folder / 'prosody.cfg.lua').write_text(f'''
daemonize = false
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}"
log = {{ error = "*console" }}
modules_enabled = {{ "saslauth"; "tls"; "roster"; "mam" }}
modules_disabled = {{ "s2s" }}
default_archive_policy = true
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ }}
s2s_ports = {{ }}
c2s_direct_tls_ports = {{ {port} }}
c2s_direct_tls_ssl = {tls}
c2s_require_encryption = true
limits = {{ }}
authentication = "internal_plain"
VirtualHost "a.test"
  ssl = {tls}
''', encoding='utf-8')
    accounts = folder / 'a%2etest' / 'accounts'
    accounts.mkdir(parents=True)
    for i in range(PAIRS):
        for name in (f's{i}', f'r{i}'):
            (accounts / f'{name}.dat').write_text(f'return {{ ["password"] = "{PASSWORD}"; }};\n', encoding='utf-8')
    process = start(town, 'prosody', folder, shutil.which('prosody'), '-F', '--config', folder / 'prosody.cfg.lua')
    await wait_for_port(port)
    await measure('Prosody, with an archive', [(XmppPeer(f's{i}', port), XmppPeer(f'r{i}', port)) for i in range(PAIRS)], [process])


async def measure_logins(town):
    """2,000 devices of 80 people come back at once after a restart of the relay."""
    relay = town.relay('c.test', options=['--max-connections-per-address', '4096'])
    peers = [VitrinePeer(f'p{i % 80}', relay.port, 'c.test') for i in range(CLIENTS)]
    gate = asyncio.Semaphore(32)

    async def enter(peer, create=False):
        async with gate:
            await peer.sign_in(create)

    await asyncio.gather(*(enter(peer, True) for peer in peers[:80]))
    await asyncio.gather(*(enter(peer) for peer in peers[80:]))
    for peer in peers:
        peer.close()
    relay.kill()
    relay.start()
    wall = time.monotonic()
    await asyncio.gather(*(enter(peer) for peer in peers))
    wall = time.monotonic() - wall
    cpu = cpu_seconds([relay.process])
    print(f'\n{CLIENTS} devices came back after a restart in {wall:.1f} s, with {cpu:.2f} s of the relay\'s CPU time: '
          f'{cpu / CLIENTS * 1e3:.2f} ms each, with TLS and presence')
    for peer in peers:
        peer.close()


def main():
    print(f'Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {PAIRS} pairs (two relays: 10), {WINDOW} on their way each, '
          f'{MESSAGES} messages of {len(TEXT)} bytes each, TLS 1.3\n')
    print('| server | messages a second | CPU µs a message | messages a second of CPU |\n|---|---|---|---|')
    town = Town()
    try:
        asyncio.run(measure_relays(town))
        certificate = town.relay('d.test')
        if shutil.which('mosquitto', path='/usr/sbin:/usr/bin'):
            asyncio.run(measure_mosquitto(town, certificate))
        if shutil.which('prosody'):
            asyncio.run(measure_prosody(town, certificate))
        asyncio.run(measure_logins(town))
    finally:
        town.end()


if __name__ == '__main__':
    main()
