// What of a filter the columns can tell, and from which: each test becomes a question of the packet's kind and flags, of its flow, of one number of its row,
// or of bytes that must be decoded (then the columns only say who can be asked). Tests of one sort that stand together stay together.

import { never } from '../../base/assert';
import type { Comparison, Filter, FilterValue, Operand } from '../../filter/filter';
import { filterFields } from '../../filter/parse';
import { TCP_ANALYSIS } from '../analysis/tcpAnalysis';
import type { Leaf } from './leaves';
import { isFrameField, ROW_FIELDS, type RowField } from './rowFields';

/** The number of a row against a constant. */
interface RowTest {
  readonly field: RowField;
  readonly comparison: Comparison;
  readonly value: number | bigint;
}

export type Plan =
  | { readonly type: 'and' | 'or' | 'xor'; readonly left: Plan; readonly right: Plan }
  | { readonly type: 'not'; readonly inner: Plan }
  /** All of it is told by kind and flags, or by the flow. */
  | { readonly type: 'bits' | 'flow'; readonly filter: Filter }
  | { readonly type: 'row'; readonly test: RowTest }
  | { readonly type: 'analysis'; readonly mask: number }
  | { readonly type: 'everything' }
  /** `carrier`: what a packet must be to have the field at all. */
  | { readonly type: 'decode'; readonly carrier: Carrier };

export type Carrier = 'any' | 'tcp' | 'tcpPayload' | 'udp' | 'transport' | 'icmp' | 'icmpv6' | 'arp';

const FLAG_FIELDS = new Set(['tcp', 'udp', 'icmp', 'icmpv6', 'arp', ...['', '.ae', '.cwr', '.ece', '.urg', '.ack', '.push', '.reset', '.syn', '.fin', '.res'].map((name) => `tcp.flags${name}`)]);
const PROTOCOLS = new Set(['tcp', 'udp', 'icmp', 'icmpv6', 'arp', 'ip', 'ipv6']);
const FLOW_FIELDS = new Set([
  'ip', 'ipv6', 'ip.src', 'ip.dst', 'ip.addr', 'ipv6.src', 'ipv6.dst', 'ipv6.addr', 'tcp.srcport', 'tcp.dstport', 'tcp.port', 'tcp.stream', 'udp.srcport', 'udp.dstport', 'udp.port', 'udp.stream', 'ip.version', 'ipv6.version',
]);

export function planOf(filter: Filter): Plan {
  switch (filter.type) {
    case 'and': case 'or': case 'xor': return joined(filter.type, planOf(filter.left), planOf(filter.right));
    case 'not': {
      const inner = planOf(filter.inner);
      return inner.type === 'bits' || inner.type === 'flow' ? { type: inner.type, filter: { type: 'not', inner: inner.filter } } : { type: 'not', inner };
    }
    default: return leaf(filter);
  }
}

/** What one table answers stays one question, wherever it stands in a chain; the two sorts of tables come first, which are asked together. */
function joined(type: 'and' | 'or' | 'xor', left: Plan, right: Plan): Plan {
  const chain = [...partsOf(type, left), ...partsOf(type, right)];
  const asked = (sort: 'bits' | 'flow'): Plan[] => {
    const filters = chain.flatMap((part) => (part.type === sort ? [part.filter] : []));
    return filters.length === 0 ? [] : [{ type: sort, filter: filters.reduce((one, other) => ({ type, left: one, right: other })) }];
  };
  return [...asked('bits'), ...asked('flow'), ...chain.filter((part) => part.type !== 'bits' && part.type !== 'flow')].reduce((one, other) => ({ type, left: one, right: other }));
}

const partsOf = (type: 'and' | 'or' | 'xor', plan: Plan): readonly Plan[] => (plan.type === type ? [...partsOf(type, plan.left), ...partsOf(type, plan.right)] : [plan]);

const TCP_THERE: Filter = { type: 'present', operand: { type: 'field', layers: null, field: { name: 'tcp', kind: 'protocol', hex: false } } };

function leaf(filter: Leaf): Plan {
  if (filter.type === 'present' && filter.operand.type === 'field' && filter.operand.layers === null) {
    const { name } = filter.operand.field;
    const bit = TCP_ANALYSIS[name as keyof typeof TCP_ANALYSIS] as number | undefined;
    if (bit !== undefined) return { type: 'analysis', mask: bit };
    if (name === 'tcp.analysis.flags') return { type: 'analysis', mask: -1 };
    const row = ROW_FIELDS.get(name);
    if (name === 'frame' || (row !== undefined && isFrameField(row))) return { type: 'everything' };
    // Every TCP header has them.
    if (row !== undefined) return { type: 'bits', filter: TCP_THERE };
  }
  const fields = filterFields(filter);
  if (fields.length > 0 && isPlain(filter)) {
    if (fields.every((name) => FLAG_FIELDS.has(name))) return { type: 'bits', filter };
    if (fields.every((name) => FLOW_FIELDS.has(name))) return { type: 'flow', filter };
    const row = rowPlan(filter);
    if (row !== null) return row;
  }
  return { type: 'decode', carrier: carrierOf(neededBy(filter)) };
}

