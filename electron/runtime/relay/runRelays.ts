// The relays of one run: started by its lab, told of in its state, set and cut by the user. What the user changes goes into the trace as
// action.taken {action: 'relay', args}; what a relay then does to the bytes goes there by itself (startRelay.ts).

import type { RelayStarts, RelayState } from '../../../shared/ipc/contract';
import { faultsError, isSeed, MOST_SEED, type FaultValues, type RelayProtocol, type TcpFaults, type UdpFaults } from '../../../shared/lab/faults';
import { endpointsOf } from '../../../shared/lab/hosts';
import type { LabManifest } from '../../../shared/lab/manifest';
import type { RelaySpec, TcpRelay, UdpRelay } from '../../roles/lab';
import { EngineError } from '../engineError';
import { startTcpRelay, startUdpRelay, type RelayRun } from './startRelay';

type Live = { readonly seed: number } & ({ readonly protocol: 'tcp'; readonly relay: TcpRelay } | { readonly protocol: 'udp'; readonly relay: UdpRelay });

/** Throws RELAY_UNKNOWN or FAULT_INVALID for what a run of this lab cannot begin with. */
export function checkRelayStarts(manifest: LabManifest, starts: RelayStarts): void {
  for (const [id, { seed, faults }] of Object.entries(starts)) {
    const known = endpointsOf(manifest).filter((one) => one.relay === true);
    const spec = known.find((one) => one.role === id);
    if (spec === undefined) throw unknown(id, manifest.id, known.map((one) => one.role));
    checkFaults(spec.protocol, faults, id);
    if (seed !== undefined && !isSeed(seed)) throw new EngineError('FAULT_INVALID', `the seed of ${id} is a whole number from 0 to ${MOST_SEED}`, id);
  }
}

function checkFaults(protocol: RelayProtocol, faults: FaultValues, where: string): void {
  const error = faultsError(protocol, faults);
  if (error !== null) throw new EngineError('FAULT_INVALID', error, where);
}

const unknown = (id: string, where: string, known: readonly string[]): EngineError =>
  new EngineError('RELAY_UNKNOWN', `no relay ${JSON.stringify(id.slice(0, 64))}; ${known.length === 0 ? 'there is none' : `there are: ${known.join(', ')}`}`, where);

export class RunRelays {
  private readonly live = new Map<string, Live>();

  /** `starts`: checked (checkRelayStarts). `changed`: what `states` says is other than before. */
  constructor(private readonly run: RelayRun, private readonly starts: RelayStarts, private readonly changed: () => void) {}

  /** Those that run now, in the order of their start. */
  get states(): RelayState[] {
    return [...this.live].map(([id, { protocol, seed, relay }]) => ({ id, protocol, seed, faults: { ...relay.faults } }));
  }

  async tcp(given: RelaySpec<TcpFaults>): Promise<TcpRelay> {
    const spec = this.begin(given);
    const relay = await startTcpRelay(this.run, spec);
    const own: TcpRelay = {
      role: relay.role,
      get faults() {
        return relay.faults;
      },
      set: this.telling((faults) => relay.set(faults)),
      cut: (how) => relay.cut(how),
    };
    this.add(spec.id, { protocol: 'tcp', seed: spec.seed, relay: own });
    return own;
  }

  async udp(given: RelaySpec<UdpFaults>): Promise<UdpRelay> {
    const spec = this.begin(given);
    const relay = await startUdpRelay(this.run, spec);
    const own: UdpRelay = {
      role: relay.role,
      get faults() {
        return relay.faults;
      },
      set: this.telling((faults) => relay.set(faults)),
    };
    this.add(spec.id, { protocol: 'udp', seed: spec.seed, relay: own });
    return own;
  }

  /** By the user's hand, from now on. Throws RELAY_UNKNOWN or FAULT_INVALID; then nothing has changed. */
  set(id: string, faults: FaultValues): void {
    const { protocol, relay } = this.find(id);
    checkFaults(protocol, faults, id);
    this.run.recorder.actionTaken('relay', { relay: id, ...faults });
    relay.set(faults);
  }

  /** Ends every connection that passes it now. Throws RELAY_UNKNOWN, or FAULT_INVALID for a relay that has no connections. */
  cut(id: string, how: 'cut' | 'reset'): void {
    const found = this.find(id);
    if (found.protocol !== 'tcp') throw new EngineError('FAULT_INVALID', `${id} passes datagrams: it has no connections to end`, id);
    this.run.recorder.actionTaken('relay', { relay: id, now: how });
    found.relay.cut(how);
  }

  private find(id: string): Live {
    const found = this.live.get(id);
    if (found === undefined) throw unknown(id, 'relay', [...this.live.keys()]);
    return found;
  }

  /** What the lab asks for, with what the user asked for before the run: that is in the trace before anything passes. */
  private begin<F>(spec: RelaySpec<F>): RelaySpec<F> {
    const start = Object.hasOwn(this.starts, spec.id) ? this.starts[spec.id] : undefined;
    if (start === undefined) return spec;
    const seed = start.seed ?? spec.seed;
    this.run.recorder.actionTaken('relay', { relay: spec.id, ...(start.seed !== undefined && { seed }), ...start.faults });
    return { ...spec, seed, faults: { ...spec.faults, ...start.faults } };
  }

  private telling<F>(set: (faults: F) => void): (faults: F) => void {
    return (faults) => {
      set(faults);
      this.changed();
    };
  }

  private add(id: string, live: Live): void {
    this.live.set(id, live);
    void live.relay.role.ended.then(() => {
      if (this.live.delete(id)) this.changed();
    });
    this.changed();
  }
}
