// What the lab that watches the user's own programs says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';

export const manifest: LabManifest = {
  id: 'watch',
  group: 'own',
  order: 2,
  parameters: [
    { type: 'text', id: 'ports', maxLength: 200, value: '8080, 8000, 3000' },
    { type: 'integer', id: 'seconds', min: 0, max: 86_400, value: 0, unit: 's' },
  ],
  hosts: [],
  endpoints: [],
  roles: [],
  actions: [],
  steps: [
    { id: 'syn', match: { segment: 'syn' }, predict: 'acks' },
    { id: 'answer', match: { segment: 'syn-ack' } },
    { id: 'bytes', match: { segment: 'data' }, predict: 'ends' },
    { id: 'ack', match: { segment: 'ack', nth: 2 } },
    { id: 'end', match: { segment: 'fin' } },
  ],
  predictions: [
    {
      id: 'acks',
      options: [
        { id: 'more', when: { exists: { segment: 'ack', nth: 2 } } },
        { id: 'one', when: { exists: { segment: 'ack' } } },
        { id: 'none', when: { always: true } },
      ],
    },
    {
      id: 'ends',
      options: [
        { id: 'both', when: { exists: { segment: 'fin', nth: 2 } } },
        { id: 'reset', when: { exists: { segment: 'rst' } } },
        { id: 'one', when: { exists: { segment: 'fin' } } },
        { id: 'none', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'server', endpoint: '', command: 'python3 -m http.server 8080 --bind 127.0.0.1' },
    { id: 'client', endpoint: '', command: 'curl -v http://127.0.0.1:8080/' },
  ],
  stage: ['hosts', 'states', 'stack', 'streams', 'headers'],
  specifications: ['RFC 9293', 'RFC 768'],
};
