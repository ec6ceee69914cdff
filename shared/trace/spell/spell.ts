// Calls as lines of code in three languages, with what they returned: from the facts of roleCalls.ts to what the sockets view draws. A line
// says only what had happened up to a fact; what the call would return later is not in it.

import { never } from '../../base/assert';
import { formatEndpoint } from '../endpoint';
import type { Fact } from '../event';
import { previewBytes } from '../preview';
import { selectSets } from '../selectSets';
import type { TraceStore } from '../store';
import type { Story } from '../story';
import { c } from './c';
import { callOf, optionCall, type Call } from './call';
import { python } from './python';
import type { SocketNames } from './names';
import type { RoleCalls } from './roleCalls';
import { typeScript, type Aside } from './typeScript';

export const LANGUAGES = ['python', 'c', 'typescript'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a call waits for: sentences sockets.waits.<name>. */
export type Waits = 'client' | 'answer' | 'bytes' | 'datagram' | 'room' | 'ready';

export interface CodeLine {
  /** One line or more, divided by '\n'; '' where the language has no call for it. */
  readonly text: string;
  readonly aside: Aside | null;
  /** What it returned: 'fd 24', '16 “GET READY↵”', '0'; '' while it waits, when it failed, for what returns nothing. */
  readonly result: string;
  /** errno name; '' when it succeeded. */
  readonly errno: string;
  /** It waits, and for what. Null: it has returned. */
  readonly waits: Waits | null;
  /** recv() returned 0: the end of the stream. */
  readonly ended: boolean;
}

const PREVIEW = 14;

/** Spells call `index` of a role as it stands once fact `until` has happened. */
export function spell(language: Language, story: Story, trace: TraceStore, calls: RoleCalls, index: number, until: number): CodeLine {
  const inferred = calls.inferred.at(index);
  const start = trace.at(calls.starts.at(index));
  if (inferred >= 0) {
    const given = story.calls.at(inferred);
    return { ...words(language, optionCall(calls.names.of(given.sock), given.text, calls.names.isDatagram(given.sock))), result: '0', errno: '', waits: null, ended: false };
  }
  const end = calls.ends.at(index);
  const returned = end < 0 || end > until ? null : end === start.seq ? start : trace.at(end);
  const call = callOf(start, returned, (seq) => trace.payload(seq), calls.names, calls.flags.at(index));
  if (call === null) throw new Error(`fact ${start.seq}, ${start.kind}, is no call`);
  const said = { ...words(language, call), result: '', errno: '', waits: null, ended: false };
  if (returned === null) return { ...said, waits: waitsFor(call) };
  if (returned.err !== '') return { ...said, errno: returned.err };
  return { ...said, result: resultOf(start, returned, trace, calls.names), ended: returned.kind === 'stream.ended' };
}

function words(language: Language, call: Call): Pick<CodeLine, 'text' | 'aside'> {
  switch (language) {
    case 'python': return { text: python(call), aside: null };
    case 'c': return { text: c(call), aside: null };
    case 'typescript': {
      const spelled = typeScript(call);
      return 'text' in spelled ? { text: spelled.text, aside: null } : { text: '', aside: spelled.aside };
    }
    default: return never(language);
  }
}

function waitsFor(call: Call): Waits | null {
  switch (call.name) {
    case 'accept': return 'client';
    case 'connect': return 'answer';
    case 'recv': return 'bytes';
    case 'recvfrom': return 'datagram';
    case 'send': case 'sendto': return 'room';
    case 'select': return 'ready';
    case 'socket': case 'setsockopt': case 'bind': case 'listen': case 'shutdown': case 'close': case 'print': case 'exit': return null;
    default: return never(call);
  }
}

const fd = (number: number): string => (number < 0 ? '' : `fd ${number}`);

function resultOf(start: Fact, returned: Fact, trace: TraceStore, names: SocketNames): string {
  switch (returned.kind) {
    case 'socket.opened': return fd(returned.a);
    case 'connection.accepted': return fd(returned.b);
    case 'bytes.sent': case 'datagram.sent': return `${returned.a}`;
    case 'send.ended': return `${start.kind === 'bytes.sent' ? Math.max(0, start.a) + returned.a : returned.a}`;
    case 'bytes.received': case 'datagram.received': {
      const from = returned.kind === 'datagram.received' && returned.remote !== null ? ` ← ${formatEndpoint(returned.remote)}` : '';
      return `${returned.size} ${previewBytes(trace.payload(returned.seq), PREVIEW, returned.size)}${from}`.trimEnd();
    }
    case 'select.returned': {
      const { read, write } = selectSets(returned.text);
      return [read, write].map((set) => `[${set.map((sock) => names.of(sock)).join(', ')}]`).join(' ');
    }
    case 'stream.ended': case 'option.set': case 'socket.bound': case 'socket.listened': case 'connect.ended': case 'stream.shutdown': case 'socket.closed': return '0';
    default: return '';
  }
}
