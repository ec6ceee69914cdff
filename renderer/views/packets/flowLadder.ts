// Where the rows of a flow's ladder are drawn: one packet a row, an arrow between two lifelines, its line above it. Pure: packets and width in, places out.

import { cut } from '../../../shared/base/textWidth';
import { visibleText } from '../../../shared/codec/text';
import type { FlowPacket } from '../../../shared/packets/session';
import { secondsText } from '../../ui/numbers';

export const LADDER_ROW = 30;
/** Packets that a ladder has room for; the list has them all. */
export const MOST_LADDER = 500_000;
/** px for number and time on the left, and of the air on the right; px that an arrow falls. */
const LEFT = 176;
const RIGHT = 96;
const FALL = 8;
/** Letters of a time that there is room for beside the number. */
const TIME = 12;
/** px of a letter of a label at the usual size of text. */
const LETTER = 6.3;

export interface LadderLines {
  readonly a: number;
  readonly b: number;
}

export interface LadderArrow {
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly fall: number;
  readonly label: string;
  readonly full: string;
  readonly tone: 'app' | 'transport' | 'bad';
}

/** px of the two lifelines. `scale`: of the text. */
export const ladderLines = (width: number, scale: number): LadderLines => ({ a: LEFT * scale, b: Math.max(width - RIGHT * scale, LEFT * scale + 120) });

export function ladderArrow(packet: FlowPacket, row: number, { a, b }: LadderLines, rowHeight: number, scale: number): LadderArrow {
  const full = visibleText(lineOf(packet));
  const tone = packet.trouble === 'warn' || packet.trouble === 'error' ? 'bad' : packet.payload > 0 ? 'app' : 'transport';
  return { y: row * rowHeight, from: packet.back ? b : a, to: packet.back ? a : b, fall: FALL * scale, label: cut(full, Math.floor((b - a - 30) / (LETTER * scale))), full, tone };
}

/** Seconds since the capture began, ns `time`: as many digits behind the mark as the list has, fewer where they would reach into the number. */
export function ladderTime(time: number, fine: boolean): string {
  const whole = String(Math.trunc(time / 1e9)).length;
  return secondsText(time, Math.max(Math.min(fine ? 9 : 6, TIME - whole - 1), 1));
}

/** The arrow says the ports already. */
const lineOf = ({ info, protocol }: FlowPacket): string => {
  const line = info.replace(/^((?:\[[^\]]*\] )*)\d+ → \d+ /u, '$1');
  return protocol === 'TCP' || protocol === 'UDP' ? line : `${protocol}: ${line}`;
};
