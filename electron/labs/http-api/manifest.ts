// What the HTTP API lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';

/** Canned answers (electron/roles/http/cannedAnswers.ts). */
const ANSWERS = ['normal', 'json', 'not-found', 'error', 'moved', 'slow', 'long', 'short', 'no-length', 'chunked'];

export const manifest: LabManifest = {
  id: 'http-api',
  group: 'web',
  order: 3,
  parameters: [
    { type: 'choice', id: 'requests', options: ['user', 'elsewhere', 'form', 'json', 'methods', 'refused', 'broken'], value: 'user' },
    { type: 'text', id: 'name', maxLength: 100, value: '홍길동' },
    { type: 'integer', id: 'clients', min: 1, max: 50, value: 1 },
    { type: 'choice', id: 'answer', options: ANSWERS, value: 'normal' },
    { type: 'choice', id: 'server', options: ['runs', 'absent'], value: 'runs' },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
  ],
  endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 8000, wellKnown: 80 }],
  actions: [
    {
      id: 'request',
      arguments: [
        { type: 'text', id: 'method', maxLength: 40, value: 'GET' },
        { type: 'text', id: 'target', maxLength: 2000, value: '/api/user' },
        { type: 'text', id: 'headers', maxLength: 8000, value: 'Accept: application/json', lines: 4 },
        { type: 'text', id: 'body', maxLength: 20_000, value: '', lines: 4 },
      ],
    },
    { id: 'send-raw', arguments: [{ type: 'text', id: 'bytes', maxLength: 20_000, value: 'GET /api/user HTTP/1.1\nHost: localhost:8000\nConnection: close\n\n', lines: 8 }] },
    {
      id: 'respond',
      arguments: [
        { type: 'text', id: 'path', maxLength: 200, value: '/api/user' },
        { type: 'choice', id: 'answer', options: [...ANSWERS, 'own'], value: 'error' },
        { type: 'integer', id: 'status', min: 200, max: 599, value: 200 },
        { type: 'text', id: 'headers', maxLength: 4000, value: 'Content-Type: text/plain; charset=utf-8', lines: 4 },
        { type: 'text', id: 'body', maxLength: 20_000, value: 'An answer of your own.', lines: 4 },
      ],
    },
    { id: 'kill-server', arguments: [] },
    { id: 'start-server', arguments: [] },
  ],
  steps: [
    { id: 'listen', match: { fact: 'socket.listened', role: 'server*', err: '' } },
    { id: 'connect', match: { fact: 'connect.started', role: 'client*' }, predict: 'answered' },
    { id: 'request', match: { app: 'http.request', role: 'client*' } },
    { id: 'answer', match: { app: 'http.response', role: 'server*', has: '200' } },
    { id: 'print', match: { fact: 'role.printed', role: 'client*', text: '{' } },
    { id: 'elsewhere', match: { app: 'http.response', role: 'server*', has: '404' } },
    { id: 'post', match: { app: 'http.request', role: 'client*', has: 'POST' } },
    { id: 'created', match: { app: 'http.response', role: 'server*', has: '201' } },
    { id: 'method', match: { app: 'http.response', role: 'server*', has: '405' } },
    { id: 'type', match: { app: 'http.response', role: 'server*', has: '415' } },
    { id: 'broken', match: { app: 'http.response', role: 'server*', has: '400' }, predict: 'others' },
    { id: 'off', match: { fact: 'connect.ended', role: 'client*', err: 'ECONNREFUSED' } },
  ],
  predictions: [
    {
      id: 'answered',
      options: [
        { id: 'refused', when: { exists: { fact: 'connect.ended', role: 'client*', err: 'ECONNREFUSED' } } },
        { id: 'errors', when: { exists: { app: 'http.response', role: 'server*', trouble: true } } },
        { id: 'fine', when: { exists: { app: 'http.response', role: 'server*' } } },
        { id: 'nothing', when: { always: true } },
      ],
    },
    {
      id: 'others',
      options: [
        { id: 'nobody', when: { not: { exists: { app: 'http.response', role: 'server*', has: '400' } } } },
        { id: 'harmed', when: { exists: { fact: 'role.ended', role: 'client*', err: '*' } } },
        { id: 'served', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'curl', endpoint: 'server', command: 'curl -i http://{address}:{port}/api/user' },
    { id: 'form', endpoint: 'server', command: 'curl -i --data-urlencode name=홍길동 -d nickname=hong http://{address}:{port}/api/users' },
    { id: 'json', endpoint: 'server', command: `curl -i -H 'Content-Type: application/json' -d '{"name":"홍길동"}' http://{address}:{port}/api/users` },
    { id: 'python', endpoint: 'server', command: `python3 -c "import json, urllib.request as u; r = u.urlopen('http://{address}:{port}/api/user'); print(r.status); print(json.load(r))"` },
    { id: 'nc', endpoint: 'server', command: `printf 'GET /api/user HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' | nc {address} {port}` },
  ],
  stage: ['exchange', 'hosts', 'stack'],
  specifications: ['RFC 9110', 'RFC 9112', 'RFC 8259', 'RFC 7578'],
};
