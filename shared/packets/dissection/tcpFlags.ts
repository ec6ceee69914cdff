// What the connection tells about a segment's flags and options, beside the bits that are there: who closes first, accurate ECN (RFC 9768), blocks of
// SACK in relative numbers and duplicates among them (RFC 2883). Wireshark's names.

import { TCP_FLAGS, tcpFlagsText, type TcpHeader } from '../../codec/tcp/codec';
import { generated, type FieldNode } from '../../codec/field';
import type { TcpNumbers } from '../analysis/tcpAnalysis';

/** The letters of tcp.flags.str, from AE's place on; reserved bits as R. */
const LETTERS = 'RRRACEUAPRSF';
const MARKS = TCP_FLAGS.AE | TCP_FLAGS.CWR | TCP_FLAGS.ECE;
const MARKS_SHIFT = 6;
const SINGLE_MARKS: ReadonlySet<string> = new Set(['tcp.flags.ae', 'tcp.flags.cwr', 'tcp.flags.ece']);
/** Kinds of the options that a Fast Open cookie comes in (RFC 7413 4.1.1): its own, and that of experiments with this number. */
const FAST_OPEN = { kind: 34, experiments: [253, 254], experiment: 0xf989 } as const;

/** The node of tcp.flags with what it means here. */
export function flagsNode(node: FieldNode, numbers: TcpNumbers | null): FieldNode {
  const flags = Number(node.value);
  const accurate = numbers?.accurateEcn ?? false;
  const marks = (flags & MARKS) >> MARKS_SHIFT;
  const letters = lettersOf(flags);
  const text = accurate ? `${letters.slice(0, 3)}-${marks}-${letters.slice(6)}` : letters;
  const children = accurate ? node.children.flatMap((child) => (child.name === 'tcp.flags.ae' ? [ace(child, marks)] : SINGLE_MARKS.has(child.name) ? [] : [child])) : node.children;
  const notes = turns(flags, numbers).map((name) => generated(name, null, name.replace('tcp.connection.', '').replaceAll('_', ' '), node.start, node.length));
  const display = accurate ? `${tcpFlagsText(flags & ~MARKS)}, ACE=${marks}` : node.display;
  return { ...node, display, children: [...children, ...notes, generated('tcp.flags.str', text, text, node.start, node.length)] };
}

/** By flags. */
const spelled: string[] = [];
const lettersOf = (flags: number): string => (spelled[flags] ??= Array.from(LETTERS, (letter, i) => ((flags >> (11 - i)) & 1 ? letter : '·')).join(''));

/** The counter of congestion marks, three bits as one number (RFC 9768 3.2.2). */
const ace = (node: FieldNode, marks: number): FieldNode => ({ ...node, name: 'tcp.flags.ace', value: marks, display: String(marks), bits: { mask: MARKS, shift: MARKS_SHIFT } });

/** Turns of the connection's life: opened, accepted, closed by whom, broken off. */
function turns(flags: number, numbers: TcpNumbers | null): string[] {
  if (numbers === null) return [];
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const syn = !has(TCP_FLAGS.SYN) ? [] : [has(TCP_FLAGS.ACK) ? 'tcp.connection.synack' : 'tcp.connection.syn'];
  const fin = !has(TCP_FLAGS.FIN) ? [] : ['tcp.connection.fin', numbers.closes === 'first' ? 'tcp.connection.fin_active' : 'tcp.connection.fin_passive'];
  return [...syn, ...fin, ...(has(TCP_FLAGS.RST) ? ['tcp.connection.rst'] : [])];
}

/** Options with the edges of SACK blocks counted from where the peer's numbers begin. */
export function relativeOptions(options: FieldNode, ackRaw: number, { acknowledgment }: TcpNumbers): FieldNode {
  if (acknowledgment === null) return options;
  const base = (ackRaw - acknowledgment) >>> 0;
  return { ...options, children: options.children.map((option) => (option.name === 'tcp.options.sack' ? relativeBlocks(option, base, acknowledgment) : option)) };
}

function relativeBlocks(option: FieldNode, base: number, acknowledged: number): FieldNode {
  const children = option.children.map((node): FieldNode => {
    if (node.name !== 'tcp.options.sack_le' && node.name !== 'tcp.options.sack_re') return node;
    const value = (Number(node.value) - base) >>> 0;
    return { ...node, value, display: String(value) };
  });
  const edges = (name: string): FieldNode[] => children.filter((node) => node.name === name);
  const left = edges('tcp.options.sack_le');
  const right = edges('tcp.options.sack_re');
  const display = `SACK ${left.map((node, i) => `${node.display}–${right[i]?.display ?? ''}`).join(' ')}`;
  const [first, second] = left;
  const [firstEnd, secondEnd] = right;
  if (first === undefined || firstEnd === undefined) return { ...option, display, children };
  // RFC 2883 4: the first block came twice when it lies before what is acknowledged, or in the second one.
  const within = second !== undefined && secondEnd !== undefined && !isBefore(first, second.value) && !isBefore(secondEnd, firstEnd.value);
  if (!isBefore(first, acknowledged) && !within) return { ...option, display, children };
  const again = (name: string, node: FieldNode): FieldNode => generated(name, node.value, node.display, node.start, node.length);
  return { ...option, display, children: [...children, again('tcp.options.sack.dsack_le', first), again('tcp.options.sack.dsack_re', firstEnd), generated('tcp.options.sack.dsack', null, 'came twice', first.start, 8)] };
}

/** RFC 9293 3.4: numbers are compared around the circle. */
const isBefore = (node: FieldNode, number: FieldNode['value']): boolean => ((Number(node.value) - Number(number)) | 0) < 0;

/** What is remarkable about the options: the segment size where it is not said, or said too late, and Fast Open with a cookie. */
export function optionNotes({ flags, options }: TcpHeader, numbers: TcpNumbers | null): FieldNode[] {
  if (numbers === null) return [];
  const note = (name: string, display: string): FieldNode => generated(name, null, display, 0, 0);
  const opens = (flags & TCP_FLAGS.SYN) !== 0;
  const sized = options.some(({ kind }) => kind === 'mss');
  const notes: FieldNode[] = [];
  // RFC 9293 3.7.1: in segments with SYN only; without it the peer takes 536 B. A header without any options says nothing.
  if (opens && !sized && options.length > 0) notes.push(note('tcp.options.mss.absent', 'no segment size said'));
  if (!opens && sized) notes.push(note('tcp.options.mss.present', 'segment size without SYN'));
  if (!opens) return notes;
  const accepts = (flags & TCP_FLAGS.ACK) !== 0;
  if (!accepts && options.some((option) => option.kind === 'other' && holdsCookie(option.code, option.data))) notes.push(note('tcp.analysis.tfo_syn', 'opened with a cookie'));
  // The SYN's data is acknowledged along with it (RFC 7413 4.2.2).
  if (accepts && (numbers.acknowledgment ?? 0) > 1) notes.push(note('tcp.analysis.tfo_ack', 'takes the data of the SYN'));
  return notes;
}

function holdsCookie(code: number, data: Uint8Array): boolean {
  if (code === FAST_OPEN.kind) return data.length > 0;
  return FAST_OPEN.experiments.some((kind) => kind === code) && data.length > 2 && ((data[0] ?? 0) << 8 | (data[1] ?? 0)) === FAST_OPEN.experiment;
}
