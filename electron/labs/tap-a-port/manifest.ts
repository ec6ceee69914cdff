// What the lab of the user's own programs behind a relay says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';

export const manifest: LabManifest = {
  id: 'tap-a-port',
  group: 'own',
  order: 1,
  parameters: [
    { type: 'choice', id: 'protocol', options: ['tcp', 'udp'], value: 'tcp' },
    { type: 'choice', id: 'family', options: ['ipv4', 'ipv6'], value: 'ipv4' },
    { type: 'integer', id: 'target-port', min: 1, max: 65_535, value: 8091 },
    { type: 'integer', id: 'port', min: 1, max: 65_535, value: 8090 },
    { type: 'boolean', id: 'example', value: true },
  ],
  hosts: [
    { id: 'tap', address: '127.0.80.1' },
    { id: 'client', address: '127.0.80.2', late: true },
    { id: 'server', address: '127.0.80.3', late: true },
  ],
  endpoints: [
    { role: 'tap', host: 'tap', protocol: 'tcp', port: 8090, relay: true, optional: true },
    { role: 'tap-udp', host: 'tap', protocol: 'udp', port: 8090, relay: true, optional: true },
    { role: 'server', host: 'server', protocol: 'tcp', port: 8091, optional: true },
    { role: 'server-udp', host: 'server', protocol: 'udp', port: 8091, optional: true },
  ],
  roles: ['client'],
  actions: [],
  steps: [
    { id: 'listen', match: { fact: 'socket.bound', role: 'tap*', err: '' } },
    { id: 'come', match: { fact: 'connection.accepted', role: 'tap' }, only: { protocol: ['tcp'] } },
    { id: 'dial', match: { fact: 'connect.ended', role: 'tap' }, predict: 'connections', only: { protocol: ['tcp'] } },
    { id: 'bytes', match: { fact: 'bytes.received', role: 'tap' }, only: { protocol: ['tcp'] } },
    { id: 'on', match: { fact: 'bytes.sent', role: 'tap' }, predict: 'who', only: { protocol: ['tcp'] } },
    { id: 'datagram', match: { fact: 'datagram.received', role: 'tap-udp' }, only: { protocol: ['udp'] } },
    { id: 'datagram-on', match: { fact: 'datagram.sent', role: 'tap-udp' }, only: { protocol: ['udp'] } },
  ],
  predictions: [
    {
      id: 'connections',
      options: [
        { id: 'two', when: { exists: { fact: 'connect.ended', role: 'tap', err: '' } } },
        { id: 'refused', when: { exists: { fact: 'connect.ended', role: 'tap', err: '*' } } },
        { id: 'one', when: { always: true } },
      ],
    },
    {
      id: 'who',
      options: [
        { id: 'tap', when: { exists: { fact: 'connect.ended', role: 'tap', err: '' } } },
        { id: 'client', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'python', endpoint: '', command: 'python3 -m http.server 8091 --bind 127.0.0.1' },
    { id: 'curl', endpoint: 'tap', command: 'curl -v http://{address}:{port}/' },
    { id: 'nc', endpoint: 'tap', command: 'nc {address} {port}' },
    { id: 'nc-udp', endpoint: 'tap-udp', command: 'nc -u {address} {port}' },
  ],
  stage: ['hosts', 'sockets', 'stack', 'streams'],
  specifications: ['RFC 9293', 'RFC 768'],
};
