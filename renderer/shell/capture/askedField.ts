// The field that a menu or a drag is about: of the chosen packet's tree, or of a cell of the list, which shows fields in columns of its own; and who
// talked, in the tables below the list, where what is asked for has no one field.

import { visibleText } from '../../../shared/codec/text';
import type { FieldNode } from '../../../shared/codec/field';
import { FIELD_TYPES } from '../../../shared/codec/schema';
import { filterOfField, filterOfText } from '../../../shared/filter/fieldFilter';
import type { Conversation, EndpointRow, PacketRow, TableEnd } from '../../../shared/packets/session';
import { isSortColumn } from '../../views/packets/columns';
import { endText } from './bookColumns';

export interface AskedField {
  /** Wireshark's name; '': it is more than one field. */
  readonly name: string;
  /** The filter that finds its like; null: there is none. */
  readonly filter: string | null;
  /** As it is shown. */
  readonly value: string;
}

/** `bytes`: those that the node's place counts in. */
export const askedOfNode = (node: FieldNode, bytes: Uint8Array): AskedField => ({ name: node.name, filter: filterOfField(node, bytes), value: visibleText(node.display) });

/** What a cell stands for; null: nothing that a filter could ask. `fields`: the names of the row's own columns, in order. */
export function askedOfCell(row: PacketRow, column: string, fields: readonly string[]): AskedField | null {
  if (!isSortColumn(column)) {
    const value = row.columns[fields.indexOf(column)] ?? '';
    return value === '' ? null : { name: column, filter: filterOfText(column, value), value };
  }
  switch (column) {
    case 'number': return { name: 'frame.number', filter: `frame.number == ${row.number + 1}`, value: String(row.number + 1) };
    case 'length': return { name: 'frame.len', filter: `frame.len == ${row.length}`, value: String(row.length) };
    case 'source': return address('src', row.source);
    case 'destination': return address('dst', row.destination);
    case 'protocol': return protocol(row.protocol);
    default: return null;
  }
}

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** A name that is shown instead of an address asks nothing: no filter knows names. */
function address(side: 'src' | 'dst', text: string): AskedField | null {
  if (!IPV4.test(text) && !text.includes(':')) return null;
  const name = `${MAC.test(text) ? 'eth' : text.includes(':') ? 'ipv6' : 'ip'}.${side}`;
  return { name, filter: filterOfText(name, text), value: text };
}

/** 'TLSv1.3' is tls, 'HTTP/JSON' http. */
function protocol(shown: string): AskedField | null {
  const name = /^[a-z0-9]+?(?=v\d|\/|$)/.exec(shown.toLowerCase())?.[0] ?? '';
  return FIELD_TYPES.get(name)?.kind === 'protocol' ? { name, filter: name, value: shown } : null;
}

export type TableKind = 'ethernet' | 'ip' | 'tcp' | 'udp';

/** As Wireshark asks for an end: by its address, and by its port where it has one. */
function endFilter(kind: TableKind, { address: of, port }: TableEnd): string {
  const family = kind === 'ethernet' ? 'eth' : of.includes(':') ? 'ipv6' : 'ip';
  return `${family}.addr == ${of}${port === null ? '' : ` && ${kind}.port == ${port}`}`;
}
export const askedOfEnd = (kind: TableKind, end: EndpointRow): AskedField => ({ name: '', filter: endFilter(kind, end), value: endText(end) });
/** What two ends said to each other, either way. */
export const askedOfTalk = (kind: TableKind, { a, b }: Conversation): AskedField => ({ name: '', filter: `${endFilter(kind, a)} && ${endFilter(kind, b)}`, value: `${endText(a)} ↔ ${endText(b)}` });
/** A row of the hierarchy; null: of what no filter knows. */
export const askedOfProtocol = (name: string): AskedField | null => (FIELD_TYPES.get(name)?.kind === 'protocol' ? { name, filter: name, value: name } : null);
