// What the DNS lab says of itself. Pure data; the code that runs is in lab.ts, the zones in zones.ts, the words in lesson.<locale>.md.

import type { EndpointSpec, LabManifest } from '../../../shared/lab/manifest';
import type { Matcher } from '../../../shared/trace/match';
import { EXAMPLE_ZONE, LIE } from './zones';

export const PORT = 5300;

/** Each of these serves UDP and TCP on the same port (RFC 7766 5). The relay comes first: on one shared address its two ports stay equal. */
export const SERVERS = ['resolver', 'root', 'com', 'kr', 'test', 'naver', 'ns1', 'ns2', 'campus', 'reverse'] as const;
export type ServerId = (typeof SERVERS)[number];
export const isServer = (id: string): id is ServerId => (SERVERS as readonly string[]).includes(id);

const both = (role: string): EndpointSpec[] => (['udp', 'tcp'] as const).map((protocol) => ({ role, host: role, protocol, port: PORT, wellKnown: 53, optional: true }));

/** Record types that the form offers. */
const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'SOA', 'TXT', 'PTR', 'ANY'];
const ATTACKS = ['wrong-address', 'wrong-port', 'wrong-id', 'on-path', 'extra-records'] as const;
export type Attack = (typeof ATTACKS)[number];

const noted = (role: string, text: string): Matcher => ({ fact: 'role.noted', role, text });
/** The resolver asks a server; the clients say the same of their own queries, as 'client-1'. */
const RESOLVER_ASKS = noted('resolver*', '"dns.ask"');

