// What the HTTPS lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Condition, Matcher } from '../../../shared/trace/match';

const says = (name: string, more: Partial<Matcher> = {}): Matcher => ({ app: 'tls.message', has: name, ...more });
const refused = (code: string): Condition => ({ exists: { fact: 'tls.failed', role: 'client*', err: code } });
/** What a listener on the line would search for. */
const COOKIE = (role: string): Matcher => ({ filter: 'tcp contains "session="', role });
const SECURED: Matcher = { fact: 'tls.secured', role: 'client*' };

export const manifest: LabManifest = {
  id: 'https',
  group: 'web',
  order: 6,
  parameters: [
    { type: 'choice', id: 'compare', options: ['both', 'tls', 'clear'], value: 'both' },
    { type: 'choice', id: 'version', options: ['TLSv1.3', 'TLSv1.2'], value: 'TLSv1.3' },
    { type: 'choice', id: 'certificate', options: ['good', 'wrong-name', 'expired', 'not-yet', 'unknown-issuer', 'self-signed'], value: 'good' },
    { type: 'choice', id: 'protocol', options: ['http/1.1', 'h2'], value: 'http/1.1' },
    { type: 'boolean', id: 'resume', value: false },
    { type: 'text', id: 'secret', maxLength: 60, value: 'open-sesame' },
    { type: 'boolean', id: 'keys', value: true },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'tcp', port: 8443, wellKnown: 443 },
    { role: 'clear', host: 'server', protocol: 'tcp', port: 8090, wellKnown: 80 },
  ],
  roles: ['client-tls', 'client-clear'],
  actions: [
    {
      id: 'ask',
      arguments: [
        { type: 'choice', id: 'scheme', options: ['https', 'http'], value: 'https' },
        { type: 'text', id: 'name', maxLength: 100, value: 'www.example.test' },
        { type: 'text', id: 'path', maxLength: 200, value: '/account' },
      ],
    },
    { id: 'kill-server', arguments: [] },
    { id: 'start-server', arguments: [] },
  ],
  steps: [
    { id: 'clear', match: { app: 'http.request', role: 'client*', has: 'GET' } },
    { id: 'connect', match: { segment: 'syn', role: 'client-tls*' }, predict: 'outcome' },
    { id: 'client-hello', match: { filter: 'tls.handshake.type == 1 and tls.handshake.extensions_server_name', role: 'client*' } },
    { id: 'server-hello', match: says('Server Hello') },
    { id: 'certificate', match: says('Certificate') },
    { id: 'finished', match: SECURED, predict: 'secret' },
    { id: 'request', match: { fact: 'plaintext.sent', role: 'client*' } },
    { id: 'sealed', match: says('Application Data', { role: 'client*' }) },
    { id: 'answer', match: { fact: 'plaintext.received', role: 'client*' } },
    { id: 'refused', match: { fact: 'tls.failed', role: 'client*' } },
  ],
  predictions: [
    {
      id: 'outcome',
      options: [
        { id: 'name', when: refused('ERR_TLS_CERT_ALTNAME_INVALID') },
        { id: 'time', when: { any: [refused('CERT_HAS_EXPIRED'), refused('CERT_NOT_YET_VALID')] } },
        { id: 'issuer', when: { exists: { fact: 'tls.failed', role: 'client*' } } },
        { id: 'answered', when: { exists: { fact: 'plaintext.received', role: 'client*' } } },
        { id: 'clear', when: { always: true } },
      ],
    },
    {
      id: 'secret',
      options: [
        { id: 'clear-only', when: { all: [{ exists: COOKIE('client-clear*') }, { not: { exists: COOKIE('client-tls*') } }] } },
        { id: 'nowhere', when: { not: { exists: COOKIE('client*') } } },
        { id: 'both', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    {
      id: 'curl',
      endpoint: 'server',
      command: 'curl -so lab-ca.pem http://{address}:8090/ca.pem && curl -v --cacert lab-ca.pem --resolve www.example.test:{port}:{address} https://www.example.test:{port}/account',
    },
    { id: 'distrust', endpoint: 'server', command: 'curl --resolve www.example.test:{port}:{address} https://www.example.test:{port}/account' },
    { id: 'openssl', endpoint: 'server', command: 'openssl s_client -connect {address}:{port} -servername www.example.test -showcerts </dev/null' },
  ],
  stage: ['tls', 'hosts', 'exchange', 'stack'],
  specifications: ['RFC 8446', 'RFC 5246', 'RFC 5280', 'RFC 6066', 'RFC 9110'],
};
