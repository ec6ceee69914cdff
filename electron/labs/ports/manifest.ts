// What the lab of ports says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Condition } from '../../../shared/trace/match';

/** An answer that no run makes right: what people often think. */
const NEVER: Condition = { not: { always: true } };

export const manifest: LabManifest = {
  id: 'ports',
  group: 'stack',
  order: 3,
  parameters: [
    { type: 'integer', id: 'connections', min: 1, max: 200, value: 3, windowMax: 20 },
    { type: 'choice', id: 'framing', options: ['lf', 'crlf', 'length-1', 'length-2', 'length-4', 'fixed'], value: 'lf' },
    { type: 'integer', id: 'frame-size', min: 4, max: 256, value: 32, unit: 'B' },
    { type: 'text', id: 'commands', maxLength: 2000, lines: 8, value: 'HELLO = hello {argument}\nTIME = {time}\nCOUNT = message {count} of yours' },
    { type: 'text', id: 'messages', maxLength: 1000, lines: 5, value: 'HELLO world\nCOUNT\nDANCE' },
    { type: 'integer', id: 'port', min: 1, max: 65_535, value: 7077 },
  ],
  hosts: [
    { id: 'client-a', address: '127.0.76.1' },
    { id: 'client-b', address: '127.0.76.2' },
    { id: 'server', address: '127.0.76.3' },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'tcp', port: 7070 },
    { role: 'server-other', host: 'server', protocol: 'tcp', port: 7071 },
    { role: 'server-udp', host: 'server', protocol: 'udp', port: 7070 },
    { role: 'private', host: 'server', protocol: 'tcp', port: 7077 },
  ],
  roles: ['client', 'client-same', 'client-other', 'client-udp', 'client-private', 'server-again'],
  actions: [
    { id: 'say', arguments: [{ type: 'text', id: 'text', maxLength: 300, value: 'HELLO again' }] },
    { id: 'say-raw', arguments: [{ type: 'text', id: 'bytes', maxLength: 300, value: String.raw`\x00\xff no frame` }] },
    { id: 'visit', arguments: [{ type: 'integer', id: 'port', min: 0, max: 65_535, value: 0 }] },
  ],
  steps: [
    { id: 'range', match: { fact: 'role.noted', role: 'client-1', text: 'ports.range' } },
    { id: 'listen', match: { fact: 'socket.listened', role: 'server' } },
    { id: 'ephemeral', match: { fact: 'connect.ended', role: 'client-1', err: '' }, predict: 'doors' },
    { id: 'same', match: { fact: 'connect.ended', role: 'client-same' }, predict: 'same-port' },
    { id: 'demultiplex', match: { fact: 'bytes.received', role: 'server', nth: 2 } },
    { id: 'other', match: { fact: 'bytes.received', role: 'server-other' } },
    { id: 'udp', match: { fact: 'datagram.received', role: 'server-udp', nth: 2 }, predict: 'datagrams' },
    { id: 'taken', match: { fact: 'socket.bound', role: 'server-again', err: '*' } },
    { id: 'private', match: { fact: 'bytes.received', role: 'private' } },
    { id: 'unknown', match: { fact: 'role.printed', role: 'client-private*', text: 'ERR' } },
  ],
  predictions: [
    {
      id: 'doors',
      options: [
        { id: 'more', when: { exists: { fact: 'connection.accepted', role: 'server' } } },
        { id: 'one', when: NEVER },
        { id: 'ports', when: NEVER },
        { id: 'none', when: { always: true } },
      ],
    },
    {
      id: 'same-port',
      options: [
        { id: 'both', when: { exists: { fact: 'connect.ended', role: 'client-same', err: '' } } },
        { id: 'refused', when: { exists: { fact: 'connect.ended', role: 'client-same', err: '*' } } },
        { id: 'taken', when: { always: true } },
      ],
    },
    {
      id: 'datagrams',
      options: [
        { id: 'one', when: { compare: '=', left: { count: { fact: 'socket.opened', role: 'server-udp' } }, right: 1 } },
        { id: 'each', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'server', command: 'nc {address} {port}' },
    { id: 'source', endpoint: 'server', command: 'nc -p 50505 {address} {port}' },
    { id: 'private', endpoint: 'private', command: 'nc {address} {port}' },
    {
      id: 'python',
      endpoint: 'private',
      command: `python3 -c "from socket import *; s = create_connection(('{address}', {port})); s.sendall(b'HELLO python\\n'); print(s.recv(1000)); print(s.getsockname(), '->', s.getpeername())"`,
    },
    { id: 'table', endpoint: 'server', command: 'ss -tuan "sport = :{port} or dport = :{port}"' },
  ],
  stage: ['ports', 'hosts', 'sockets', 'stack', 'streams'],
  specifications: ['RFC 6335', 'RFC 9293', 'RFC 768', 'RFC 6056'],
};
