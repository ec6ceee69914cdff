// Fields of Wireshark's that stand for others: 'ip.addr' for both addresses, 'eth.dst.oui' for the first bytes of one. Never nodes of a tree: whoever
// asks by name (filters, `decode --fields`) finds them through this table. Names of hosts and makers are not looked up: addresses stay what they are.

export interface StandIn {
  readonly name: string;
  /** Whose values it has, in the order of the bytes. */
  readonly of: readonly string[];
  /** 'same': their values; 'text': as text; 'oui': the maker's number, the first three bytes of a link-layer address (IEEE 802 8.2.2). */
  readonly as: 'same' | 'text' | 'oui';
}

const same = (name: string, ...of: string[]): StandIn => ({ name, of, as: 'same' });
const text = (name: string, ...of: string[]): StandIn => ({ name, of, as: 'text' });
const oui = (name: string, ...of: string[]): StandIn => ({ name, of, as: 'oui' });

const ALL: readonly StandIn[] = [
  same('eth.addr', 'eth.dst', 'eth.src'), same('eth.lg', 'eth.dst.lg', 'eth.src.lg'), same('eth.ig', 'eth.dst.ig', 'eth.src.ig'),
  text('eth.addr_resolved', 'eth.dst', 'eth.src'), text('eth.dst_resolved', 'eth.dst'), text('eth.src_resolved', 'eth.src'),
  oui('eth.addr.oui', 'eth.dst', 'eth.src'), oui('eth.dst.oui', 'eth.dst'), oui('eth.src.oui', 'eth.src'),
  same('tcp.port', 'tcp.srcport', 'tcp.dstport'), same('udp.port', 'udp.srcport', 'udp.dstport'),
  ...['ip', 'ipv6'].flatMap((ip) => [same(`${ip}.addr`, `${ip}.src`, `${ip}.dst`), text(`${ip}.host`, `${ip}.src`, `${ip}.dst`), text(`${ip}.src_host`, `${ip}.src`), text(`${ip}.dst_host`, `${ip}.dst`)]),
];

export const STAND_INS: ReadonlyMap<string, StandIn> = new Map(ALL.map((one) => [one.name, one]));

/** What stands for a field, by that field's name. */
export const STOOD_FOR: ReadonlyMap<string, readonly StandIn[]> = new Map([...new Set(ALL.flatMap(({ of }) => of))].map((name) => [name, ALL.filter(({ of }) => of.includes(name))]));
