// What the echo lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Quantity } from '../../../shared/trace/match';

/** Bytes that all clients sent, and that came back to them. */
const SENT: Quantity = { bytes: { fact: 'bytes.sent', role: 'client*', err: '' } };
const RECEIVED: Quantity = { bytes: { fact: 'bytes.received', role: 'client*' } };

/** The course's programs, in its order, by the kind of client that each is; each has a step with its source. */
export const FILES = {
  'closes-early': 'client_wrong.py',
  'half-closes': 'client_shutdown.py',
  'line-by-line': 'client_makefile.py',
  'flush-trap': 'client_makefile.py without flush()',
  'two-threads': 'client_thread.py',
  multiplexed: 'client_select.py',
  class: 'client_class.py',
} as const;
export type ClientKind = keyof typeof FILES;
const PROGRAMS = Object.keys(FILES) as readonly ClientKind[];
/** The clients that send something. */
const SENDING = [...PROGRAMS.filter((program) => program !== 'flush-trap'), 'by-hand'];

export const manifest: LabManifest = {
  id: 'tcp-echo',
  group: 'sockets',
  order: 3,
  parameters: [
    {
      type: 'choice',
      id: 'client',
      options: [...PROGRAMS, 'by-hand'],
      value: 'closes-early',
    },
    { type: 'integer', id: 'lines', min: 1, max: 1000, value: 3 },
    { type: 'integer', id: 'read-size', min: 1, max: 65_536, value: 16, unit: 'B' },
    { type: 'integer', id: 'delay', min: 0, max: 2000, value: 20, unit: 'ms' },
    { type: 'integer', id: 'clients', min: 1, max: 10_000, windowMax: 50, value: 1 },
    { type: 'integer', id: 'timeout', min: 0, max: 10_000, value: 10, unit: 'ms' },
    { type: 'choice', id: 'server', options: ['runs', 'killed', 'absent'], value: 'runs' },
    { type: 'boolean', id: 'relay', value: false },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
    { id: 'relay', address: '127.0.30.1', late: true },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'tcp', port: 7007, wellKnown: 7 },
    { role: 'relay', host: 'relay', protocol: 'tcp', port: 7008, relay: true, optional: true },
  ],
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
    ...PROGRAMS.map((client) => ({ id: `code-${client}`, match: { fact: 'role.noted', role: 'client*', text: `"name":"${FILES[client]}"` } as const, only: { client: [client] } })),
    { id: 'connect', match: { fact: 'connect.started', role: 'client*' } },
    { id: 'accept', match: { fact: 'connection.accepted', role: 'server*' } },
    { id: 'send', match: { fact: 'bytes.sent', role: 'client*', err: '' }, predict: 'received', only: { client: SENDING } },
    { id: 'trap', match: { fact: 'role.printed', role: 'client*', text: 'into my own buffer' }, predict: 'received', only: { client: ['flush-trap'] } },
    { id: 'deadlock', match: { fact: 'role.printed', role: 'client*', text: 'gave up' }, only: { client: ['flush-trap'] } },
    { id: 'select', match: { fact: 'select.returned', role: 'client*' }, only: { client: ['multiplexed'] } },
    { id: 'woken', match: { fact: 'select.returned', role: 'client*', text: '"read":[],"write":[]' }, only: { client: ['multiplexed'] } },
    { id: 'read', match: { fact: 'bytes.received', role: 'server*' }, only: { client: SENDING } },
    { id: 'echo', match: { fact: 'bytes.received', role: 'client*' }, only: { client: SENDING } },
    { id: 'close', match: { fact: 'socket.closed', role: 'client*' }, predict: 'learns' },
    { id: 'aftermath', match: { fact: 'socket.closed', role: 'server*' } },
    { id: 'fix', match: { fact: 'stream.shutdown', role: 'client*' }, only: { client: SENDING } },
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
