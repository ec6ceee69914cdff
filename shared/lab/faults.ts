// What a relay may do to the bytes that pass it, honest by layer: a TCP relay delays, narrows, stalls and cuts streams; a UDP relay
// loses, delays, doubles, reorders and corrupts datagrams. Data that may cross IPC; the relays are in electron/runtime/relay.

/** What was done, as the text of `fault.applied`. */
export type FaultKind = 'delay' | 'bandwidth' | 'stall' | 'cut' | 'reset' | 'loss' | 'duplicate' | 'reorder' | 'corrupt';

/** Of a TCP relay; each holds for both directions. */
export interface TcpFaults {
  /** One-way delay, ms; half of the round trip that it adds. */
  readonly delay: number;
  /** More delay, ms, evenly spread from 0 to this; order is kept, as TCP keeps it. */
  readonly jitter: number;
  /** Bytes a second, shared by all connections of the relay; 0: no bound. */
  readonly bandwidth: number;
  /** Nothing passes while this holds. */
  readonly stalled: boolean;
  /** After so many bytes from the server the connection is cut: both ends get an orderly end ('cut') or a reset; 0: never. */
  readonly cutAfter: number;
  readonly resetAfter: number;
}

/** Of a UDP relay; probabilities are in per cent, each datagram is drawn for anew from the seed. */
export interface UdpFaults {
  readonly loss: number;
  readonly duplicate: number;
  /** Held back until another datagram of its direction has passed it, or 50 ms. */
  readonly reorder: number;
  /** One bit flipped; the checksum is right again, for the relay sends anew: what no checksum finds. */
  readonly corrupt: number;
  /** ms, one way. */
  readonly delay: number;
  readonly jitter: number;
}

export const NO_TCP_FAULTS: TcpFaults = { delay: 0, jitter: 0, bandwidth: 0, stalled: false, cutAfter: 0, resetAfter: 0 };
export const NO_UDP_FAULTS: UdpFaults = { loss: 0, duplicate: 0, reorder: 0, corrupt: 0, delay: 0, jitter: 0 };

export type RelayProtocol = 'tcp' | 'udp';
export type FaultValues = Readonly<Record<string, number | boolean>>;

/** What one fault may be: on or off, or a number from 0 to `max` in its unit. */
export type FaultSpec =
  | { readonly name: string; readonly type: 'switch' }
  | { readonly name: string; readonly type: 'number'; readonly max: number; readonly unit: 'ms' | 'B/s' | 'B' | '%'; /** Only whole numbers. */ readonly whole: boolean };

const ms = (name: string): FaultSpec => ({ name, type: 'number', max: 60_000, unit: 'ms', whole: false });
const bytes = (name: string, unit: 'B' | 'B/s'): FaultSpec => ({ name, type: 'number', max: 1_000_000_000, unit, whole: true });
const percent = (name: string): FaultSpec => ({ name, type: 'number', max: 100, unit: '%', whole: false });

/** The faults of each kind of relay and their bounds, in the order in which they are shown. */
export const FAULTS: { readonly tcp: readonly FaultSpec[]; readonly udp: readonly FaultSpec[] } = {
  tcp: [ms('delay'), ms('jitter'), bytes('bandwidth', 'B/s'), { name: 'stalled', type: 'switch' }, bytes('cutAfter', 'B'), bytes('resetAfter', 'B')],
  udp: [percent('loss'), percent('duplicate'), percent('reorder'), percent('corrupt'), ms('delay'), ms('jitter')],
};

/** The largest seed; each is a whole number from 0 on. */
export const MOST_SEED = 2 ** 31 - 1;

export const isSeed = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= MOST_SEED;

/** What is wrong with a value of a fault, in a sentence; null: nothing. */
export function faultError(protocol: RelayProtocol, name: string, value: number | boolean): string | null {
  const spec = FAULTS[protocol].find((one) => one.name === name);
  if (spec === undefined) return `a ${protocol} relay has no fault ${JSON.stringify(name.slice(0, 40))}; it has: ${FAULTS[protocol].map((one) => one.name).join(', ')}`;
  if (spec.type === 'switch') return typeof value === 'boolean' ? null : `${name} is true or false`;
  const fits = typeof value === 'number' && value >= 0 && value <= spec.max && (!spec.whole || Number.isInteger(value));
  return fits ? null : `${name} is ${spec.whole ? 'a whole number' : 'a number'} from 0 to ${spec.max} (${spec.unit})`;
}

/** The first thing that is wrong with these faults; null: nothing. */
export function faultsError(protocol: RelayProtocol, faults: FaultValues): string | null {
  for (const [name, value] of Object.entries(faults)) {
    const error = faultError(protocol, name, value);
    if (error !== null) return error;
  }
  return null;
}

/** Everyday networks, as a relay can imitate them: rough figures of one way, for a class to begin with. */
export const FAULT_PRESETS: Readonly<Record<'none' | 'wifi' | 'mobile' | 'satellite', { readonly tcp: TcpFaults; readonly udp: UdpFaults }>> = {
  none: { tcp: NO_TCP_FAULTS, udp: NO_UDP_FAULTS },
  wifi: { tcp: { ...NO_TCP_FAULTS, delay: 2, jitter: 3, bandwidth: 5_000_000 }, udp: { ...NO_UDP_FAULTS, loss: 0.5, delay: 2, jitter: 3 } },
  mobile: { tcp: { ...NO_TCP_FAULTS, delay: 150, jitter: 100, bandwidth: 50_000 }, udp: { ...NO_UDP_FAULTS, loss: 5, duplicate: 1, reorder: 5, delay: 150, jitter: 100 } },
  // By way of a geostationary orbit: twice 36 000 km at the speed of light are 240 ms.
  satellite: { tcp: { ...NO_TCP_FAULTS, delay: 270, jitter: 10, bandwidth: 2_000_000 }, udp: { ...NO_UDP_FAULTS, loss: 1, delay: 270, jitter: 10 } },
};
export type FaultPreset = keyof typeof FAULT_PRESETS;
export const PRESETS = ['none', 'wifi', 'mobile', 'satellite'] as const satisfies readonly FaultPreset[];

/** Every fault by its name, as data. */
export const presetValues = (preset: FaultPreset, protocol: RelayProtocol): FaultValues => ({ ...FAULT_PRESETS[preset][protocol] });
