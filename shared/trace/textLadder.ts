// The story as lines of text: one moment a line, the client's side left, the server's right, what goes over the wire between them.
// For the command line and for the labs' tests (`stable`: without times, chosen ports and descriptor numbers). Pure; says, never derives.

import { never } from '../base/assert';
import { cut, pad, printable, widthOf } from '../base/textWidth';
import { describeFact, describeMoment, describeSegment } from './describe';
import { formatEndpoint } from './endpoint';
import type { Evidence, Fact } from './event';
import { segmentPayload } from './segmentPayload';
import type { TraceStore } from './store';
import type { Moment, Segment, Story } from './story';

export interface LadderOptions {
  /** Milliseconds since the first fact, at the left. Default true. */
  readonly times?: boolean;
  /** Leaves out what the system chooses anew on each run: times, ephemeral ports (`:e1`, `:e2` instead), descriptors. Default false. */
  readonly stable?: boolean;
  /** Columns of the whole text, at least 80. Default 100. */
  readonly width?: number;
  /** What a captured packet says, by the sequence number of its fact; '' for nothing more than its transport does. Default: the first bytes. */
  readonly says?: (packet: number) => string;
  /** The name of an address, or it itself. Default: addresses. */
  readonly named?: (address: string) => string;
}

const TIME = 11;
const MARK = 2;
const CONN = 4;
const WIRE = 31;
/** Columns that a segment's label may take, and of what lies between labels and the ends of their arrows. */
const LABEL = 23;
const AROUND = 6;
/** Columns of either end where segments say much: an address of IPv4 with its port. */
const NARROW = 22;
/** The first port that a system chooses by itself: 32768 on Linux, 49152 elsewhere (RFC 6335 6). */
const FIRST_EPHEMERAL = 32_768;

/** Lines joined by '\n', the last one ended too. Every line fits the width. */
export function textLadder(story: Story, trace: TraceStore, options: LadderOptions = {}): string {
  const stable = options.stable ?? false;
  const times = !stable && (options.times ?? true);
  const width = Math.max(options.width ?? 100, 80);
  const columns = width - (times ? TIME : 0) - MARK - CONN;
  const side = options.says === undefined ? Math.floor((columns - WIRE) / 2) : NARROW;
  const room: Room = { side, wire: options.says === undefined ? WIRE : columns - 2 * side, normal: stable ? stabilizer() : (text) => text, says: options.says ?? null, named: options.named ?? ((address) => address) };
  const lines: string[] = [headLine(times, room)];
  for (let index = 0; index < story.moments.count; index++) {
    const moment = story.moments.at(index);
    const time = times ? `${(moment.t / 1000).toFixed(3).padStart(TIME - 2)}  ` : '';
    const mark = moment.trouble ? '! ' : '  ';
    const conn = pad(moment.conn === null ? '' : `#${moment.conn}`, CONN);
    lines.push(`${time}${mark}${conn}${body(story, trace, moment, room)}`.trimEnd());
  }
  lines.push(`${times ? ' '.repeat(TIME) : ''}  evidence: ${stroke('captured')} captured  ${stroke('observed')} observed  ${stroke('inferred')} inferred`);
  return `${lines.join('\n')}\n`;
}

interface Room extends Pick<Required<LadderOptions>, 'named'> {
  /** Columns of either end, and of the wire between them. */
  readonly side: number;
  readonly wire: number;
  readonly normal: (text: string) => string;
  readonly says: LadderOptions['says'] | null;
}

function headLine(times: boolean, { side, wire }: Room): string {
  const time = times ? `${'ms'.padStart(TIME - 2)}  ` : '';
  return `${time}  ${pad('conn', CONN + 1)}${pad('clients', side - 1)}${pad('', wire)}servers`;
}

/** Everything right of the connection's number. */
function body(story: Story, trace: TraceStore, moment: Moment, room: Room): string {
  const { side, wire: between, normal, says } = room;
  const segment = moment.segment === null ? null : story.segments.at(moment.segment);
  const call = clean(callText(story, trace, moment), normal);
  const actor = moment.role === null ? '' : (story.role(moment.role)?.id ?? '');
  if (segment === null) {
    const text = actor === '' ? call : `${actor}  ${call}`;
    return isRight(story, moment) ? fromRight(text, room) : cut(text, side + between + side);
  }
  const payload = segmentPayload(trace, segment);
  const packet = segment.provenance.evidence === 'captured' ? segment.provenance.packet : null;
  const told = packet === null ? '' : (says?.(packet) ?? '');
  const label = told === '' ? cut(clean(describeSegment(segment, payload).label, normal), LABEL) : cut(clean(told, normal), between - AROUND);
  const goesRight = pointsRight(story, segment);
  const from = actor === '' ? whoIs(story, segment, 'from', room) : `${actor}  ${call}`;
  const to = whoIs(story, segment, 'to', room);
  const [left, right] = goesRight ? [from, to] : [to, from];
  // A long call takes columns from the wire, as far as the label leaves some.
  const shortest = widthOf(label) + AROUND;
  const leftWidth = Math.max(side, Math.min(widthOf(left) + 1, side + between - shortest));
  const rightWidth = Math.max(side, Math.min(widthOf(right) + 1, side + side + between - leftWidth - shortest));
  const wire = arrow(label, side + between + side - leftWidth - rightWidth, segment.provenance.evidence, goesRight, segment.fate === 'lost');
  return `${pad(cut(left, leftWidth - 1), leftWidth)}${wire} ${cut(right, rightWidth - 1)}`;
}

