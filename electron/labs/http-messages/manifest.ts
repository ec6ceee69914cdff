// What the HTTP messages lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Matcher } from '../../../shared/trace/match';

const asks = (has: string): Matcher => ({ app: 'http.request', role: 'client*', has });
const answers = (has: string): Matcher => ({ app: 'http.response', role: 'server*', has });

/** In the order of the lesson. */
const SHOWS = ['redirect', 'length', 'chunked', 'until-close', 'no-body', 'pipelined', 'expect', 'ranges', 'compression'];

export const manifest: LabManifest = {
  id: 'http-messages',
  group: 'web',
  order: 4,
  parameters: [
    { type: 'choice', id: 'shows', options: SHOWS, value: 'redirect' },
    { type: 'choice', id: 'version', options: ['http1', 'http2'], value: 'http1' },
    { type: 'boolean', id: 'follow', value: true },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'tcp', port: 8080, wellKnown: 80 },
    { role: 'server-h2', host: 'server', protocol: 'tcp', port: 8090, wellKnown: 80 },
  ],
  actions: [
    { id: 'show', arguments: [{ type: 'choice', id: 'shows', options: SHOWS, value: 'chunked' }, { type: 'choice', id: 'version', options: ['http1', 'http2'], value: 'http2' }] },
  ],
  steps: [
    { id: 'tcp', match: { fact: 'connect.started', role: 'client*' }, predict: 'connections' },
    { id: 'preface', match: { app: 'http2.frame', role: 'client*', has: 'SETTINGS' } },
    { id: 'request', match: { app: 'http.request', role: 'client*' }, predict: 'end' },
    { id: 'redirect', match: answers('302'), predict: 'next' },
    { id: 'follow', match: asks('/posts') },
    { id: 'page', match: answers('200') },
    { id: 'length', match: asks('/length') },
    { id: 'chunked', match: asks('/chunked') },
    { id: 'until-close', match: asks('/until-close') },
    { id: 'head', match: asks('HEAD') },
    { id: 'empty', match: answers('204') },
    { id: 'not-modified', match: answers('304') },
    { id: 'pipelined', match: asks('/quick') },
    { id: 'continue', match: answers('100') },
    { id: 'too-large', match: answers('413') },
    { id: 'range', match: answers('206') },
    { id: 'beyond', match: answers('416') },
    { id: 'coding', match: asks('/prose') },
    { id: 'close', match: { fact: 'socket.closed', role: 'client*' } },
  ],
  predictions: [
    {
      id: 'next',
      options: [
        { id: 'unasked', when: { not: { exists: answers('302') } } },
        { id: 'asks', when: { exists: asks('/posts') } },
        { id: 'stops', when: { always: true } },
      ],
    },
    {
      id: 'end',
      options: [
        { id: 'none', when: { not: { exists: { app: 'http.response', role: 'server*' } } } },
        { id: 'frame', when: { exists: { app: 'http2.frame', role: 'server*' } } },
        { id: 'close', when: { exists: asks('/until-close') } },
        { id: 'chunks', when: { exists: asks('/chunked') } },
        { id: 'nothing', when: { any: [{ exists: answers('204') }, { exists: asks('HEAD') }] } },
        { id: 'length', when: { always: true } },
      ],
    },
    {
      id: 'connections',
      options: [
        { id: 'none', when: { compare: '=', left: { count: { fact: 'connection.accepted', role: 'server*' } }, right: 0 } },
        { id: 'one', when: { compare: '=', left: { count: { fact: 'connection.accepted', role: 'server*' } }, right: 1 } },
        { id: 'more', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'curl', endpoint: 'server', command: 'curl -v -L http://{address}:{port}/' },
    { id: 'h2', endpoint: 'server-h2', command: 'curl -v --http2-prior-knowledge http://{address}:{port}/posts' },
    { id: 'chunked', endpoint: 'server', command: 'curl --raw -i http://{address}:{port}/chunked' },
    { id: 'range', endpoint: 'server', command: 'curl -i -r 0-9 http://{address}:{port}/digits' },
    { id: 'gzip', endpoint: 'server', command: 'curl -v --compressed -o /dev/null http://{address}:{port}/prose' },
    { id: 'pipeline', endpoint: 'server', command: `printf 'GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nGET /quick HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' | nc {address} {port}` },
  ],
  stage: ['exchange', 'http2', 'hosts', 'stack'],
  specifications: ['RFC 9110', 'RFC 9112', 'RFC 9113', 'RFC 7541'],
};
