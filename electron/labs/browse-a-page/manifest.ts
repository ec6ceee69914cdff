// What the lab of browsing says of itself. Pure data; the code that runs is in lab.ts, the site in site.ts, the names in names.ts, the
// words in lesson.<locale>.md.

import type { EndpointSpec, LabManifest } from '../../../shared/lab/manifest';
import type { Matcher } from '../../../shared/trace/match';

export const DNS_PORT = 5300;

export const NAME_SERVERS = ['resolver', 'root', 'com', 'naver'] as const;
export type NameServer = (typeof NAME_SERVERS)[number];

/** Each of these serves UDP and TCP on the same port (RFC 7766 5). */
const dns = (role: string): EndpointSpec[] => (['udp', 'tcp'] as const).map((protocol) => ({ role, host: role, protocol, port: DNS_PORT, wellKnown: 53, optional: true }));

const noted = (text: string): Matcher => ({ fact: 'role.noted', role: 'client', text });

export const manifest: LabManifest = {
  id: 'browse-a-page',
  group: 'web',
  order: 2,
  parameters: [
    { type: 'text', id: 'url', maxLength: 500, value: 'http://www.naver.com/' },
    { type: 'boolean', id: 'tls', value: false },
    { type: 'choice', id: 'version', options: ['h1', 'h2'], value: 'h1' },
    { type: 'integer', id: 'visits', min: 1, max: 3, value: 2 },
    { type: 'choice', id: 'off', options: ['none', 'web', 'naver', 'resolver'], value: 'none' },
    { type: 'boolean', id: 'keys', value: true },
  ],
  hosts: [
    { id: 'client', address: '127.0.62.1' },
    { id: 'resolver', address: '127.0.62.53' },
    { id: 'root', address: '127.0.62.2' },
    { id: 'com', address: '127.0.62.3' },
    { id: 'naver', address: '127.0.62.4' },
    { id: 'web', address: '127.0.62.80' },
  ],
  endpoints: [
    ...NAME_SERVERS.flatMap(dns),
    { role: 'web', host: 'web', protocol: 'tcp', port: 8088, wellKnown: 80, optional: true },
    { role: 'web-tls', host: 'web', protocol: 'tcp', port: 8443, wellKnown: 443, optional: true },
  ],
  actions: [
    { id: 'visit', arguments: [{ type: 'text', id: 'url', maxLength: 500, value: 'http://www.naver.com/' }] },
    { id: 'wind-clock', arguments: [{ type: 'integer', id: 'seconds', min: 1, max: 604_800, value: 120, unit: 's' }] },
    { id: 'forget', arguments: [] },
    { id: 'kill-web', arguments: [] },
    { id: 'start-web', arguments: [] },
  ],
  steps: [
    { id: 'url', match: noted('"page.visit"'), predict: 'first' },
    { id: 'ask', match: { fact: 'datagram.sent', role: 'client' } },
    { id: 'tree', match: { fact: 'role.noted', role: 'resolver', text: '"how":"referral"' } },
    { id: 'address', match: { fact: 'datagram.received', role: 'client' } },
    { id: 'connect', match: { fact: 'connect.started', role: 'client' } },
    { id: 'get', match: { app: 'http.request', role: 'client' }, predict: 'early' },
    { id: 'redirect', match: { app: 'http.response', to: 'client', has: '301' } },
    { id: 'tls', match: { fact: 'tls.secured', role: 'client' } },
    { id: 'html', match: noted('"page.met"') },
    { id: 'objects', match: noted('"page.loaded"') },
    { id: 'shown', match: noted('"page.done"'), predict: 'second' },
    { id: 'again', match: { ...noted('"page.visit"'), nth: 2 } },
    { id: 'dns-cache', match: noted('"dns.cache","what":"hit"') },
    { id: 'revalidated', match: noted('"what":"revalidated"') },
    { id: 'http-cache', match: noted('"http.cache","what":"hit"') },
  ],
  predictions: [
    {
      id: 'first',
      options: [
        { id: 'query', when: { before: [{ fact: 'datagram.sent', role: 'client' }, { fact: 'connect.started', role: 'client' }] } },
        { id: 'query-only', when: { exists: { fact: 'datagram.sent', role: 'client' } } },
        { id: 'syn', when: { exists: { fact: 'connect.started', role: 'client' } } },
        { id: 'nothing', when: { always: true } },
      ],
    },
    {
      id: 'early',
      options: [
        { id: 'before', when: { before: [noted('"page.met"'), noted('"type":"text/html')] } },
        { id: 'after', when: { exists: noted('"page.met"') } },
        { id: 'never', when: { always: true } },
      ],
    },
    {
      id: 'second',
      options: [
        { id: 'no-second', when: { not: { exists: { ...noted('"page.done"'), nth: 2 } } } },
        { id: 'some', when: { exists: noted('"from":"cache"') } },
        { id: 'everything', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'curl', endpoint: 'web', command: 'curl -v --connect-to ::{address}:{port} http://www.naver.com/' },
    { id: 'dig', endpoint: 'resolver', command: 'dig @{address} -p {port} www.naver.com' },
    { id: 'wget', endpoint: 'web', command: "wget -qO- -S --header 'Host: www.naver.com' http://{address}:{port}/" },
    { id: 'time', endpoint: 'web', command: "curl -s -o /dev/null -w 'lookup %{time_namelookup} connect %{time_connect} first byte %{time_starttransfer} all %{time_total}\\n' http://{address}:{port}/" },
  ],
  stage: ['page', 'waterfall', 'dns', 'exchange', 'hosts', 'stack'],
  specifications: ['RFC 1034', 'RFC 9110', 'RFC 9111', 'RFC 9112', 'RFC 9113', 'HTML'],
};