/** False for max() and min(), which take what is there: a field more or less does not make them false. */
const asksOne = (filter: Leaf): boolean => {
  const one = (operand: Operand): boolean => {
    switch (operand.type) {
      case 'field': case 'value': return true;
      case 'slice': case 'negative': return one(operand.of);
      case 'function': return operand.args.length === 1 && operand.args.every(one);
      case 'arithmetic': return one(operand.left) && one(operand.right);
      default: return never(operand);
    }
  };
  return operandsOf(filter).every(one);
};

/** True when it asks values only: no layers, no bytes of protocols, no counting of what may be elsewhere in the packet too. */
function isPlain(filter: Leaf): boolean {
  const plain = (operand: Operand): boolean => {
    switch (operand.type) {
      case 'field': return operand.layers === null && (!PROTOCOLS.has(operand.field.name) || filter.type === 'present');
      case 'value': return true;
      case 'slice': case 'negative': return plain(operand.of);
      case 'function': return operand.name !== 'count' && operand.name !== 'max' && operand.name !== 'min' && operand.args.every(plain);
      case 'arithmetic': return plain(operand.left) && plain(operand.right);
      default: return never(operand);
    }
  };
  return operandsOf(filter).every(plain);
}

function operandsOf(filter: Leaf): readonly Operand[] {
  switch (filter.type) {
    case 'present': case 'nonzero': return [filter.operand];
    case 'compare': case 'contains': return [filter.left, filter.right];
    case 'matches': return [filter.left];
    case 'in': return [filter.operand, ...filter.items.flatMap(({ low, high }) => (high === null ? [low] : [low, high]))];
    default: return never(filter);
  }
}

function rowPlan(filter: Leaf): Plan | null {
  const number = (operand: Operand): number | bigint | null => (operand.type === 'value' && isNumber(operand.value) ? operand.value : null);
  if (filter.type === 'compare') {
    const field = rowField(filter.left);
    const value = number(filter.right);
    return field === null || value === null ? null : { type: 'row', test: { field, comparison: filter.comparison, value } };
  }
  if (filter.type !== 'in') return null;
  const field = rowField(filter.operand);
  const items = filter.items.map(({ low, high }): Plan | null => {
    const [least, most] = [number(low), high === null ? null : number(high)];
    if (field === null || least === null || (high !== null && most === null)) return null;
    if (most === null) return { type: 'row', test: { field, comparison: '==', value: least } };
    return { type: 'and', left: { type: 'row', test: { field, comparison: '>=', value: least } }, right: { type: 'row', test: { field, comparison: '<=', value: most } } };
  });
  return items.reduce((all, one) => (all === null || one === null ? null : { type: 'or', left: all, right: one }));
}

const isNumber = (value: FilterValue): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';
const rowField = (operand: Operand): RowField | null => (operand.type === 'field' && operand.layers === null ? ROW_FIELDS.get(operand.field.name) ?? null : null);

/** Protocols that are found in one transport only, or are a packet's kind. */
const CARRIERS: ReadonlyMap<string, Carrier> = new Map<string, Carrier>([
  ['tcp', 'tcp'], ['http', 'transport'], ['http2', 'tcpPayload'], ['tls', 'tcpPayload'], ['bittorrent', 'tcpPayload'], ['smtp', 'tcpPayload'], ['pop', 'tcpPayload'], ['imap', 'tcpPayload'], ['ftp', 'tcpPayload'],
  ['websocket', 'tcpPayload'], ['ocsp', 'tcpPayload'], ['x509af', 'tcpPayload'], ['x509ce', 'tcpPayload'], ['x509if', 'tcpPayload'], ['x509sat', 'tcpPayload'],
  ['udp', 'udp'], ['bt-tracker', 'udp'], ['mdns', 'udp'], ['llmnr', 'udp'], ['ssdp', 'udp'], ['dhcp', 'udp'], ['quic', 'udp'], ['dns', 'transport'],
  ['icmp', 'icmp'], ['icmpv6', 'icmpv6'], ['arp', 'arp'],
]);

function carrierOf(field: string | null): Carrier {
  return field === null ? 'any' : CARRIERS.get(field.split('.')[0] ?? '') ?? 'any';
}

/** A test without values is false: who cannot have this field of it cannot fit. Null: there is no such field. */
export const neededBy = (leaf: Leaf): string | null => (asksOne(leaf) ? filterFields(leaf)[0] ?? null : null);
