// What the template says of itself: pure data, which Home shows without loading the code of lab.ts. The words are in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';

export const manifest: LabManifest = {
  id: 'template',
  group: 'template',
  order: 1,
  // What the user may change before a run.
  parameters: [{ type: 'text', id: 'greeting', maxLength: 100, value: 'hello' }],
  // On Linux and Windows each host has an address of its own in 127.0.0.0/8.
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
  ],
  endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 7999 }],
  // What the user may do while the servers listen; the code is under `actions` below.
  actions: [{ id: 'again', arguments: [] }],
  // Each step is done when its matcher finds a fact in the trace. Kinds of facts: shared/trace/event.ts. Packets are found by what a display
  // filter says of them, { filter: 'tcp.flags.syn == 1', role: 'client*' }, and by more: shared/trace/match.ts.
  steps: [
    { id: 'listen', match: { fact: 'socket.listened', role: 'server' } },
    { id: 'greet', match: { fact: 'bytes.received', role: 'client*' }, predict: 'bytes' },
  ],
  // The first option whose condition holds is right, whatever the parameters: let the trace judge.
  predictions: [
    {
      id: 'bytes',
      options: [
        { id: 'all', when: { compare: '=', left: { bytes: { fact: 'bytes.received', role: 'client*' } }, right: { bytes: { fact: 'bytes.sent', role: 'server' } } } },
        { id: 'fewer', when: { always: true } },
      ],
    },
  ],
  tryIt: [{ id: 'nc', endpoint: 'server', command: 'nc {address} {port}' }],
  stage: ['hosts', 'stack'],
  specifications: ['RFC 9293'],
};
