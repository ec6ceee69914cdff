// The 'frame' layer: what the capture says of a packet before any protocol does. Numbers, times, lengths, interface, comment; all generated.

import type { DissectedLayer } from '../../codec/dissect';
import { generated, group, type FieldNode } from '../../codec/field';
import { encapsulationOf } from '../../codec/frame/encapsulation';
import { linkTypeName } from '../../codec/linkTypes';
import { visibleText } from '../../codec/text';
import type { CaptureFacts } from '../captureFacts';
import type { PacketTable } from '../packetTable';
import { momentOf, spanField, spanText, type Moment } from './times';

const EPOCH: Moment = [0, 0];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Times that a frame's are told from: of the capture's first packet, of the one before, and of the one shown before (null: none). */
export interface FrameTimes {
  readonly displayedBefore: number | null;
}

/** `protocols`: 'eth:ethertype:ip:tcp'. */
export function frameLayer(table: PacketTable, facts: CaptureFacts, number: number, protocols: string, { displayedBefore }: FrameTimes): DissectedLayer {
  const { chunk, row } = table.locate(number);
  const moment = momentOf(table, number);
  const captured = chunk.captured[row] ?? 0;
  const wire = chunk.wire[row] ?? 0;
  const iface = chunk.iface[row] ?? 0;
  const one = facts.interfaces[iface];
  const field = (name: string, value: FieldNode['value'], display = String(value)): FieldNode => generated(name, value, display, 0, 0);
  const before = number > 0 ? momentOf(table, number - 1) : moment;
  const shown = displayedBefore === null ? moment : momentOf(table, displayedBefore);
  const nodes: FieldNode[] = [];
  if (facts.format === 'pcapng') {
    const names = [
      ...(one?.name ? [field('frame.interface_name', one.name, visibleText(one.name))] : []),
      ...(one?.description ? [field('frame.interface_description', one.description, visibleText(one.description))] : []),
    ];
    nodes.push({ ...field('frame.interface_id', iface), children: names });
  }
  const encapsulation = one === undefined ? 0 : encapsulationOf(one.linkType);
  if (one !== undefined) nodes.push(field('frame.encap_type', encapsulation, `${linkTypeName(one.linkType).title} (${encapsulation})`));
  if (one !== undefined && facts.format === 'pcapng') nodes.push(field('frame.section_number', one.section + 1));
  nodes.push(
    field('frame.time', moment[0] + moment[1] / 1e9, dateText(moment)), spanField('frame.time_epoch', EPOCH, moment), spanField('frame.offset_shift', EPOCH, EPOCH), spanField('frame.time_delta', before, moment), spanField('frame.time_delta_displayed', shown, moment),
    spanField('frame.time_relative', momentOf(table, 0), moment), field('frame.number', number + 1), field('frame.len', wire, `${wire} B`), field('frame.cap_len', captured, `${captured} B`), field('frame.marked', false), field('frame.ignored', false), field('frame.protocols', protocols),
  );
  const comment = facts.packetComments.get(number);
  if (comment !== undefined) nodes.push(field('frame.comment', comment, visibleText(comment)));
  const tree: FieldNode = { ...group('frame', `Frame ${number + 1}`, 0, captured, nodes), generated: true };
  return {
    protocol: 'frame', title: 'Frame', layer: 'link', start: 0, length: 0, payload: { start: 0, end: captured }, tree, quoted: false,
    status: { status: 'complete', value: null, length: 0, payload: { start: 0, end: captured, missing: Math.max(0, wire - captured) }, next: [], inside: {}, quotes: false },
  };
}

/** 'Nov  7, 2026 09:30:00.000000000 UTC'. A time that no calendar holds stays a number. */
export function dateText(moment: Moment): string {
  // Packets of one second follow each other.
  if (latest.seconds !== moment[0]) latest = { seconds: moment[0], text: secondText(moment[0]) };
  return latest.text === null ? spanText(EPOCH, moment) : `${latest.text}.${String(moment[1]).padStart(9, '0')} UTC`;
}

let latest: { readonly seconds: number; readonly text: string | null } = { seconds: Number.NaN, text: null };

function secondText(seconds: number): string | null {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2)}, ${date.getUTCFullYear()} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}
