// What the HTTP caching lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest, Parameter } from '../../../shared/lab/manifest';
import type { Matcher } from '../../../shared/trace/match';

/** Beginnings of notes as roles write them (electron/roles/http/fetchThrough.ts, cachingClient.ts). */
const cache = (what: string, role = 'client*'): Matcher => ({ fact: 'role.noted', role, text: `"http.cache","what":"${what}"` });
const cookie = (what: string): Matcher => ({ fact: 'role.noted', role: 'client*', text: `"http.cookie","what":"${what}"` });

const CLIENT: Parameter = { type: 'integer', id: 'client', min: 1, max: 5, value: 1 };

export const manifest: LabManifest = {
  id: 'http-caching',
  group: 'web',
  order: 7,
  parameters: [
    { type: 'choice', id: 'scenario', options: ['page', 'session'], value: 'page' },
    { type: 'choice', id: 'via', options: ['direct', 'shared'], value: 'direct' },
    { type: 'choice', id: 'policy', options: ['max-age', 'no-cache', 'no-store', 'private', 's-maxage', 'must-revalidate', 'heuristic', 'vary', 'none'], value: 'max-age' },
    { type: 'choice', id: 'validator', options: ['etag', 'last-modified', 'both', 'none'], value: 'etag' },
    { type: 'integer', id: 'clients', min: 1, max: 5, value: 1 },
    { type: 'integer', id: 'visits', min: 1, max: 10, value: 3 },
    { type: 'integer', id: 'wind', min: 0, max: 604_800, value: 30, unit: 's' },
    { type: 'boolean', id: 'changes', value: false },
    { type: 'choice', id: 'server', options: ['runs', 'dies'], value: 'runs' },
    { type: 'choice', id: 'account', options: ['private', 'public'], value: 'private' },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'cache', address: '127.0.30.1' },
    { id: 'server', address: '127.0.20.1' },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'tcp', port: 8081, wellKnown: 80 },
    { role: 'cache', host: 'cache', protocol: 'tcp', port: 8082, wellKnown: 80 },
  ],
  actions: [
    { id: 'visit', arguments: [CLIENT, { type: 'text', id: 'path', maxLength: 200, value: '/page' }] },
    { id: 'reload', arguments: [CLIENT] },
    { id: 'wind-clock', arguments: [{ type: 'integer', id: 'seconds', min: 1, max: 31_536_000, value: 60, unit: 's' }] },
    { id: 'change-page', arguments: [] },
    { id: 'clear-caches', arguments: [] },
    { id: 'log-in', arguments: [CLIENT, { type: 'text', id: 'name', maxLength: 50, value: '홍길동' }] },
    { id: 'log-out', arguments: [CLIENT] },
    { id: 'kill-server', arguments: [] },
    { id: 'start-server', arguments: [] },
  ],
  steps: [
    { id: 'first', match: { app: 'http.request', role: 'client*', has: '/page' }, predict: 'asked' },
    { id: 'stored', match: cache('stored') },
    { id: 'wound', match: { fact: 'role.noted', text: '"clock.wound"' } },
    { id: 'hit', match: cache('hit') },
    { id: 'stale', match: cache('stale'), predict: 'copy' },
    { id: 'not-modified', match: { app: 'http.response', to: 'client*', has: '304' } },
    { id: 'revalidated', match: cache('revalidated') },
    { id: 'uncacheable', match: cache('uncacheable') },
    { id: 'shared', match: cache('hit', 'cache') },
    { id: 'log-in', match: { app: 'http.request', role: 'client*', has: 'POST /login' }, predict: 'whose' },
    { id: 'cookie', match: cookie('stored') },
    { id: 'session', match: cookie('sent') },
    { id: 'log-out', match: cookie('expired') },
  ],
  predictions: [
    {
      id: 'asked',
      options: [
        { id: 'none', when: { not: { exists: { app: 'http.request', to: 'server*' } } } },
        { id: 'one', when: { compare: '=', left: { count: { app: 'http.request', to: 'server*' } }, right: 1 } },
        { id: 'fewer', when: { compare: '<', left: { count: { app: 'http.request', to: 'server*' } }, right: { count: { fact: 'role.printed', role: 'client*', text: 'visit ' } } } },
        { id: 'each', when: { always: true } },
      ],
    },
    {
      id: 'copy',
      options: [
        { id: 'never', when: { not: { exists: cache('stale') } } },
        { id: 'holds', when: { exists: cache('revalidated') } },
        { id: 'silence', when: { exists: { fact: 'connect.ended', err: 'ECONNREFUSED' } } },
        { id: 'whole', when: { always: true } },
      ],
    },
    {
      id: 'whose',
      options: [
        { id: 'nobody', when: { not: { exists: { app: 'http.request', role: 'client*', has: 'POST /login' } } } },
        { id: 'others', when: { exists: { fact: 'role.printed', role: 'client-2', text: 'The account of client 1' } } },
        { id: 'own', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'etag', endpoint: 'server', command: `curl -i -H 'If-None-Match: "v1-en"' http://{address}:{port}/page` },
    { id: 'shared', endpoint: 'cache', command: 'for i in 1 2; do curl -si http://{address}:{port}/page | grep -iE "^(HTTP|age|via|cache-control)"; done' },
    { id: 'date', endpoint: 'server', command: `curl -i -z 'Sat, 01 Jan 2050 00:00:00 GMT' http://{address}:{port}/page` },
    { id: 'cookie', endpoint: 'server', command: 'curl -i -L -b "" -d name=kim http://{address}:{port}/login' },
  ],
  stage: ['exchange', 'waterfall', 'hosts', 'stack'],
  specifications: ['RFC 9111', 'RFC 9110', 'RFC 6265'],
};
