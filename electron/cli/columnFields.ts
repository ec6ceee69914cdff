// The columns of a list of packets as fields of `looplab decode --fields`, by Wireshark's names: _ws.col.Protocol, and _ws.col.protocol as later versions
// write it. Info is our own line; the others say what tshark's do. No part of the filter's fields, as in Wireshark 4.0.

import type { DissectedPacket } from '../../shared/packets/dissector';
import { endsOf } from '../../shared/packets/text/packetLine';

export interface ColumnFacts {
  /** Seconds since the capture's first packet, with nine digits. */
  readonly time: string;
  /** Bytes on the wire. */
  readonly length: number;
  readonly named: (address: string) => string;
}

type Column = (packet: DissectedPacket, facts: ColumnFacts) => string;

const PREFIX = '_ws.col.';
const number: Column = (packet) => String(packet.number + 1);
const COLUMNS: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['No.', number], ['Number', number], ['Time', (_packet, { time }) => time.slice(0, -3)], ['Source', (packet, { named }) => endsOf(packet, named).source],
  ['Destination', (packet, { named }) => endsOf(packet, named).destination], ['Protocol', ({ protocol }) => protocol], ['Length', (_packet, { length }) => String(length)], ['Info', ({ info }) => info],
]);
const BY_NAME: ReadonlyMap<string, Column> = new Map([...COLUMNS].flatMap(([name, column]) => [[`${PREFIX}${name}`, column], [`${PREFIX}${name.toLowerCase()}`, column]] as const));

/** Null: it is no column. */
export const columnNamed = (name: string): Column | null => BY_NAME.get(name) ?? null;

/** Those that a name may have meant; none when it asks for no column. */
export const columnNames = (name: string): readonly string[] => (name.startsWith('_ws.col') ? [...COLUMNS.keys()].map((column) => `${PREFIX}${column}`) : []);
