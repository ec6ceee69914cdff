// What the UDP lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';

export const manifest: LabManifest = {
  id: 'udp-uppercase',
  group: 'sockets',
  order: 2,
  parameters: [
    { type: 'text', id: 'text', maxLength: 1000, value: 'input lowercase sentence' },
    { type: 'integer', id: 'datagrams', min: 1, max: 20, value: 3 },
    { type: 'integer', id: 'clients', min: 1, max: 50, value: 1 },
    { type: 'integer', id: 'recv-size', min: 1, max: 65_536, value: 2048, unit: 'B' },
    { type: 'choice', id: 'socket', options: ['unconnected', 'connected'], value: 'unconnected' },
    { type: 'choice', id: 'server', options: ['runs', 'absent'], value: 'runs' },
    { type: 'boolean', id: 'oversize', value: false },
    { type: 'boolean', id: 'relay', value: false },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
    { id: 'relay', address: '127.0.30.1', late: true },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'udp', port: 12_000 },
    { role: 'relay', host: 'relay', protocol: 'udp', port: 12_001, relay: true, optional: true },
  ],
  actions: [
    { id: 'send', arguments: [{ type: 'text', id: 'text', maxLength: 1000, value: 'one more datagram' }] },
    { id: 'kill-server', arguments: [] },
    { id: 'start-server', arguments: [] },
  ],
  steps: [
    { id: 'bind', match: { fact: 'socket.bound', role: 'server*', err: '' } },
    { id: 'send', match: { fact: 'datagram.sent', role: 'client*' }, predict: 'answer' },
    { id: 'source', match: { fact: 'datagram.received', role: 'server*' }, predict: 'boundaries' },
    { id: 'reply', match: { fact: 'datagram.sent', role: 'server*' } },
    { id: 'receive', match: { fact: 'datagram.received', role: 'client*' } },
    { id: 'close', match: { fact: 'socket.closed', role: 'client*' } },
  ],
  predictions: [
    {
      id: 'answer',
      options: [
        { id: 'too-big', when: { exists: { fact: 'datagram.sent', role: 'client*', err: 'EMSGSIZE' } } },
        {
          id: 'refused',
          when: {
            any: [
              { exists: { fact: 'datagram.sent', role: 'client*', err: 'ECONNREFUSED' } },
              { exists: { fact: 'call.failed', role: 'client*', err: 'ECONNREFUSED' } },
            ],
          },
        },
        { id: 'answered', when: { exists: { fact: 'datagram.received', role: 'client*' } } },
        { id: 'silence', when: { always: true } },
      ],
    },
    {
      id: 'boundaries',
      options: [
        { id: 'none', when: { not: { exists: { fact: 'datagram.received', role: 'server*' } } } },
        {
          id: 'each',
          when: {
            compare: '=',
            left: { count: { fact: 'datagram.received', role: 'server*' } },
            right: { count: { fact: 'datagram.sent', role: 'client*', err: '' } },
          },
        },
        { id: 'merged', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'server', command: 'nc -u {address} {port}' },
    {
      id: 'python',
      endpoint: 'server',
      command: `python3 -c "from socket import *; s = socket(AF_INET, SOCK_DGRAM); s.sendto(b'hello', ('{address}', {port})); print(s.recvfrom(2048))"`,
    },
  ],
  stage: ['hosts', 'sockets', 'stack'],
  specifications: ['RFC 768', 'RFC 1122'],
};