export const manifest: LabManifest = {
  id: 'dns-lookup',
  group: 'web',
  order: 1,
  parameters: [
    { type: 'text', id: 'name', maxLength: 255, value: 'www.example.test' },
    { type: 'choice', id: 'type', options: TYPES, value: 'A' },
    { type: 'choice', id: 'client', options: ['stub', 'iterative', 'no-recursion'], value: 'stub' },
    { type: 'integer', id: 'lookups', min: 1, max: 10, value: 2 },
    { type: 'choice', id: 'setup', options: ['healthy', 'slow', 'one-dead', 'all-dead', 'lame', 'cname-loop', 'delegation-loop'], value: 'healthy' },
    { type: 'choice', id: 'attack', options: ['none', ...ATTACKS], value: 'none' },
    { type: 'choice', id: 'edns', options: ['none', '512', '1232', '4096'], value: '1232' },
    { type: 'choice', id: 'relay', options: ['none', 'client', 'authority'], value: 'none' },
    { type: 'integer', id: 'loss', min: 0, max: 100, value: 30 },
    { type: 'integer', id: 'delay', min: 0, max: 400, value: 0, unit: 'ms' },
    { type: 'integer', id: 'seed', min: 1, max: 9999, value: 1 },
    { type: 'text', id: 'zone', maxLength: 8000, lines: 24, value: EXAMPLE_ZONE },
    { type: 'boolean', id: 'port-53', value: false },
  ],
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'resolver', address: '127.0.53.53' },
    { id: 'relay', address: '127.0.54.1' },
    { id: 'root', address: '127.0.50.1' },
    { id: 'com', address: '127.0.51.1' },
    { id: 'kr', address: '127.0.51.2' },
    { id: 'test', address: '127.0.51.3' },
    { id: 'naver', address: '127.0.52.1' },
    { id: 'ns1', address: '127.0.52.2' },
    { id: 'ns2', address: '127.0.52.3' },
    { id: 'campus', address: '127.0.52.4' },
    { id: 'reverse', address: '127.0.52.5' },
    { id: 'attacker', address: '127.0.66.6' },
  ],
  endpoints: [
    { role: 'relay', host: 'relay', protocol: 'udp', port: PORT, wellKnown: 53, optional: true, relay: true },
    { role: 'relay-tcp', host: 'relay', protocol: 'tcp', port: PORT, wellKnown: 53, optional: true, relay: true },
    ...SERVERS.flatMap(both),
    ...both('attacker'),
  ],
  actions: [
    {
      id: 'look-up',
      arguments: [
        { type: 'text', id: 'name', maxLength: 255, value: 'www.naver.com' },
        { type: 'choice', id: 'type', options: TYPES, value: 'A' },
      ],
    },
    { id: 'wind-clock', arguments: [{ type: 'integer', id: 'seconds', min: 1, max: 604_800, value: 300, unit: 's' }] },
    { id: 'flush-cache', arguments: [] },
    { id: 'kill-server', arguments: [{ type: 'choice', id: 'server', options: [...SERVERS], value: 'ns1' }] },
    { id: 'start-server', arguments: [{ type: 'choice', id: 'server', options: [...SERVERS], value: 'ns1' }] },
    { id: 'attack', arguments: [{ type: 'choice', id: 'kind', options: [...ATTACKS], value: 'wrong-id' }] },
  ],
  steps: [
    { id: 'question', match: { fact: 'datagram.sent', role: 'client*' }, predict: 'queries' },
    { id: 'root', match: { fact: 'datagram.received', role: 'root*' } },
    { id: 'referral', match: { fact: 'role.noted', text: '"how":"referral"' } },
    { id: 'stored', match: noted('resolver*', '"what":"stored"') },
    { id: 'tld', match: { fact: 'role.noted', text: '"how":"referral"', nth: 2 } },
    { id: 'authority', match: { filter: 'dns.flags.authoritative == 1', role: 'ns*' }, predict: 'transport' },
    { id: 'answer', match: { fact: 'datagram.received', role: 'client*' }, predict: 'outcome' },
    { id: 'cache', match: noted('resolver*', '"what":"hit"'), predict: 'second' },
    { id: 'wind', match: { fact: 'role.noted', text: '"clock.wound"' } },
    { id: 'negative', match: noted('resolver*', '"what":"negative"') },
    { id: 'truncated', match: { filter: 'dns.flags.response == 1 and dns.flags.truncated == 1' } },
    { id: 'retry', match: { fact: 'role.noted', text: '"attempt":2' } },
    { id: 'broken', match: { fact: 'role.noted', text: '"rcode":"SERVFAIL"' } },
    { id: 'forged', match: { fact: 'datagram.sent', role: 'attacker*' }, predict: 'forged' },
  ],
  predictions: [
    {
      id: 'queries',
      options: [
        { id: 'none', when: { compare: '=', left: { count: RESOLVER_ASKS }, right: 0 } },
        { id: 'one', when: { compare: '=', left: { count: RESOLVER_ASKS }, right: 1 } },
        { id: 'three', when: { compare: '=', left: { count: RESOLVER_ASKS }, right: 3 } },
        { id: 'other', when: { always: true } },
      ],
    },
    {
      id: 'second',
      options: [
        { id: 'once', when: { compare: '<', left: { count: noted('resolver*', '"client":"127') }, right: 2 } },
        { id: 'failed', when: { exists: noted('resolver*', '"rcode":"SERVFAIL","cached":true') } },
        { id: 'cache', when: { exists: noted('resolver*', '"cached":true') } },
        { id: 'again', when: { always: true } },
      ],
    },
    {
      id: 'outcome',
      options: [
        { id: 'records', when: { exists: { fact: 'role.printed', role: 'client*', text: 'NOERROR, answer' } } },
        { id: 'referral', when: { exists: { fact: 'role.printed', role: 'client*', text: 'NOERROR, referral' } } },
        { id: 'nodata', when: { exists: { fact: 'role.printed', role: 'client*', text: 'NOERROR, no' } } },
        { id: 'nxdomain', when: { exists: { fact: 'role.printed', role: 'client*', text: 'NXDOMAIN' } } },
        { id: 'servfail', when: { exists: { fact: 'role.printed', role: 'client*', text: 'SERVFAIL' } } },
        { id: 'silence', when: { always: true } },
      ],
    },
    {
      id: 'transport',
      options: [
        { id: 'tcp', when: { any: [{ exists: { fact: 'connect.ended', role: 'client*', err: '' } }, { exists: { fact: 'connect.ended', role: 'resolver*', err: '' } }] } },
        { id: 'udp', when: { always: true } },
      ],
    },
    {
      id: 'forged',
      options: [
        { id: 'believed', when: { exists: { fact: 'role.printed', role: 'client*', text: LIE } } },
        { id: 'refused', when: { exists: noted('resolver*', '"dns.ignored"') } },
        { id: 'nobody', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'dig', endpoint: 'resolver', command: 'dig @{address} -p {port} www.example.test' },
    { id: 'dig-trace', endpoint: 'root', command: 'dig @{address} -p {port} +norecurse www.example.test' },
    { id: 'dig-big', endpoint: 'ns1', command: 'dig @{address} -p {port} +bufsize=512 big.example.test TXT' },
    { id: 'dig-reverse', endpoint: 'resolver', command: 'dig @{address} -p {port} -x 127.0.60.2' },
    { id: 'kdig', endpoint: 'resolver', command: 'kdig @{address} -p {port} www.naver.com A' },
    { id: 'drill', endpoint: 'resolver', command: 'drill -p {port} @{address} mail.example.test MX' },
    { id: 'dnsperf', endpoint: 'ns1', command: 'yes www.example.test A | head -n 50000 | dnsperf -s {address} -p {port}' },
  ],
  stage: ['dns', 'hosts', 'stack'],
  specifications: ['RFC 1034', 'RFC 1035', 'RFC 2181', 'RFC 2308', 'RFC 4592', 'RFC 5452', 'RFC 6891', 'RFC 7766'],
};
