// The columns of the packet table: which there are, how wide, and what a packet says in each. Columns beyond the usual ones are fields by
// Wireshark's names. Pure.

import { visibleText } from '../../../shared/codec/text';
import type { PacketRow, SortColumn } from '../../../shared/packets/session';
import { secondsText } from '../../ui/numbers';

export interface ColumnChoice {
  /** A SortColumn, or the name of a field. */
  readonly id: string;
  /** px at the usual size of text. */
  readonly width: number;
}

export const USUAL_COLUMNS: readonly ColumnChoice[] = [
  { id: 'number', width: 84 }, { id: 'time', width: 104 }, { id: 'source', width: 148 }, { id: 'destination', width: 148 }, { id: 'protocol', width: 98 }, { id: 'length', width: 68 },
  { id: 'info', width: 420 },
];

/** px that times with nanoseconds need more, letters of whole seconds that the usual width has room for, and px of each one more. */
const FINE_WIDTH = 26;
const WHOLE = 3;
const DIGIT = 8;

/** px that the times of a capture need beyond their usual width. `span`: seconds from its earliest packet to its latest; a sign may stand before them. */
export const timeExtra = (fine: boolean, span: number): number => (fine ? FINE_WIDTH : 0) + Math.max(1 + String(Math.trunc(span)).length - WHOLE, 0) * DIGIT;

export const LEAST_WIDTH = 36;
export const MOST_WIDTH = 2_000;
/** Letters of a cell: more are not seen, and a peer may send megabytes. */
const MOST_TEXT = 320;

const SORTED: readonly SortColumn[] = ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info'];
export const isSortColumn = (id: string): id is SortColumn => SORTED.some((one) => one === id);
export const isNumeric = (id: string): boolean => id === 'number' || id === 'length' || id === 'time';

/** Fields among the columns, in the order in which rows bring them. */
export const fieldColumns = (columns: readonly ColumnChoice[]): string[] => columns.map(({ id }) => id).filter((id) => !isSortColumn(id));

/** px of a new column. */
export const NEW_WIDTH = 130;

/** What follows the line of the packet would not be seen: new columns stand before it. */
export function withColumn(columns: readonly ColumnChoice[], one: ColumnChoice): readonly ColumnChoice[] {
  const info = columns.findIndex(({ id }) => id === 'info');
  const at = info < 0 || one.id === 'info' ? columns.length : info;
  return [...columns.slice(0, at), one, ...columns.slice(at)];
}

/** Seconds with six digits, nine where the capture has them. */
export const timeCell = (ns: number, fine: boolean): string => secondsText(ns, fine ? 9 : 6);

const shown = (text: string): string => visibleText(text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);

/** What stands in the cells of a row. `fine`: times have nanoseconds. */
export function cellsOf(row: PacketRow, columns: readonly ColumnChoice[], fine: boolean): string[] {
  let field = 0;
  return columns.map(({ id }) => {
    switch (id) {
      case 'number': return String(row.number + 1);
      case 'time': return timeCell(row.time, fine);
      case 'source': return shown(row.source);
      case 'destination': return shown(row.destination);
      case 'protocol': return shown(row.protocol);
      case 'length': return String(row.length);
      case 'info': return shown(row.info);
      default: return shown(row.columns[field++] ?? '');
    }
  });
}

export type Hue = 'link' | 'internet' | 'transport' | 'application';

const HUES: ReadonlyMap<string, Hue> = new Map<string, Hue>([
  ...['ETHERNET', 'ETH', 'ARP', 'LLC', 'STP', 'VLAN', 'LOOP', 'SLL', '802.11', 'LLDP', 'NULL', 'RAW', 'RAW IP', 'LINK', 'UNKNOWN'].map((name): [string, Hue] => [name, 'link']),
  ...['IPV4', 'IPV6', 'IP', 'ICMP', 'ICMPV6', 'IGMP'].map((name): [string, Hue] => [name, 'internet']),
  ...['TCP', 'UDP', 'SCTP', 'QUIC'].map((name): [string, Hue] => [name, 'transport']),
]);

/** An EtherType that nobody here knows: what is said is the link's. */
const ETHER_TYPE = /^0x[0-9a-f]{4}$/;

/** The layer that a protocol of the list belongs to, for its colour. */
export const hueOf = (protocol: string): Hue => HUES.get(protocol.toUpperCase()) ?? (ETHER_TYPE.test(protocol) ? 'link' : 'application');

/** Signs of trouble: a mark that is not colour alone. */
export const TROUBLE_SIGNS: Readonly<Record<PacketRow['trouble'], string>> = { none: '', chat: '', note: '•', warn: '▲', error: '✕' };

