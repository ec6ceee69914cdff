// What the daytime lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';

export const manifest: LabManifest = {
  id: 'daytime',
  group: 'sockets',
  order: 1,
  parameters: [
    { type: 'integer', id: 'clients', min: 1, max: 50, value: 1 },
    { type: 'choice', id: 'server', options: ['one', 'two', 'none'], value: 'one' },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
  ],
  endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 7013, wellKnown: 13 }],
  actions: [
    { id: 'ask-again', arguments: [] },
    { id: 'kill-server', arguments: [] },
    { id: 'start-server', arguments: [] },
  ],
  steps: [
    { id: 'bind', match: { fact: 'socket.bound', role: 'server*', err: '' } },
    { id: 'listen', match: { fact: 'socket.listened', role: 'server*', err: '' } },
    { id: 'connect', match: { fact: 'connect.started', role: 'client*' }, predict: 'connects' },
    { id: 'accept', match: { fact: 'connection.accepted', role: 'server*' } },
    { id: 'answer', match: { fact: 'bytes.sent', role: 'server*', err: '' }, predict: 'closes-first' },
    { id: 'close', match: { segment: 'fin', role: 'server*' } },
    { id: 'recv', match: { fact: 'bytes.received', role: 'client*' } },
    { id: 'taken', match: { fact: 'role.ended', role: 'server-2', err: 'EADDRINUSE' } },
  ],
  predictions: [
    {
      id: 'connects',
      options: [
        { id: 'refused', when: { exists: { fact: 'connect.ended', role: 'client*', err: 'ECONNREFUSED' } } },
        { id: 'connected', when: { exists: { fact: 'connect.ended', role: 'client*', err: '' } } },
        { id: 'waits', when: { always: true } },
      ],
    },
    {
      id: 'closes-first',
      options: [
        { id: 'nobody', when: { not: { exists: { fact: 'connection.accepted', role: 'server*' } } } },
        { id: 'server', when: { before: [{ segment: 'fin', role: 'server*' }, { fact: 'socket.closed', role: 'client*' }] } },
        { id: 'client', when: { exists: { fact: 'socket.closed', role: 'client*' } } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'server', command: 'nc {address} {port}' },
    {
      id: 'python',
      endpoint: 'server',
      command: `python3 -c "import socket; s = socket.create_connection(('{address}', {port})); print(s.recv(1024).decode()); s.close()"`,
    },
  ],
  stage: ['hosts', 'sockets', 'stack', 'states'],
  specifications: ['RFC 867', 'RFC 9293'],
};
