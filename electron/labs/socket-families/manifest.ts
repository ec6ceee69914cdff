// What the lab of socket families says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';

const INET = { family: ['all', 'inet'] } as const;
const INET6 = { family: ['all', 'inet6'] } as const;
const UNIX = { family: ['all', 'unix'] } as const;
const KINDS = ['inet', 'inet-dgram', 'inet6', 'inet6-dgram', 'unix'] as const;

export const manifest: LabManifest = {
  id: 'socket-families',
  group: 'sockets',
  order: 7,
  parameters: [
    { type: 'choice', id: 'family', options: ['all', 'inet', 'inet6', 'unix'], value: 'all' },
    { type: 'text', id: 'text', maxLength: 200, value: 'the same line' },
    { type: 'integer', id: 'exchanges', min: 1, max: 1000, value: 2, windowMax: 100 },
  ],
  hosts: [
    { id: 'client', address: '127.0.74.1' },
    { id: 'server', address: '127.0.74.2' },
  ],
  endpoints: [
    { role: 'server-inet', host: 'server', protocol: 'tcp', port: 7050 },
    { role: 'server-inet-dgram', host: 'server', protocol: 'udp', port: 7050 },
    { role: 'server-inet6', host: 'server', protocol: 'tcp', port: 7051, optional: true },
    { role: 'server-inet6-dgram', host: 'server', protocol: 'udp', port: 7051, optional: true },
  ],
  roles: ['server-unix', 'descriptors', 'client-inet', 'client-inet-dgram', 'client-inet6', 'client-inet6-dgram', 'client-unix'],
  actions: [
    { id: 'say', arguments: [{ type: 'choice', id: 'socket', options: KINDS, value: 'unix' }, { type: 'text', id: 'text', maxLength: 200, value: 'one more line' }] },
    { id: 'second-server', arguments: [{ type: 'choice', id: 'socket', options: ['inet', 'inet6', 'unix'], value: 'unix' }] },
  ],
  steps: [
    { id: 'descriptor', match: { fact: 'role.printed', role: 'descriptors', nth: 4 }, predict: 'inode' },
    { id: 'inet', match: { fact: 'bytes.received', role: 'client-inet' }, predict: 'handshakes', only: INET },
    { id: 'inet-dgram', match: { fact: 'datagram.received', role: 'client-inet-dgram' }, only: INET },
    { id: 'inet6', match: { fact: 'bytes.received', role: 'client-inet6' }, only: INET6 },
    { id: 'inet6-dgram', match: { fact: 'datagram.received', role: 'client-inet6-dgram' }, only: INET6 },
    { id: 'path', match: { fact: 'socket.bound', role: 'server-unix', err: '' }, only: UNIX },
    { id: 'accept', match: { fact: 'connection.accepted', role: 'server-unix' }, predict: 'name', only: UNIX },
    { id: 'unix', match: { fact: 'bytes.received', role: 'client-unix' }, only: UNIX },
    { id: 'missing', match: { fact: 'role.printed', role: 'client-unix', text: 'SOCK_DGRAM' }, only: UNIX },
  ],
  predictions: [
    {
      id: 'inode',
      options: [
        { id: 'inode', when: { exists: { fact: 'role.printed', role: 'descriptors', text: 'socket:[' } } },
        { id: 'file', when: { exists: { fact: 'role.printed', role: 'descriptors', text: 'TCP socket -> /' } } },
        { id: 'unknown', when: { always: true } },
      ],
    },
    {
      id: 'handshakes',
      options: [
        { id: 'three', when: { compare: '>=', left: { count: { segment: 'syn', role: 'client-*' } }, right: 3 } },
        { id: 'two', when: { compare: '=', left: { count: { segment: 'syn', role: 'client-*' } }, right: 2 } },
        { id: 'one', when: { compare: '=', left: { count: { segment: 'syn', role: 'client-*' } }, right: 1 } },
        { id: 'none', when: { always: true } },
      ],
    },
    {
      id: 'name',
      options: [
        { id: 'path', when: { exists: { fact: 'role.printed', role: 'server-unix', text: 'client: /' } } },
        { id: 'port', when: { exists: { fact: 'role.printed', role: 'server-unix', text: 'client: 127.' } } },
        { id: 'nothing', when: { exists: { fact: 'role.printed', role: 'server-unix', text: 'client: no name' } } },
        { id: 'nobody', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'server-inet', command: 'nc {address} {port}' },
    { id: 'nc-udp', endpoint: 'server-inet-dgram', command: 'nc -u {address} {port}' },
    { id: 'nc-6', endpoint: 'server-inet6', command: 'nc -6 {address} {port}' },
    { id: 'nc-unix', endpoint: 'server-inet', command: 'nc -U "${TMPDIR:-/tmp}"/looplab-*/families.sock' },
    {
      id: 'python',
      endpoint: 'server-inet',
      command: `python3 -c "import glob, tempfile; from socket import *; s = socket(AF_UNIX, SOCK_STREAM); s.connect(glob.glob(tempfile.gettempdir() + '/looplab-*/families.sock')[0]); s.sendall(b'hello\\n'); print(s.recv(100), repr(s.getsockname()))"`,
    },
    {
      id: 'datagram',
      endpoint: 'server-inet',
      command: `python3 -c "from socket import *; a, b = socketpair(AF_UNIX, SOCK_DGRAM); a.send(b'one'); a.send(b'two'); print(b.recv(100), b.recv(100))"`,
    },
    { id: 'descriptors', endpoint: 'server-inet', command: `python3 -c "import os, socket; s = socket.socket(); f = open(os.devnull); os.system('ls -l /proc/%d/fd' % os.getpid())"` },
  ],
  stage: ['hosts', 'stack', 'sockets', 'streams'],
  specifications: ['RFC 9293', 'RFC 768', 'RFC 8200', 'RFC 4291', 'POSIX unix(7)'],
};
