// What the lab of HTTP's connections says of itself. Pure data; the code that runs is in lab.ts, the page in gallery.ts, the arithmetic
// in reckoning.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Condition, Matcher } from '../../../shared/trace/match';
import type { ConnectionPolicy } from '../../roles/http/browserCarrier';
import { BLOCKING_URL, LAST_URL } from './pictures';

/** Each way has a browser of its own: client-1 opens a connection for each object, client-4 speaks HTTP/2. */
export const POLICIES: readonly ConnectionPolicy[] = ['own', 'keep-alive', 'six', 'h2'];
export const clientOf = (policy: ConnectionPolicy): string => `client-${POLICIES.indexOf(policy) + 1}`;

const OWN = clientOf('own');
const KEEP_ALIVE = clientOf('keep-alive');
const SIX = clientOf('six');
const H2 = clientOf('h2');

const noted = (role: string, text: string): Matcher => ({ fact: 'role.noted', role, text });
const loaded = (role: string, url: string): Matcher => noted(role, `"page.loaded","url":"${url}"`);
const opened = (role: string, count: number): Condition => ({ compare: '=', left: { count: { fact: 'connect.ended', role, err: '' } }, right: count });
/** The last picture was there before the one that was in the way. */
const overtakes = (role: string): Condition => ({ before: [loaded(role, LAST_URL), loaded(role, BLOCKING_URL)] });
const fastest = (policy: ConnectionPolicy): Condition => ({ exists: { fact: 'role.printed', text: `fastest: ${policy}` } });

export const manifest: LabManifest = {
  id: 'http-connections',
  group: 'web',
  order: 5,
  parameters: [
    { type: 'choice', id: 'connections', options: ['all', ...POLICIES], value: 'all' },
    { type: 'integer', id: 'delay', min: 0, max: 500, value: 30, unit: 'ms' },
    { type: 'integer', id: 'bandwidth', min: 0, max: 100_000, value: 1000 },
    { type: 'choice', id: 'in-the-way', options: ['none', 'slow', 'large'], value: 'slow' },
  ],
  hosts: [
    { id: 'client', address: '127.0.61.1' },
    { id: 'wire', address: '127.0.61.2' },
    { id: 'server', address: '127.0.61.3' },
  ],
  endpoints: [
    { role: 'relay', host: 'wire', protocol: 'tcp', port: 8088, wellKnown: 80, relay: true },
    { role: 'relay-h2', host: 'wire', protocol: 'tcp', port: 8089, wellKnown: 80, relay: true },
    { role: 'server', host: 'server', protocol: 'tcp', port: 8088, wellKnown: 80 },
    { role: 'server-h2', host: 'server', protocol: 'tcp', port: 8089, wellKnown: 80 },
  ],
  actions: [
    { id: 'load', arguments: [{ type: 'choice', id: 'connections', options: [...POLICIES], value: 'h2' }] },
    {
      id: 'change-wire',
      arguments: [
        { type: 'integer', id: 'delay', min: 0, max: 500, value: 100, unit: 'ms' },
        { type: 'integer', id: 'bandwidth', min: 0, max: 100_000, value: 1000 },
      ],
    },
  ],
  steps: [
    { id: 'wire', match: { fact: 'fault.applied', role: 'relay*', text: 'delay' }, predict: 'fastest' },
    { id: 'page', match: noted('client*', '"page.met"'), predict: 'connections' },
    { id: 'own', match: { fact: 'connect.started', role: OWN, nth: 2 } },
    { id: 'own-done', match: noted(OWN, '"page.done"') },
    { id: 'keep-alive', match: { fact: 'bytes.sent', role: KEEP_ALIVE, err: '', nth: 2 }, predict: 'blocking' },
    { id: 'blocked', match: loaded(KEEP_ALIVE, BLOCKING_URL) },
    { id: 'six', match: { fact: 'connect.started', role: SIX, nth: 6 } },
    { id: 'h2', match: { fact: 'bytes.sent', role: H2, err: '' } },
    { id: 'streams', match: loaded(H2, LAST_URL) },
    { id: 'reckoning', match: { fact: 'role.printed', role: 'client*', text: 'reckoned' } },
    { id: 'verdict', match: { fact: 'role.printed', role: 'client*', text: 'fastest:' } },
  ],
  predictions: [
    {
      id: 'fastest',
      options: [...POLICIES.map((policy) => ({ id: policy, when: fastest(policy) })), { id: 'alone', when: { always: true } }],
    },
    {
      id: 'connections',
      options: [
        { id: 'thirteen', when: opened(OWN, 13) },
        { id: 'twelve', when: opened(OWN, 12) },
        { id: 'six', when: opened(OWN, 6) },
        { id: 'one', when: opened(OWN, 1) },
        { id: 'other', when: { always: true } },
      ],
    },
    {
      id: 'blocking',
      options: [
        { id: 'everywhere', when: overtakes(KEEP_ALIVE) },
        { id: 'lanes', when: { all: [overtakes(SIX), overtakes(H2)] } },
        { id: 'six', when: overtakes(SIX) },
        { id: 'h2', when: overtakes(H2) },
        { id: 'nowhere', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'curl', endpoint: 'relay', command: "curl -s -o /dev/null -w 'connect %{time_connect} first byte %{time_starttransfer} all %{time_total}\\n' http://{address}:{port}/ --next -s -o /dev/null -w 'connect %{time_connect} first byte %{time_starttransfer} all %{time_total}\\n' http://{address}:{port}/style.css" },
    { id: 'curl-parallel', endpoint: 'relay', command: "curl -s -Z --parallel-max 6 -o /dev/null 'http://{address}:{port}/pictures/[1-10].png' -w '%{url} %{time_total}\\n'" },
    { id: 'nghttp', endpoint: 'relay-h2', command: 'nghttp -nas http://{address}:{port}/' },
    { id: 'h2load', endpoint: 'relay-h2', command: 'h2load -n 100 -c 1 -m 10 http://{address}:{port}/style.css' },
  ],
  stage: ['waterfall', 'hosts', 'http2', 'exchange', 'stack'],
  specifications: ['RFC 9110', 'RFC 9112', 'RFC 9113'],
};
