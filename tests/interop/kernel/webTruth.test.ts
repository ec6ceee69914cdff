// The labs of the web against the kernel: what truth.test.ts holds the first labs to, with TLS, HTTP/2, relays and two transports at once.

import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import browsing from '../../../electron/labs/browse-a-page/lab';
import dnsLookup from '../../../electron/labs/dns-lookup/lab';
import httpApi from '../../../electron/labs/http-api/lab';
import httpCaching from '../../../electron/labs/http-caching/lab';
import httpConnections from '../../../electron/labs/http-connections/lab';
import httpMessages from '../../../electron/labs/http-messages/lab';
import https from '../../../electron/labs/https/lab';
import type { Lab } from '../../../electron/roles/lab';
import { captureProblem } from './capture';
import { allClosed, judged, lateFacts } from './judged';

const problem = await captureProblem();

interface Case {
  readonly name: string;
  readonly lab: Lab;
  readonly params: ParameterValues;
  /** At least so many. */
  readonly connections: number;
  readonly datagrams: number;
  /** Waits until every connection is closed before it ends the run; else the end of the run closes what is open. */
  readonly patient?: boolean;
}

const HTTPS: readonly Case[] = [
  ...['TLSv1.3', 'TLSv1.2'].flatMap((version) => ['http/1.1', 'h2'].map((protocol) => ({ name: `https, ${version}, ${protocol}`, lab: https, params: { version, protocol }, connections: 2, datagrams: 0 }))),
  ...['TLSv1.3', 'TLSv1.2'].flatMap((version) => ['good', 'expired'].map((certificate) => ({ name: `https, ${version}, ${certificate}, to the end`, lab: https, params: { version, certificate }, connections: 2, datagrams: 0, patient: true }))),
  { name: 'https, one session after the other', lab: https, params: { compare: 'tls', resume: true }, connections: 2, datagrams: 0 },
  ...['wrong-name', 'expired', 'unknown-issuer', 'self-signed'].map((certificate) => ({ name: `https, ${certificate}`, lab: https, params: { certificate }, connections: 2, datagrams: 0 })),
];

const API: readonly Case[] = [
  ...['user', 'elsewhere', 'form', 'json', 'methods', 'refused', 'broken'].map((requests) => ({ name: `http-api, ${requests}`, lab: httpApi, params: { requests }, connections: 1, datagrams: 0 })),
  ...['json', 'error', 'slow', 'long', 'short', 'no-length', 'chunked'].map((answer) => ({ name: `http-api, answered by ${answer}`, lab: httpApi, params: { answer }, connections: 1, datagrams: 0 })),
  { name: 'http-api, twenty clients', lab: httpApi, params: { clients: 20 }, connections: 20, datagrams: 0 },
  { name: 'http-api, nobody there', lab: httpApi, params: { server: 'absent' }, connections: 1, datagrams: 0 },
];

const MESSAGES: readonly Case[] = ['redirect', 'length', 'chunked', 'until-close', 'no-body', 'pipelined', 'expect', 'ranges', 'compression'].flatMap((shows) =>
  ['http1', 'http2'].map((version) => ({ name: `http-messages, ${shows}, ${version}`, lab: httpMessages, params: { shows, version }, connections: 1, datagrams: 0 })),
);

const DNS: readonly Case[] = [
  { name: 'dns-lookup', lab: dnsLookup, params: {}, connections: 0, datagrams: 10 },
  { name: 'dns-lookup, iterative', lab: dnsLookup, params: { client: 'iterative' }, connections: 0, datagrams: 6 },
  { name: 'dns-lookup, too large for UDP', lab: dnsLookup, params: { name: 'big.example.test', type: 'TXT', lookups: 1 }, connections: 1, datagrams: 8 },
  { name: 'dns-lookup, too large for UDP, through the relay', lab: dnsLookup, params: { relay: 'client', loss: 0, delay: 20, name: 'big.example.test', type: 'TXT', lookups: 1 }, connections: 2, datagrams: 10 },
  { name: 'dns-lookup, a line that loses', lab: dnsLookup, params: { relay: 'authority', loss: 40, seed: 1, lookups: 1 }, connections: 0, datagrams: 9 },
  { name: 'dns-lookup, one dead server', lab: dnsLookup, params: { setup: 'one-dead' }, connections: 0, datagrams: 8 },
  ...['wrong-address', 'wrong-port', 'wrong-id', 'on-path', 'extra-records'].map((attack) => ({ name: `dns-lookup, ${attack}`, lab: dnsLookup, params: { attack }, connections: 0, datagrams: 8 })),
];

const CACHING: readonly Case[] = [
  ...['direct', 'shared'].map((via) => ({ name: `http-caching, ${via}`, lab: httpCaching, params: { via }, connections: 2, datagrams: 0 })),
  { name: 'http-caching, a session', lab: httpCaching, params: { scenario: 'session', via: 'shared' }, connections: 2, datagrams: 0 },
  { name: 'http-caching, a server that dies', lab: httpCaching, params: { server: 'dies', wind: 1000 }, connections: 1, datagrams: 0 },
];

const BROWSING: readonly Case[] = [
  ...[false, true].flatMap((tls) => ['h1', 'h2'].map((version) => ({ name: `browse-a-page, ${version}${tls ? ', TLS' : ''}`, lab: browsing, params: { tls, version, url: `http${tls ? 's' : ''}://www.naver.com/` }, connections: 1, datagrams: 4 }))),
  ...['web', 'naver', 'resolver'].map((off) => ({ name: `browse-a-page, ${off} is off`, lab: browsing, params: { off, visits: 1 }, connections: 0, datagrams: 1 })),
];

const CONNECTIONS: readonly Case[] = ['own', 'keep-alive', 'six', 'h2'].map((connections, i) => ({ name: `http-connections, ${connections}`, lab: httpConnections, params: { connections, delay: 5 }, connections: [26, 2, 12, 2][i] ?? 0, datagrams: 0 }));
const LARGE: readonly Case[] = ['keep-alive', 'h2'].map((connections) => ({ name: `http-connections, ${connections}, a large picture on a narrow wire`, lab: httpConnections, params: { connections, delay: 2, bandwidth: 4000, 'in-the-way': 'large' }, connections: 2, datagrams: 0 }));

describe.skipIf(problem !== null)(`the trace of the web's labs against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { name, lab, params, connections, datagrams, patient } of [...HTTPS, ...API, ...MESSAGES, ...DNS, ...CACHING, ...BROWSING, ...CONNECTIONS, ...LARGE]) {
    it(`${name}: no difference`, async () => {
      const found = await judged(lab, params, patient === true ? allClosed : undefined);
      expect(found.differences).toEqual([]);
      expect(lateFacts(found.run)).toEqual([]);
      expect(found.connections).toBeGreaterThanOrEqual(connections);
      expect(found.datagrams).toBeGreaterThanOrEqual(datagrams);
      expect(found.facts).toBeGreaterThan(5);
    });
  }
});
