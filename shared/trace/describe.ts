// What facts and segments are called, in the words of the socket API and the protocols: the same in every language, for the
// ladder, the log, the timeline, the inspector and the command line.

import { never } from '../base/assert';
import { TCP_FLAGS } from '../codec/tcp/codec';
import { formatEndpoint } from './endpoint';
import type { Endpoint, Fact } from './event';
import { record, string } from './foldHosts';
import { noteText } from './noteText';
import { parseNote } from './notes';
import { previewBytes, previewText } from './preview';
import type { TraceStore } from './store';
import type { InferredCall, Moment, Segment, SegmentSpecial, Story } from './story';

export interface FactText {
  /** The call: `recv(16)`. '' for what is no call. */
  readonly call: string;
  /** What it returned: `16`, `fd 24`, `ECONNRESET`; `…` while it waits; '' when there is nothing to say. */
  readonly result: string;
  /** Both on one line: `recv(16) → 16`. */
  readonly text: string;
  readonly trouble: boolean;
}

/** Characters of payload in a label, and of printed text. */
const LABEL = 12;
const PRINTED = 60;

export function describeFact(fact: Fact): FactText {
  const { call, result } = parts(fact);
  const trouble = fact.err !== '' || (fact.kind === 'role.ended' && fact.text !== 'done') || (fact.kind === 'lab.ended' && fact.text === 'failed');
  return { call, result, text: call === '' || result === '' ? call + result : `${call} → ${result}`, trouble };
}

/** An inferred call, in the words of a call that was seen. */
export function describeCall(given: InferredCall): FactText {
  const { call } = option(given.text);
  return { call, result: '', text: call, trouble: false };
}

/** The call that a moment is, seen or inferred; null for a segment that nobody's call sends. */
export function describeMoment(story: Story, trace: TraceStore, moment: Moment): FactText | null {
  if (moment.call !== null) return describeCall(story.calls.at(moment.call));
  return moment.seq === null ? null : describeFact(trace.at(moment.seq));
}

interface Parts {
  readonly call: string;
  readonly result: string;
}

const said = (call: string, result: string): Parts => ({ call, result });
const option = (text: string, result = ''): Parts => said(`setsockopt(${text})`, result);

function parts(fact: Fact): Parts {
  const failed = fact.err !== '' ? fact.err : null;
  const remote = at(fact.remote);
  switch (fact.kind) {
    case 'lab.started': return said('', string(record(fact.text)['lab']));
    case 'lab.ended': return said('', failed ?? '');
    case 'host.added': return said('', string(record(fact.text)['address']));
    case 'role.started': return said('main()', '');
    case 'role.ended': return said(fact.text === 'killed' ? 'kill()' : 'exit()', failed ?? '');
    case 'role.printed': return said(`print(“${previewText(fact.text, PRINTED)}”)`, '');
    case 'action.taken': return said(action(fact.text), failed ?? '');
    case 'socket.opened': return said(`socket(${fact.text}, ${fact.b === 2 ? 'SOCK_DGRAM' : 'SOCK_STREAM'})`, failed ?? descriptor(fact.a));
    case 'option.set': return option(fact.text, failed ?? '');
    case 'socket.bound': return said(`bind(${at(fact.local)})`, failed ?? '');
    case 'socket.listened': return said(`listen(${fact.a})`, failed ?? '');
    case 'connect.started': return said(`connect(${remote})`, '…');
    case 'connect.ended': return said(`connect(${remote})`, failed ?? '0');
    case 'accept.started': return said('accept()', '…');
    case 'connection.accepted': return said('accept()', failed ?? descriptor(fact.b));
    case 'bytes.sent': return said(`send(${fact.size})`, failed ?? (fact.a < fact.size && fact.b !== 1 ? `${fact.a}…` : `${fact.a}`));
    case 'send.ended': return said('send()', failed ?? `+${fact.a}`);
    case 'recv.started': return said(`recv(${buffer(fact.a)})`, '…');
    case 'bytes.received': return said(`recv(${buffer(fact.a)})`, failed ?? `${fact.size}`);
    case 'stream.ended': return said(`recv(${buffer(fact.a)})`, '0 (end of stream)');
    case 'stream.shutdown': return said(`shutdown(${['SHUT_RD', 'SHUT_WR', 'SHUT_RDWR'][fact.a] ?? fact.a})`, failed ?? '');
    case 'socket.closed': return said(fact.a === 1 ? 'close() SO_LINGER=0' : 'close()', failed ?? '');
    case 'call.failed': return said(`${fact.text}()`, failed ?? '');
    case 'recvfrom.started': return said(`recvfrom(${buffer(fact.a)})`, '…');
    case 'datagram.sent': return said(fact.b === 1 ? `send(${fact.size})` : `sendto(${fact.size}, ${remote})`, failed ?? `${fact.a}`);
    case 'datagram.received': return said(`recvfrom(${buffer(fact.a)})`, failed ?? `${fact.size}, ${remote}`);
    case 'role.noted': return said(noteText(parseNote(fact.text)), '');
    case 'fault.applied': return said(`${fact.text}(${fact.size > 0 ? `${fact.size} B` : ''}${fact.a > 0 ? `${fact.size > 0 ? ', ' : ''}${fact.a} ms` : ''})`, '');
    case 'tls.secured': return said(secured(fact.text), fact.a === 1 ? 'resumed' : '');
    case 'tls.failed': return said('TLS', failed ?? '');
    case 'plaintext.sent': return said(`SSL_write(${fact.size})`, failed ?? `${fact.a}`);
    case 'plaintext.received': return said('SSL_read()', failed ?? `${fact.size}`);
    case 'key.logged': return said(`keylog ${fact.text.split(' ')[0] ?? ''}`, '');
    case 'select.started': return said(`select(${fact.a < 0 ? '' : `${fact.a} ms`})`, '…');
    case 'select.returned': return said('select()', failed ?? `${fact.a}`);
    case 'packet.captured': return said('', `${fact.size} B`);
    case 'capture.changed': return said('', fact.a === 1 ? `packets recorded by ${fact.text}` : failed ?? `packets no longer recorded${fact.size > 0 ? `, ${fact.size} missed` : ''}`);
    case 'socket.sampled': return said(`${fact.text} ${at(fact.local)}`, fact.a < 0 ? '' : `send queue ${fact.a}, receive queue ${fact.b}`);
    default: return never(fact.kind);
  }
}

