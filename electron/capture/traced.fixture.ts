// For tests of the taps: a recorder whose facts can be read at once, and networks of roles on it.

import { TraceStore } from '../../shared/trace/store';
import type { EventKind, Fact } from '../../shared/trace/event';
import { NETWORK } from '../labs/network.fixture';
import { createClock } from './clock';
import { createNetwork, type Network } from './network';
import { Recorder } from './recorder';

let host = 0;

/** A loopback address that no other test uses. */
export const ownAddress = (): string => `${NETWORK}250.${(host++ % 250) + 1}`;

export interface Traced {
  readonly recorder: Recorder;
  readonly store: TraceStore;
  role(id: string, address?: string): Network & { readonly address: string };
  /** Facts so far, of these kinds when some are named. */
  facts(...kinds: readonly EventKind[]): Fact[];
  /** 'kind' or 'kind ERRNO' of each fact of a socket, in order. */
  calls(): string[];
}

export function traced(): Traced {
  const store = new TraceStore();
  const recorder = new Recorder({ clock: createClock(), onBatch: (batch) => store.append(batch) });
  const facts = (...kinds: readonly EventKind[]): Fact[] => {
    recorder.flush();
    const all = Array.from({ length: store.count }, (_, seq) => store.at(seq));
    return kinds.length === 0 ? all : all.filter((fact) => kinds.includes(fact.kind));
  };
  return {
    recorder,
    store,
    facts,
    role(id, address = ownAddress()) {
      const at = recorder.hostAdded({ id, name: id, address, program: '' });
      return { address, ...createNetwork(recorder, { host: id, role: recorder.roleStarted(at, { id, name: id, kind: 'client' }), address }) };
    },
    calls: () => facts().filter((fact) => fact.sock !== 0).map((fact) => (fact.err === '' ? fact.kind : `${fact.kind} ${fact.err}`)),
  };
}
