// For the relays' tests: a lab that is nothing but one relay before a target of the test's own, and what its trace says.

import { NO_TCP_FAULTS, NO_UDP_FAULTS, type TcpFaults, type UdpFaults } from '../../../shared/lab/faults';
import type { Endpoint, Fact } from '../../../shared/trace/event';
import { must } from '../../../shared/base/assert';
import { NETWORK } from '../../labs/network.fixture';
import type { Lab, TcpRelay, UdpRelay } from '../../roles/lab';
import { observe, type Observed } from '../lab.fixture';

/** Of this test process alone: files of these tests run side by side. */
export const ADDRESS = `${NETWORK}203.1`;
const PORT = 7300;

export interface RelayUnderTest<R> {
  readonly relay: R;
  readonly at: Endpoint;
  /** Facts of a kind, of the relay. */
  facts(kind: Fact['kind']): Fact[];
  /** 'delay 20 up 5': what it did, in order. */
  faults(): string[];
  /** Resolves when what the relay did until now is in the trace. */
  recorded(): Promise<void>;
  stop(): Promise<void>;
}

const opened: Observed[] = [];

/** After each test. */
export async function stopRelays(): Promise<void> {
  for (const one of opened.splice(0)) await one.engine.dispose();
}

async function start<R>(protocol: 'tcp' | 'udp', serve: Lab['serve'], relay: () => R | null): Promise<RelayUnderTest<R>> {
  const lab: Lab = {
    manifest: {
      id: 'relay', group: 'sockets', order: 1, parameters: [], steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [],
      actions: [{ id: 'nothing', arguments: [] }],
      hosts: [{ id: 'wire', address: ADDRESS }],
      endpoints: [{ role: 'wire', host: 'wire', protocol, port: PORT, relay: true }],
    },
    serve,
    play: () => Promise.resolve(),
    // An action hands on what waits to be recorded.
    actions: { nothing: () => Promise.resolve() },
  };
  const observed = observe([lab]);
  opened.push(observed);
  const { run } = await observed.engine.start('relay', {}, { mode: 'serve' });
  const state = await observed.until((one) => one.state === 'open' || one.state === 'failed');
  if (state.error !== null) throw new Error(state.error.message);
  const faults = (): Fact[] => observed.facts().filter((fact) => fact.kind === 'fault.applied');
  return {
    relay: must(relay(), 'the relay'),
    at: { address: ADDRESS, port: PORT },
    facts: (kind) => observed.facts().filter((fact) => fact.kind === kind),
    faults: () => faults().map((fact) => `${fact.text} ${fact.a} ${fact.b === 1 ? 'up' : 'down'} ${fact.size}`),
    recorded: () => observed.engine.act(run, 'nothing', {}),
    stop: () => observed.engine.stop(run),
  };
}

export async function tcpRelay(target: Endpoint, faults: Partial<TcpFaults> = {}, seed = 1): Promise<RelayUnderTest<TcpRelay>> {
  let relay: TcpRelay | null = null;
  return start('tcp', async (lab) => {
    relay = await lab.tcpRelay({ id: 'wire', target, faults: { ...NO_TCP_FAULTS, ...faults }, seed });
  }, () => relay);
}

export async function udpRelay(target: Endpoint, faults: Partial<UdpFaults> = {}, seed = 1): Promise<RelayUnderTest<UdpRelay>> {
  let relay: UdpRelay | null = null;
  return start('udp', async (lab) => {
    relay = await lab.udpRelay({ id: 'wire', target, faults: { ...NO_UDP_FAULTS, ...faults }, seed });
  }, () => relay);
}
