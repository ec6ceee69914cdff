// What the lab of server models says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Condition, Matcher, Quantity } from '../../../shared/trace/match';
import type { ServerModel } from '../../../shared/trace/notes';

export const MODELS = ['iterative', 'threads', 'processes', 'multiplexed'] as const satisfies readonly ServerModel[];
const ALL = 'all';
/** Clients in class; more are for the command line, and connect in turns. */
export const IN_CLASS = 200;

const noted = (text: string, role?: string): Matcher => ({ fact: 'role.noted', text, ...(role !== undefined && { role }) });
const begins = (model: ServerModel): Matcher => noted(`"topic":"model.begin","model":"${model}"`, 'starter');
const ends = (model: ServerModel): Matcher => noted(`"topic":"model.end","model":"${model}"`, 'starter');
const took = (model: ServerModel): Quantity => ({ number: 'ms', of: ends(model) });
const ended = (how: string): Matcher => noted(`"how":"${how}"`, 'client*');
const both = (one: ServerModel, other: ServerModel): Condition => ({ all: [{ exists: ends(one) }, { exists: ends(other) }] });

export const manifest: LabManifest = {
  id: 'server-models',
  group: 'sockets',
  order: 5,
  parameters: [
    { type: 'choice', id: 'model', options: [ALL, ...MODELS], value: ALL },
    { type: 'integer', id: 'clients', min: 1, max: 10_000, windowMax: IN_CLASS, value: 6 },
    { type: 'integer', id: 'requests', min: 1, max: 100_000, windowMax: 100, value: 2 },
    { type: 'integer', id: 'think', min: 0, max: 60_000, value: 400, unit: 'ms' },
    { type: 'integer', id: 'work', min: 0, max: 10_000, value: 50, unit: 'ms' },
    { type: 'boolean', id: 'busy', value: false },
    { type: 'integer', id: 'backlog', min: 1, max: 4096, value: 511 },
    { type: 'integer', id: 'patience', min: 0, max: 120_000, value: 0, unit: 'ms' },
    { type: 'boolean', id: 'keep', value: true },
  ],
  hosts: [
    { id: 'client', address: '127.0.71.1' },
    { id: 'server', address: '127.0.70.1' },
  ],
  endpoints: MODELS.map((role, at) => ({ role, host: 'server', protocol: 'tcp' as const, port: 7020 + at, wellKnown: 7, optional: true })),
  roles: ['starter', ...MODELS.map((model) => `client-${model}`)],
  actions: [
    { id: 'more-clients', arguments: [{ type: 'choice', id: 'model', options: MODELS, value: 'iterative' }, { type: 'integer', id: 'clients', min: 1, max: IN_CLASS, value: 6 }] },
    { id: 'kill-server', arguments: [{ type: 'choice', id: 'model', options: MODELS, value: 'iterative' }] },
    { id: 'start-server', arguments: [{ type: 'choice', id: 'model', options: MODELS, value: 'iterative' }] },
  ],
  steps: [
    { id: 'listen', match: { fact: 'socket.listened', err: '' } },
    { id: 'iterative', match: begins('iterative'), predict: 'last', only: { model: [ALL, 'iterative'] } },
    { id: 'connected', match: { fact: 'connect.ended', role: 'client-iterative*', err: '', nth: 2 }, only: { model: [ALL, 'iterative'] } },
    { id: 'queue', match: { fact: 'recv.started', role: 'client-iterative*', nth: 2 }, only: { model: [ALL, 'iterative'] } },
    { id: 'next', match: { fact: 'connection.accepted', role: 'iterative', nth: 2 }, only: { model: [ALL, 'iterative'] } },
    // No value of a parameter tells whether somebody will lose patience: told when it has happened.
    { id: 'gave-up', match: ended('timeout'), only: { patience: [] } },
    { id: 'threads', match: begins('threads'), only: { model: [ALL, 'threads'] } },
    { id: 'side-by-side', match: { fact: 'connection.accepted', role: 'threads', nth: 2 }, only: { model: [ALL, 'threads'] } },
    { id: 'processes', match: begins('processes'), only: { model: [ALL, 'processes'] } },
    { id: 'multiplexed', match: begins('multiplexed'), only: { model: [ALL, 'multiplexed'] } },
    { id: 'select', match: { fact: 'select.returned', role: 'multiplexed' }, only: { model: [ALL, 'multiplexed'] } },
    { id: 'reckoning', match: { fact: 'role.printed', role: 'starter', text: 'all done' }, predict: 'fastest' },
  ],
  predictions: [
    {
      id: 'last',
      options: [
        { id: 'refused', when: { exists: ended('refused') } },
        { id: 'gives-up', when: { exists: ended('timeout') } },
        { id: 'waits', when: { exists: { fact: 'connect.ended', role: 'client-iterative*', err: '', nth: 2 } } },
        { id: 'alike', when: { always: true } },
      ],
    },
    {
      id: 'fastest',
      options: [
        { id: 'only-one', when: { not: both('iterative', 'multiplexed') } },
        { id: 'iterative', when: { all: [both('iterative', 'multiplexed'), { compare: '<', left: took('iterative'), right: took('multiplexed') }] } },
        { id: 'others', when: { compare: '<', left: { times: 1.2, what: took('multiplexed') }, right: took('iterative') } },
        { id: 'alike', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'iterative', command: 'nc {address} {port}' },
    { id: 'python', endpoint: 'iterative', command: `python3 -c "import socket; s = socket.create_connection(('{address}', {port})); print('connected'); s.sendall(b'me too\\n'); print(s.recv(1024))"` },
    { id: 'crowd', endpoint: 'threads', command: 'for i in 1 2 3 4 5; do (echo "client $i" | nc -N {address} {port}) & done; wait' },
    { id: 'queue', endpoint: 'iterative', command: "ss -ltn 'sport = :{port}'" },
  ],
  stage: ['models', 'hosts', 'sockets', 'states', 'streams', 'stack'],
  pacing: { axis: 'true', slowness: 2 },
  specifications: ['RFC 862', 'RFC 9293'],
};
