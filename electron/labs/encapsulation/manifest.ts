// What the encapsulation lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Condition } from '../../../shared/trace/match';

const TCP = { transport: ['all', 'tcp'] } as const;
const UDP = { transport: ['all', 'udp'] } as const;
/** An answer that no run makes right: what people often think. */
const NEVER: Condition = { not: { always: true } };
const UNIX = { transport: ['all', 'unix'] } as const;

export const manifest: LabManifest = {
  id: 'encapsulation',
  group: 'stack',
  order: 1,
  parameters: [
    { type: 'choice', id: 'transport', options: ['all', 'tcp', 'udp', 'unix'], value: 'all' },
    { type: 'text', id: 'text', maxLength: 200, value: 'hello' },
    { type: 'integer', id: 'size', min: 0, max: 200_000, value: 0, unit: 'B' },
  ],
  hosts: [
    { id: 'sender', address: '127.0.75.1' },
    { id: 'receiver', address: '127.0.75.2' },
  ],
  endpoints: [
    { role: 'receiver-tcp', host: 'receiver', protocol: 'tcp', port: 7060 },
    { role: 'receiver-udp', host: 'receiver', protocol: 'udp', port: 7061 },
  ],
  roles: ['receiver-unix', 'sender-tcp', 'sender-udp', 'sender-unix'],
  actions: [
    {
      id: 'send',
      arguments: [
        { type: 'choice', id: 'transport', options: ['tcp', 'udp', 'unix'], value: 'tcp' },
        { type: 'text', id: 'text', maxLength: 200, value: 'one more' },
        { type: 'integer', id: 'size', min: 0, max: 200_000, value: 0, unit: 'B' },
      ],
    },
  ],
  steps: [
    { id: 'open', match: { segment: 'syn', role: 'sender-tcp*' }, only: TCP },
    { id: 'down-tcp', match: { fact: 'bytes.sent', role: 'sender-tcp*', err: '' }, predict: 'headers', only: TCP },
    { id: 'up-tcp', match: { fact: 'bytes.received', role: 'receiver-tcp' }, only: TCP },
    { id: 'answer', match: { fact: 'bytes.received', role: 'sender-tcp*' }, only: TCP },
    { id: 'down-udp', match: { fact: 'datagram.sent', role: 'sender-udp*' }, predict: 'datagram', only: UDP },
    { id: 'up-udp', match: { fact: 'datagram.received', role: 'receiver-udp' }, only: UDP },
    { id: 'unix', match: { fact: 'bytes.sent', role: 'sender-unix*', err: '' }, predict: 'local', only: UNIX },
  ],
  predictions: [
    {
      id: 'headers',
      options: [
        { id: 'all-three', when: { exists: { segment: 'data', role: 'sender-tcp*' } } },
        { id: 'tcp-only', when: NEVER },
        { id: 'none', when: { always: true } },
      ],
    },
    {
      id: 'datagram',
      options: [
        { id: 'refused', when: { exists: { fact: 'datagram.sent', role: 'sender-udp*', err: 'EMSGSIZE' } } },
        { id: 'whole', when: { compare: '=', left: { bytes: { fact: 'datagram.received', role: 'receiver-udp' } }, right: { bytes: { fact: 'datagram.sent', role: 'sender-udp*', err: '' } } } },
        { id: 'pieces', when: { always: true } },
      ],
    },
    {
      id: 'local',
      options: [
        { id: 'nothing', when: { exists: { fact: 'bytes.sent', role: 'sender-unix*', err: '' } } },
        { id: 'same', when: NEVER },
        { id: 'cannot', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'receiver-tcp', command: `printf hello | nc -N {address} {port}` },
    { id: 'nc-udp', endpoint: 'receiver-udp', command: `printf hello | nc -u -w 1 {address} {port}` },
    {
      id: 'mss',
      endpoint: 'receiver-tcp',
      command: `python3 -c "from socket import *; s = socket(); s.setsockopt(IPPROTO_TCP, TCP_MAXSEG, 500); s.connect(('{address}', {port})); s.sendall(b'x' * 3000); s.shutdown(SHUT_WR); print(s.recv(100)); print(s.getsockopt(IPPROTO_TCP, TCP_MAXSEG), 'bytes of data a segment')"`,
    },
    {
      id: 'too-long',
      endpoint: 'receiver-udp',
      command: `python3 -c "from socket import *; s = socket(AF_INET, SOCK_DGRAM); s.sendto(b'x' * 65507, ('{address}', {port})); print(s.recvfrom(2048)); s.sendto(b'x' * 65508, ('{address}', {port}))"`,
    },
  ],
  stage: ['headers', 'stack', 'hosts', 'sockets'],
  specifications: ['RFC 1122', 'RFC 791', 'RFC 9293', 'RFC 768', 'RFC 1071'],
};