const at = (endpoint: Endpoint | null): string => (endpoint === null ? '' : formatEndpoint(endpoint));
const descriptor = (fd: number): string => (fd < 0 ? '' : `fd ${fd}`);
const buffer = (size: number): string => (size > 0 ? `${size}` : '');

/** `TLSv1.3 TLS_AES_128_GCM_SHA256`. */
function secured(text: string): string {
  const session = record(text);
  return `${string(session['version'])} ${string(session['cipher'])}`;
}

/** `kill-server()`, `send-line(text=hello)`. */
function action(text: string): string {
  const given = record(text);
  const args = given['args'];
  const values = typeof args === 'object' && args !== null ? Object.entries(args) : [];
  return `${string(given['action'])}(${values.map(([name, value]) => `${name}=${previewText(String(value), LABEL * 2)}`).join(', ')})`;
}

export interface SegmentText {
  /** `SYN`, `FIN`, `32 B “GET READY↵”`. */
  readonly label: string;
  /** The TCP flags that it carries, in Wireshark's words: `SYN, ACK`; '' for other transports. */
  readonly flags: string;
  /** Bytes of payload. */
  readonly size: number;
}

/** `payload`: the kept bytes of it, or null when they are not at hand. `name`: what they say to their application, where it is known. */
export function describeSegment(segment: Segment, payload: Uint8Array | null, name = ''): SegmentText {
  return { label: name === '' ? label(segment, payload) : `${name} · ${segment.size} B`, flags: tcpFlags(segment).join(', '), size: segment.size };
}

function label(segment: Segment, payload: Uint8Array | null): string {
  switch (segment.kind) {
    case 'syn': return `SYN${special(segment)}`;
    case 'syn-ack': return `SYN, ACK${special(segment)}`;
    case 'ack': return `ACK${special(segment)}`;
    case 'fin': return `FIN${special(segment)}`;
    case 'rst': return 'RST';
    case 'unreachable': return 'ICMP port unreachable';
    case 'data':
    case 'datagram': {
      const preview = payload === null ? '' : previewBytes(payload, LABEL, segment.size);
      const fin = ((segment.flags ?? 0) & TCP_FLAGS.FIN) === 0 ? '' : ', FIN';
      return preview === '' ? `${segment.size} B${fin}${special(segment)}` : `${segment.size} B ${preview}${fin}${special(segment)}`;
    }
    default: return never(segment.kind);
  }
}

/** As Wireshark puts it behind its protocol's name. */
const SPECIAL: Readonly<Record<SegmentSpecial, string>> = {
  retransmission: 'Retransmission', windowUpdate: 'Window Update', zeroWindow: 'Zero Window', duplicateAck: 'Dup ACK', keepAlive: 'Keep-Alive', outOfOrder: 'Out-Of-Order',
};
const special = (segment: Segment): string => (segment.special === null ? '' : ` [${SPECIAL[segment.special]}]`);

/** The flags of a segment. A FIN or a RST goes with ACK, but not the RST that answers a segment with ACK (RFC 9293 3.10.7.1). */
export function tcpFlags(segment: Pick<Segment, 'kind' | 'transport' | 'provenance' | 'flags'>): readonly ('SYN' | 'ACK' | 'PSH' | 'FIN' | 'RST')[] {
  const { flags } = segment;
  if (flags !== null && segment.transport === 'tcp') return (['SYN', 'FIN', 'RST', 'PSH', 'ACK'] as const).filter((flag) => (flags & TCP_FLAGS[flag]) !== 0);
  switch (segment.kind) {
    case 'syn': return ['SYN'];
    case 'syn-ack': return ['SYN', 'ACK'];
    case 'ack': return ['ACK'];
    case 'data': return segment.transport === 'unix' ? [] : ['PSH', 'ACK'];
    case 'fin': return ['FIN', 'ACK'];
    case 'rst': return segment.provenance.evidence === 'inferred' && segment.provenance.rule === 'tcp.rst.data-after-close' ? ['RST'] : ['RST', 'ACK'];
    case 'datagram':
    case 'unreachable': return [];
    default: return never(segment.kind);
  }
}
