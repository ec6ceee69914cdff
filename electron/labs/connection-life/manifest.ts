// What the lab of a connection's life says of itself. Pure data; the code that runs is in lab.ts and scenarios.ts, the words in lesson.<locale>.md.

import type { LabManifest, Parameter } from '../../../shared/lab/manifest';
import type { Matcher } from '../../../shared/trace/match';

export const SCENARIOS = ['orderly', 'refused', 'reset', 'timeout-accept', 'timeout-backlog', 'killed', 'half-open', 'time-wait', 'simultaneous'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Whom a client by hand connects to. */
export const WAYS = ['server', 'silent', 'relay'] as const;
export type Way = (typeof WAYS)[number];

export const SERVER_PORT = 7040;
const SILENT_PORT = 7041;
const RELAY_PORT = 7042;

const SCENARIO: Parameter = { type: 'choice', id: 'scenario', options: SCENARIOS, value: 'orderly' };

const only = (...scenario: readonly Scenario[]): { readonly only: { readonly scenario: readonly Scenario[] } } => ({ only: { scenario } });
const connected = (role: string): Matcher => ({ fact: 'connect.ended', role, err: '' });
const accepted: Matcher = { fact: 'connection.accepted', role: 'server*' };
const printed = (role: string, text: string): Matcher => ({ fact: 'role.printed', role, text });
const fin = (role: string): Matcher => ({ segment: 'fin', role });
const rst = (role: string): Matcher => ({ segment: 'rst', role });
/** Of the first connection alone: others may be made by hand. */
const SYNS: Matcher = { filter: 'tcp.flags.syn == 1 and tcp.stream == 0' };
const rebound: Matcher = { fact: 'socket.listened', role: 'server-3', err: '' };

export const manifest: LabManifest = {
  id: 'connection-life',
  group: 'sockets',
  order: 6,
  parameters: [
    SCENARIO,
    { type: 'integer', id: 'patience', min: 300, max: 200_000, value: 1500, unit: 'ms' },
    { type: 'integer', id: 'backlog', min: 1, max: 32, value: 1 },
    { type: 'integer', id: 'tries', min: 1, max: 500, value: 200 },
  ],
  hosts: [
    { id: 'client', address: '127.0.73.1' },
    { id: 'server', address: '127.0.73.2' },
    { id: 'relay', address: '127.0.73.3' },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'tcp', port: SERVER_PORT },
    { role: 'silent', host: 'server', protocol: 'tcp', port: SILENT_PORT, optional: true },
    { role: 'relay', host: 'relay', protocol: 'tcp', port: RELAY_PORT, relay: true, optional: true },
  ],
  roles: ['client', 'second-try', 'aborts', 'closes', 'leaves', 'patient', 'queued', 'latecomer', 'forgetful', 'witness', 'believer', 'closer'],
  actions: [
    { id: 'connect', arguments: [{ type: 'choice', id: 'to', options: WAYS, value: 'server' }] },
    { id: 'send-line', arguments: [{ type: 'text', id: 'text', maxLength: 1000, value: 'Are you there?' }] },
    { id: 'shutdown-wr', arguments: [] },
    { id: 'close', arguments: [] },
    { id: 'abort', arguments: [] },
    { id: 'kill-server', arguments: [] },
    { id: 'start-server', arguments: [] },
    { id: 'stall', arguments: [{ type: 'boolean', id: 'silent', value: true }] },
  ],
  steps: [
    { id: 'listen', match: { fact: 'socket.listened', role: 'server*', err: '' }, ...only('orderly', 'reset', 'time-wait') },
    { id: 'handshake', match: connected('client*'), predict: 'syns', ...only('orderly') },
    { id: 'accept', match: accepted, ...only('orderly') },
    { id: 'half-close', match: { fact: 'stream.shutdown', role: 'client*', err: '' }, predict: 'time-wait', ...only('orderly') },
    { id: 'close-wait', match: { fact: 'stream.ended', role: 'server*' }, ...only('orderly') },
    { id: 'last-ack', match: printed('server*', 'answered all the same'), ...only('orderly') },
    { id: 'answer', match: printed('client*', 'B received'), ...only('orderly') },
    { id: 'time-wait', match: printed('client*', 'both have said FIN'), ...only('orderly') },
    { id: 'refused', match: { fact: 'connect.ended', err: 'ECONNREFUSED' }, ...only('refused') },
    { id: 'now-listens', match: connected('second-try'), ...only('refused') },
    { id: 'linger', match: rst('aborts'), predict: 'resets', ...only('reset') },
    { id: 'econnreset', match: { fact: 'call.failed', role: 'server*', text: 'recv', err: 'ECONNRESET' }, ...only('reset') },
    { id: 'deaf', match: rst('closes'), ...only('reset') },
    { id: 'epipe', match: { fact: 'bytes.sent', role: 'server*', err: 'EPIPE' }, ...only('reset') },
    { id: 'unread', match: rst('leaves'), ...only('reset') },
    { id: 'connects', match: connected('patient'), predict: 'accept', ...only('timeout-accept') },
    { id: 'unheard', match: { fact: 'bytes.sent', role: 'patient', err: '' }, ...only('timeout-accept') },
    { id: 'patience', match: printed('patient', 'gave up'), ...only('timeout-accept') },
    { id: 'fills', match: connected('queued-2'), ...only('timeout-backlog') },
    { id: 'dropped', match: { fact: 'connect.started', role: 'latecomer' }, predict: 'backlog', ...only('timeout-backlog') },
    { id: 'gives-up', match: printed('latecomer', 'gave up'), ...only('timeout-backlog') },
    { id: 'exit', match: { fact: 'role.ended', role: 'forgetful', text: 'done' }, ...only('killed') },
    { id: 'kill', match: { fact: 'role.ended', role: 'server*', text: 'killed' }, predict: 'killed', ...only('killed', 'half-open') },
    { id: 'kill-fin', match: { fact: 'stream.ended', role: 'witness-1' }, ...only('killed') },
    { id: 'kill-rst', match: { fact: 'call.failed', role: 'witness-2', err: 'ECONNRESET' }, ...only('killed') },
    { id: 'believes', match: { fact: 'bytes.sent', role: 'believer', nth: 2 }, predict: 'half-open', ...only('half-open') },
    { id: 'doubts', match: printed('believer', 'gave up'), ...only('half-open') },
    { id: 'stalled', match: { fact: 'fault.applied', text: 'stall' }, ...only('half-open') },
    { id: 'server-first', match: printed('client*', 'the server has closed first'), ...only('time-wait') },
    { id: 'in-use', match: { fact: 'socket.bound', role: 'server-2', err: 'EADDRINUSE' }, ...only('time-wait') },
    { id: 'rebind', match: rebound, predict: 'rebind', ...only('time-wait') },
    { id: 'at-once', match: printed('closer', 'closing at once'), ...only('simultaneous') },
    { id: 'closing', match: printed('closer', 'simultaneous close'), ...only('simultaneous') },
  ],
  predictions: [
    {
      id: 'syns',
      options: [
        { id: 'one', when: { compare: '=', left: { count: SYNS }, right: 1 } },
        { id: 'two', when: { compare: '=', left: { count: SYNS }, right: 2 } },
        { id: 'three', when: { compare: '=', left: { count: SYNS }, right: 3 } },
      ],
    },
    {
      id: 'time-wait',
      options: [
        { id: 'client', when: { before: [fin('client*'), fin('server*')] } },
        { id: 'server', when: { before: [fin('server*'), fin('client*')] } },
        { id: 'neither', when: { always: true } },
      ],
    },
    {
      id: 'resets',
      options: [
        { id: 'all', when: { all: [{ exists: rst('aborts') }, { exists: rst('closes') }, { exists: rst('leaves') }] } },
        { id: 'some', when: { exists: { segment: 'rst' } } },
        { id: 'none', when: { always: true } },
      ],
    },
    {
      id: 'accept',
      options: [
        { id: 'succeeds', when: { exists: connected('patient') } },
        { id: 'refused', when: { exists: { fact: 'connect.ended', role: 'patient', err: 'ECONNREFUSED' } } },
        { id: 'waits', when: { always: true } },
      ],
    },
    {
      id: 'backlog',
      options: [
        { id: 'succeeds', when: { exists: connected('latecomer') } },
        { id: 'refused', when: { exists: { fact: 'connect.ended', role: 'latecomer', err: '*' } } },
        { id: 'waits', when: { always: true } },
      ],
    },
    {
      id: 'killed',
      options: [
        { id: 'differs', when: { all: [{ exists: { fact: 'stream.ended', role: 'witness-1' } }, { exists: { fact: 'call.failed', role: 'witness-2', err: 'ECONNRESET' } }] } },
        { id: 'fin', when: { exists: { fact: 'stream.ended', role: 'witness*' } } },
        { id: 'rst', when: { exists: { fact: 'call.failed', role: 'witness*', err: 'ECONNRESET' } } },
        { id: 'nothing', when: { always: true } },
      ],
    },
    {
      id: 'half-open',
      options: [
        { id: 'succeeds', when: { exists: { fact: 'bytes.sent', role: 'believer', err: '', nth: 2 } } },
        { id: 'fails', when: { exists: { fact: 'bytes.sent', role: 'believer', err: '*' } } },
        { id: 'waits', when: { always: true } },
      ],
    },
    {
      id: 'rebind',
      options: [
        { id: 'succeeds', when: { exists: rebound } },
        { id: 'in-use', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'server', command: 'nc -N {address} {port}' },
    {
      id: 'reset', endpoint: 'server',
      command: `python3 -c "import socket, struct; s = socket.create_connection(('{address}', {port})); s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()"`,
    },
    {
      id: 'rebind', endpoint: 'server',
      command: `python3 -c "import socket; s = socket.socket(); s.bind(('{address}', {port}))"`,
    },
    {
      id: 'patience', endpoint: 'silent',
      command: `python3 -c "import socket; s = socket.create_connection(('{address}', {port}), timeout=2); print('connected'); s.sendall(b'hello'); s.recv(100)"`,
    },
    { id: 'refused', endpoint: 'server', command: 'nc -v -w 3 {address} 7049' },
    { id: 'relay', endpoint: 'relay', command: 'nc {address} {port}' },
  ],
  stage: ['states', 'hosts', 'sockets', 'stack', 'streams'],
  specifications: ['RFC 9293', 'RFC 1122', 'RFC 2525', 'RFC 6298', 'RFC 6191'],
};
