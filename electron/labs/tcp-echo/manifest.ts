// What the echo lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Quantity } from '../../../shared/trace/match';

/** Bytes that all clients sent, and that came back to them. */
const SENT: Quantity = { bytes: { fact: 'bytes.sent', role: 'client*', err: '' } };
const RECEIVED: Quantity = { bytes: { fact: 'bytes.received', role: 'client*' } };

export const manifest: LabManifest = {
  id: 'tcp-echo',
  group: 'sockets',
  order: 3,
  parameters: [
    {
      type: 'choice',
      id: 'client',
      options: ['closes-early', 'half-closes', 'line-by-line', 'two-threads', 'multiplexed', 'by-hand'],
      value: 'closes-early',
    },
    { type: 'integer', id: 'lines', min: 1, max: 1000, value: 3 },
    { type: 'integer', id: 'read-size', min: 1, max: 65_536, value: 16, unit: 'B' },
    { type: 'integer', id: 'delay', min: 0, max: 2000, value: 20, unit: 'ms' },
    { type: 'integer', id: 'clients', min: 1, max: 50, value: 1 },
    { type: 'choice', id: 'server', options: ['runs', 'killed', 'absent'], value: 'runs' },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
  ],
  endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 7007, wellKnown: 7 }],
  actions: [
    { id: 'connect', arguments: [] },
    { id: 'send-line', arguments: [{ type: 'text', id: 'text', maxLength: 1000, value: 'GET READY' }] },
    { id: 'shutdown-wr', arguments: [] },
    { id: 'close', arguments: [] },
    { id: 'kill-server', arguments: [] },
    { id: 'start-server', arguments: [] },
  ],
  steps: [
    { id: 'listen', match: { fact: 'socket.listened', role: 'server*', err: '' } },
    { id: 'connect', match: { fact: 'connect.started', role: 'client*' } },
    { id: 'accept', match: { fact: 'connection.accepted', role: 'server*' } },
    { id: 'send', match: { fact: 'bytes.sent', role: 'client*', err: '' }, predict: 'received' },
    { id: 'read', match: { fact: 'bytes.received', role: 'server*' } },
    { id: 'echo', match: { fact: 'bytes.received', role: 'client*' } },
    { id: 'close', match: { fact: 'socket.closed', role: 'client*' }, predict: 'learns' },
    { id: 'aftermath', match: { fact: 'socket.closed', role: 'server*' } },
    { id: 'fix', match: { fact: 'stream.shutdown', role: 'client*' } },
  ],
  predictions: [
    {
      id: 'received',
      options: [
        { id: 'all', when: { all: [{ exists: { fact: 'bytes.sent', role: 'client*', err: '' } }, { compare: '=', left: RECEIVED, right: SENT }] } },
        { id: 'fewer', when: { all: [{ compare: '>', left: RECEIVED, right: 0 }, { compare: '<', left: RECEIVED, right: SENT }] } },
        { id: 'none', when: { compare: '=', left: RECEIVED, right: 0 } },
      ],
    },
    {
      id: 'learns',
      options: [
        {
          id: 'error',
          when: {
            any: [
              { exists: { fact: 'bytes.sent', role: 'server*', err: '*' } },
              { exists: { fact: 'send.ended', role: 'server*', err: '*' } },
              { exists: { fact: 'call.failed', role: 'server*', text: 'send', err: '*' } },
              { exists: { fact: 'call.failed', role: 'server*', text: 'recv', err: '*' } },
            ],
          },
        },
        { id: 'end-of-stream', when: { exists: { fact: 'stream.ended', role: 'server*' } } },
        { id: 'never', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'server', command: 'nc -N {address} {port}' },
    {
      id: 'python',
      endpoint: 'server',
      command: `python3 -c "import socket; s = socket.create_connection(('{address}', {port})); s.sendall(b'hello\\n' * 8); print(s.recv(1024)); s.close()"`,
    },
  ],
  stage: ['hosts', 'sockets', 'stack', 'streams', 'states'],
  specifications: ['RFC 862', 'RFC 9293'],
};
