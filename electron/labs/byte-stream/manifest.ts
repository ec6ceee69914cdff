// What the byte stream lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Matcher, Quantity } from '../../../shared/trace/match';

/** The messages that the first client gave to send(), and those that its reader found. */
const SENT: Quantity = { count: { fact: 'role.noted', role: 'client-1', text: '"message.sent"' } };
const naive: Matcher = { fact: 'role.noted', role: 'server*', text: '"by":"one-recv"' };
const NAIVE: Quantity = { count: naive };
const TCP = ['lf', 'crlf', 'length', 'http-length', 'http-chunked', 'end'];

export const manifest: LabManifest = {
  id: 'byte-stream',
  group: 'sockets',
  order: 4,
  parameters: [
    { type: 'choice', id: 'framing', options: [...TCP, 'datagrams'], value: 'lf' },
    { type: 'choice', id: 'reader', options: ['both', 'naive', 'right'], value: 'both' },
    { type: 'integer', id: 'messages', min: 1, max: 20, value: 4 },
    { type: 'choice', id: 'writing', options: ['each', 'pieces', 'together'], value: 'pieces' },
    { type: 'integer', id: 'piece', min: 1, max: 1000, value: 12, unit: 'B' },
    { type: 'integer', id: 'pause', min: 0, max: 1000, value: 15, unit: 'ms' },
    { type: 'integer', id: 'read-size', min: 1, max: 65_536, value: 24, unit: 'B' },
    { type: 'boolean', id: 'no-delay', value: false },
    { type: 'choice', id: 'line', options: ['loopback', 'slow'], value: 'loopback' },
  ],
  hosts: [
    { id: 'client', address: '127.0.72.1' },
    { id: 'server', address: '127.0.72.2' },
    { id: 'relay', address: '127.0.72.3', late: true },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'tcp', port: 7030 },
    { role: 'server-udp', host: 'server', protocol: 'udp', port: 7031, optional: true },
    { role: 'relay', host: 'relay', protocol: 'tcp', port: 7032, relay: true, optional: true },
  ],
  actions: [
    { id: 'connect', arguments: [] },
    { id: 'send', arguments: [{ type: 'text', id: 'text', maxLength: 1000, value: 'hello\\nwor' }] },
    { id: 'close', arguments: [] },
  ],
  steps: [
    { id: 'message', match: { fact: 'role.noted', role: 'client*', text: '"message.sent"' }, predict: 'count', only: { framing: TCP } },
    { id: 'write', match: { fact: 'bytes.sent', role: 'client*', err: '' }, only: { framing: TCP } },
    { id: 'segment', match: { segment: 'data' }, only: { framing: TCP } },
    { id: 'read', match: { fact: 'bytes.received', role: 'server*' }, only: { framing: TCP } },
    { id: 'naive', match: naive, only: { framing: TCP, reader: ['both', 'naive'] } },
    ...TCP.map((framing) => ({ id: `by-${framing}`, match: { fact: 'role.noted', role: 'server*', text: `"by":"${framing}"` } as const, only: { framing: [framing], reader: ['both', 'right'] } })),
    { id: 'datagram', match: { fact: 'datagram.received', role: 'server*' }, predict: 'boundaries', only: { framing: ['datagrams'] } },
    { id: 'ruler', match: { fact: 'socket.closed', role: 'client*' } },
  ],
  predictions: [
    {
      id: 'count',
      options: [
        { id: 'none', when: { not: { exists: naive } } },
        { id: 'same', when: { compare: '=', left: NAIVE, right: SENT } },
        { id: 'more', when: { compare: '>', left: NAIVE, right: SENT } },
        { id: 'fewer', when: { compare: '<', left: NAIVE, right: SENT } },
      ],
    },
    {
      id: 'boundaries',
      options: [
        { id: 'stream', when: { not: { exists: { fact: 'datagram.received', role: 'server*' } } } },
        { id: 'kept', when: { compare: '=', left: { count: { fact: 'datagram.received', role: 'server*' } }, right: { count: { fact: 'datagram.sent', role: 'client*', err: '' } } } },
        { id: 'lost', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'server', command: `(printf 'first\\nsec'; sleep 1; printf 'ond\\n') | nc -N {address} {port}` },
    {
      id: 'python',
      endpoint: 'server',
      command: `python3 -c "import socket, time; s = socket.create_connection(('{address}', {port})); [(s.sendall(p), time.sleep(0.3)) for p in (b'on', b'e\\ntwo\\nth', b'ree\\n')]; s.shutdown(socket.SHUT_WR); print(s.makefile().read())"`,
    },
  ],
  stage: ['streams', 'hosts', 'sockets', 'states'],
  specifications: ['RFC 9293', 'RFC 9112', 'RFC 768'],
};