/** The call that a moment is, a fact or inferred; what is not seen is dotted here too. '' for a segment. */
function callText(story: Story, trace: TraceStore, moment: Moment): string {
  if (moment.seq !== null) return factText(trace.at(moment.seq));
  const call = describeMoment(story, trace, moment);
  return call === null ? '' : `${stroke('inferred')} ${call.text}`;
}

/** What happened, in the words that all views use; the lab's end is no call, so it is said here. */
function factText(fact: Fact): string {
  const { text } = describeFact(fact);
  if (fact.kind !== 'lab.ended') return text;
  return fact.text === 'reached' ? '== the lab reached its end' : `== the lab ${fact.text === 'stopped' ? 'was stopped' : `failed: ${fact.err}`}`;
}

/** `·· SYN ··············>`, so many columns; what is known to be lost ends in x. */
function arrow(label: string, width: number, evidence: Evidence, right: boolean, lost: boolean): string {
  const line = stroke(evidence).charAt(0);
  const rest = line.repeat(Math.max(width - AROUND - widthOf(label), 0));
  const head = lost ? 'x' : right ? '>' : '<';
  return right ? `${line}${line} ${label} ${rest}${line}${head}` : `${head}${line}${rest} ${label} ${line}${line}`;
}

function stroke(evidence: Evidence): string {
  switch (evidence) {
    case 'captured': return '──';
    case 'observed': return '--';
    case 'inferred': return '··';
    case 'model': return '~~';
    default: return never(evidence);
  }
}

/** Starts at the right column, or as far left of it as its length needs. */
function fromRight(text: string, { side, wire }: Room): string {
  const all = side + wire + side;
  const fitting = cut(text, all);
  return `${' '.repeat(Math.min(side + wire, all - widthOf(fitting)))}${fitting}`;
}

/** A connection's up direction goes from client to server; datagrams go right when they leave a client or reach a server. */
function pointsRight(story: Story, segment: Segment): boolean {
  if (segment.dir !== null) return segment.dir === 'up';
  const from = kindOf(story, segment.fromSock);
  if (from !== null) return from === 'client';
  return kindOf(story, segment.toSock) !== 'client';
}

function isRight(story: Story, moment: Moment): boolean {
  const role = moment.role === null ? null : story.role(moment.role);
  return role !== null && role.kind !== 'client';
}

function kindOf(story: Story, sock: Segment['fromSock']): 'client' | 'server' | null {
  const socket = sock === null ? null : story.socket(sock);
  const kind = socket === null ? null : (story.role(socket.role)?.kind ?? null);
  // A relay stands on the clients' side of its servers.
  return kind === 'relay' ? 'server' : kind;
}

/** The role at one end of a segment; for a program that is not ours: its address; nobody's end: the endpoint. */
function whoIs(story: Story, segment: Segment, end: 'from' | 'to', { normal, named }: Room): string {
  const sock = end === 'from' ? segment.fromSock : segment.toSock;
  const socket = sock === null ? null : story.socket(sock);
  const role = socket === null ? null : story.role(socket.role);
  if (role !== null) return role.id;
  const endpoint = end === 'from' ? segment.from : segment.to;
  const name = named(endpoint.address);
  return normal(name === endpoint.address ? formatEndpoint(endpoint) : `${name}:${endpoint.port}`);
}

const clean = (text: string, normal: (text: string) => string): string => normal(printable(text));

/**
 * Replaces what the system chooses: ports by the order in which they appear, descriptors by their absence, times of day. The system may choose one
 * number for two addresses, and once more when it is free again: a name is that of an address's port from its bind() on.
 */
function stabilizer(): (text: string) => string {
  const ports = new Map<string, string>();
  let named = 0;
  return (text) => text
    .replace(/(bind\()?((?:\d+\.){3}\d+|\]):(\d{5})\b/g, (whole, bound: string | undefined, address: string, port: string) => {
      if (Number(port) < FIRST_EPHEMERAL) return whole;
      const key = `${address}:${port}`;
      const known = bound === undefined ? ports.get(key) : undefined;
      const name = known ?? `e${++named}`;
      ports.set(key, name);
      return `${bound ?? ''}${address}:${name}`;
    })
    .replace(/→ fd \d+/g, '→ fd') // not the byte fd of a payload in hexadecimal
    .replace(/\d{4}-\d\d-\d\dT[\d:.]*(?:Z|[+-]\d\d:?\d\d)?…?/g, '<time>');
}
