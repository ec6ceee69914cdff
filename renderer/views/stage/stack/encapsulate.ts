// The way of one message through the stacks: which headers it has at which stop, and where it is, as a function of its progress
// (0 has not left, 1 has arrived). Pure; header sizes come from captured bytes where there are any, else from rebuilt ones.

import { codecs, dissect, type DissectedLayer } from '../../../../shared/codec/dissect';
import type { Layer } from '../../../../shared/codec/codec';
import { headersFrames } from '../../../../shared/trace/headersFrames';
import { knownPorts } from '../../../../shared/trace/knownPorts';
import type { TraceStore } from '../../../../shared/trace/store';
import type { Story } from '../../../../shared/trace/story';

/** Rows of a stack, from the top. TLS belongs to the application layer; where it is used, it is a row of its own. */
export type Row = Layer | 'tls';
export const LAYERS = ['application', 'transport', 'internet', 'link'] as const satisfies readonly Row[];
export const LAYERS_WITH_TLS = ['application', 'tls', 'transport', 'internet', 'link'] as const satisfies readonly Row[];

export interface Header {
  readonly layer: Row;
  /** 'TCP', 'IPv4', 'Ethernet'. */
  readonly title: string;
  readonly bytes: number;
}

/** What TLS does with a message: it carries bytes of a program, or is a message of its own (a handshake, an alert). */
export type TlsPart = 'carries' | 'own';

export interface Carried {
  /** Innermost first. */
  readonly headers: readonly Header[];
  /** The application's protocol where its bytes begin here ('DNS'), else ''. */
  readonly protocol: string;
  readonly tls: TlsPart | null;
  /** Whether the headers were seen. */
  readonly captured: boolean;
}

/** Bytes of a record's header and the type of a record that carries an application's bytes (RFC 8446 5.1). */
const RECORD = { header: 5, applicationData: 23 } as const;

/** The headers of a segment and what they carry; null when its addresses are not known. `name`: of the message (Labels.segment). */
export function carriedBy(story: Story, trace: TraceStore, segment: number, name = ''): Carried | null {
  // AF_UNIX: the kernel puts the bytes from one socket into the other. There is nothing to put in front of them.
  if (story.segments.at(segment).transport === 'unix') return { headers: [], protocol: '', tls: null, captured: false };
  const [frame] = headersFrames(story, trace, segment);
  if (frame === undefined) return null;
  const captured = frame.source === 'captured';
  const layers = dissect(frame.bytes, frame.linkType, frame.missing, knownPorts(story)).filter((layer) => !layer.quoted);
  const headers = layers
    .filter((layer) => layer.layer !== 'application')
    .map((layer): Header => ({ layer: layer.layer, title: layer.title, bytes: layer.length }))
    .reverse();
  const records = recordsOf(layers, frame.bytes.subarray(frame.payloadStart), name);
  if (records === 0) return { headers, protocol: layers.find((layer) => layer.layer === 'application' && layer.protocol !== 'data')?.title ?? '', tls: null, captured };
  const type = frame.bytes[frame.payloadStart];
  const own = type !== RECORD.applicationData || (name !== '' && !name.startsWith('Application Data'));
  return { headers: [{ layer: 'tls', title: 'TLS', bytes: records * RECORD.header }, ...headers], protocol: '', tls: own ? 'own' : 'carries', captured };
}

/** How many TLS records the bytes are: by their port, or, of a message with a name, by what they look like. */
function recordsOf(layers: readonly DissectedLayer[], payload: Uint8Array, name: string): number {
  const known = layers.filter((layer) => layer.protocol === 'tls').length;
  if (known > 0 || name === '' || layers.some((layer) => layer.layer === 'application' && layer.protocol !== 'data')) return known;
  return payload.length >= RECORD.header && codecs.get('tls')?.decode(payload, {}).status !== 'malformed' ? 1 : 0;
}

export type Side = 'sender' | 'receiver';

export interface Stop {
  readonly side: Side;
  /** Row of the stack, from the application's 0 on; the last is the wire. */
  readonly row: number;
  /** Headers that it comes with, and that it leaves with. */
  readonly comes: number;
  readonly leaves: number;
}

/** The stops of a message: down one side, along the wire, up the other. What carries no bytes never meets the application. */
export function stopsOf(headers: readonly Header[], carriesBytes: boolean, rows: readonly Row[] = LAYERS): readonly Stop[] {
  const rowOf = (layer: Row): number => rows.indexOf(layer);
  const down: Stop[] = carriesBytes ? [{ side: 'sender', row: 0, comes: 0, leaves: 0 }] : [];
  // Two headers of one layer (ICMP in IP) are put on in one row.
  headers.forEach((header, index) => {
    const last = down.at(-1);
    if (last !== undefined && last.row === rowOf(header.layer) && last.leaves > 0) down[down.length - 1] = { ...last, leaves: index + 1 };
    else down.push({ side: 'sender', row: rowOf(header.layer), comes: index, leaves: index + 1 });
  });
  const all = headers.length;
  const wire = (side: Side): Stop => ({ side, row: rows.length, comes: all, leaves: all });
  const up = down.map((stop): Stop => ({ side: 'receiver', row: stop.row, comes: stop.leaves, leaves: stop.comes })).reverse();
  return [...down, wire('sender'), wire('receiver'), ...up];
}

export interface Place {
  /** Column: 0 the sender's, 1 the receiver's; between them on the wire. */
  readonly column: number;
  /** Row, with a fraction between two. */
  readonly row: number;
  /** Headers to draw, innermost first; the outermost is `grown` (0 to 1) of its width. */
  readonly headers: number;
  readonly grown: number;
  /** Index of the stop that it is at or has left last. */
  readonly stop: number;
}

/** Part of each leg that the message rests at its stop, where headers are put on and taken off. */
const REST = 0.45;

/** Where a message is. `still`: reduced motion, only at stops. */
export function placeAt(stops: readonly Stop[], progress: number, still: boolean, rows: readonly Row[] = LAYERS): Place {
  const last = stops.length - 1;
  const way = Math.min(Math.max(progress, 0), 1) * last;
  const index = still ? Math.min(Math.round(way), last) : Math.min(Math.floor(way), last);
  const here = stops[index] as Stop;
  const next = stops[Math.min(index + 1, last)] as Stop;
  const part = still || index === last ? 1 : way - index;
  const rest = here.row === rows.length ? 0 : REST;
  const done = rest === 0 ? 1 : Math.min(1, part / rest);
  const moved = still || index === last ? 0 : Math.max(0, (part - rest) / (1 - rest));
  const eased = moved * moved * (3 - 2 * moved);
  const column = (stop: Stop): number => (stop.side === 'sender' ? 0 : 1);
  const growing = here.leaves > here.comes;
  const shedding = here.leaves < here.comes;
  return {
    column: column(here) + (column(next) - column(here)) * eased,
    row: here.row + (next.row - here.row) * eased,
    headers: growing ? here.leaves : shedding && done >= 1 ? here.leaves : here.comes,
    grown: growing ? done : shedding && done < 1 ? 1 - done : 1,
    stop: index,
  };
}
