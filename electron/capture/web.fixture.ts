// For tests of taps: what a program needs of a network to speak TLS, HTTP and HTTP/2, made by bare Node or by ours, so that one scenario
// runs on both and must see the same.

import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { roleIx } from '../../shared/base/brand';
import type { Endpoint } from '../../shared/trace/event';
import type { Host, KeepKeys } from '../roles/host';
import { createNetwork } from './network';
import { ownAddress, traced, type Traced } from './traced.fixture';

export type Web = Pick<Host, 'net' | 'tls' | 'http' | 'http2' | 'address'>;
type Secure = tls.ConnectionOptions & KeepKeys;

const nothing = (): void => undefined;

/** Node itself, with the handlers that keep a test process alive. */
export function bareWeb(): Web {
  const address = ownAddress();
  const safe = <T extends NodeJS.EventEmitter>(emitter: T): T => emitter.on('error', nothing);
  const here = <T extends net.Server>(server: T): T => {
    const listen = server.listen.bind(server) as (port: number, host: string) => T;
    Object.assign(server, { listen: (port: number) => listen(port, address) });
    server.on('connection', safe);
    server.on('secureConnection', safe);
    server.on('session', (session: http2.ServerHttp2Session) => void safe(session).on('stream', safe));
    return safe(server);
  };
  const at = ({ address: host, port }: Endpoint): { host: string; port: number } => ({ host, port });
  return {
    address,
    net: {
      createServer: (options = {}, onConnection) => here(net.createServer(options, onConnection)),
      connect: (remote, options = {}) => safe(new net.Socket(options)).connect(at(remote)),
      listen: () => Promise.reject(new Error('not asked of bare Node')),
      dial: () => Promise.reject(new Error('not asked of bare Node')),
      select: () => Promise.reject(new Error('not asked of bare Node')),
    },
    tls: {
      createServer: (options, onSecure) => here(tls.createServer(options, onSecure)),
      connect: (remote, options) => safe(tls.connect({ ...at(remote), ...options })),
    },
    http: {
      createServer: (options, onRequest) => here(http.createServer(options, onRequest)),
      createSecureServer: (options, onRequest) => here(https.createServer(options, onRequest)),
      createAgent: (options) => new http.Agent(options),
      createSecureAgent: (options) => new https.Agent(options),
      request: (remote, { secure, ...options }) => safe(secure === undefined ? http.request({ agent: false, ...options, ...at(remote) }) : https.request({ agent: false, ...secure, ...options, ...at(remote) } as https.RequestOptions)),
    },
    http2: {
      createServer: (options, onRequest) => here(http2.createServer(options, onRequest)),
      createSecureServer: (options, onRequest) => here(http2.createSecureServer(options, onRequest)),
      connect: (authority, remote, { secure, ...options } = {}) =>
        safe(http2.connect(authority, { ...options, createConnection: () => (secure === undefined ? net.connect(at(remote)) : tls.connect({ ...at(remote), ALPNProtocols: ['h2'], ...(secure as Secure) })) })),
    },
  };
}

export interface Variant {
  readonly name: string;
  readonly web: Web;
  readonly trace: Traced | null;
}

/** Bare Node, our network with recording off, and with recording on. Client and server share a role. */
export function variants(): Variant[] {
  const trace = traced();
  const address = ownAddress();
  return [
    { name: 'bare', web: bareWeb(), trace: null },
    { name: 'off', web: { address, ...createNetwork(null, { host: 'off', role: roleIx(0), address }) }, trace: null },
    { name: 'on', web: trace.role('both'), trace },
  ];
}

/** Runs the scenario on each variant; resolves with what the bare one saw, after checking by `same` that all saw it. */
export async function onAll<T>(scenario: (web: Web) => Promise<T>, same: (seen: T, bare: T, name: string) => void): Promise<{ readonly seen: T; readonly trace: Traced }> {
  const runs: { readonly variant: Variant; readonly seen: T }[] = [];
  for (const variant of variants()) runs.push({ variant, seen: await scenario(variant.web) });
  const [bare] = runs;
  const trace = runs.find((run) => run.variant.trace !== null)?.variant.trace;
  if (bare === undefined || trace === undefined || trace === null) throw new Error('no variants');
  for (const run of runs) same(run.seen, bare.seen, run.variant.name);
  return { seen: bare.seen, trace };
}

/** Notes what happens, in order, as text. */
export class Journal {
  readonly lines: string[] = [];

  readonly note = (line: string): void => void this.lines.push(line);

  /** Notes these events of an emitter, with the code of an error. */
  watch(who: string, emitter: NodeJS.EventEmitter, ...events: readonly string[]): void {
    for (const event of events) {
      emitter.on(event, (first: unknown) => this.note(`${who} ${event}${first instanceof Error ? ` ${'code' in first ? String(first.code) : first.message}` : ''}`));
    }
  }
}
