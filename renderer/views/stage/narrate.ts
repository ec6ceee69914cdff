// The one line under the stage: what happens at this position, in plain words. Gives a message key of stage.json with its parameters
// (taken from facts) and says how we know it. Pure; the words are data.

import { describeFact } from '../../../shared/trace/describe';
import { formatEndpoint, isPath } from '../../../shared/trace/endpoint';
import type { Endpoint, Fact } from '../../../shared/trace/event';
import { previewText } from '../../../shared/trace/preview';
import { snapshotAt } from '../../../shared/trace/snapshot';
import type { Segment } from '../../../shared/trace/story';
import { narrateSegment } from './narrateSegment';
import type { Narration, NarrationInput } from './narration';
import { formatBytes } from './segmentText';

const PRINTED = 60;

/** What the last moment before the snapshot's position was; null before the first. */
export function narrate(input: NarrationInput): Narration | null {
  const { story, trace, snapshot, labels } = input;
  const index = Math.min(snapshot.position, story.moments.count) - 1;
  if (index < 0) return null;
  const moment = story.moments.at(index);
  const segment = moment.segment === null ? null : story.segments.at(moment.segment);
  if (moment.call !== null) {
    const call = story.calls.at(moment.call);
    const role = story.role(call.role);
    return { key: 'option', params: { role: role === null ? '' : labels.role(role.id), option: call.text }, evidence: moment.evidence, trouble: false };
  }
  if (moment.seq === null) {
    if (segment === null) return null;
    return { ...narrateSegment(input, segment), evidence: moment.evidence, trouble: moment.trouble };
  }
  const said = narrateFact(input, trace.at(moment.seq), segment);
  return { ...said, evidence: moment.evidence, trouble: moment.trouble || said.key.endsWith('.nobody') };
}

interface Said {
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
}

const at = (endpoint: Endpoint | null): string => (endpoint === null ? '' : formatEndpoint(endpoint));

function narrateFact(input: NarrationInput, fact: Fact, segment: Segment | null): Said {
  const { story, labels } = input;
  const roleModel = story.role(fact.role);
  const role = roleModel === null ? '' : labels.role(roleModel.id);
  const err = fact.err;
  const call = describeFact(fact).call;
  const say = (key: string, params: Readonly<Record<string, string>> = {}): Said => ({ key, params: { role, err, call, ...params } });
  const failed = err !== '';
  switch (fact.kind) {
    case 'role.started':
      return say('roleStarted');
    case 'role.ended':
      return say(fact.text === 'killed' ? 'roleKilled' : fact.text === 'failed' ? (failed ? 'roleFailed' : 'roleGaveUp') : 'roleDone');
    case 'role.printed':
      return say('printed', { text: previewText(fact.text, PRINTED) });
    case 'action.taken':
      return say('action');
    case 'role.noted':
      return say('noted');
    case 'fault.applied':
      return say(`fault.${fact.text}`, { bytes: formatBytes(fact.size), ms: `${fact.a}` });
    case 'tls.secured':
      return say(fact.a === 1 ? 'tlsResumed' : 'tlsSecured');
    case 'tls.failed':
      return say('tlsFailed');
    case 'plaintext.sent':
      return say('plaintextSent', { bytes: formatBytes(fact.size) });
    case 'plaintext.received':
      return say('plaintextReceived', { bytes: formatBytes(fact.size) });
    case 'lab.ended':
      return say(fact.text === 'reached' ? 'labReached' : fact.text === 'stopped' ? 'labStopped' : 'labFailed');
    case 'socket.opened':
      return say(failed ? 'failed' : fact.b === 2 ? 'openedDatagram' : fact.text === 'AF_UNIX' ? 'openedUnix' : 'openedStream');
    case 'option.set':
      return say(failed ? 'failed' : 'option', { option: fact.text });
    case 'socket.bound':
      return say(err === 'EADDRINUSE' ? 'addressInUse' : failed ? 'failed' : 'bound', { local: at(fact.local) });
    case 'socket.listened':
      return say(err === 'EADDRINUSE' ? 'addressInUse' : failed ? 'failed' : 'listened', { local: at(fact.local), backlog: `${fact.a}` });
    case 'connect.started':
      return say('connecting', { remote: at(fact.remote) });
    case 'connect.ended':
      return say(err === 'ECONNREFUSED' ? 'refused' : failed ? 'failed' : isPath(fact.remote?.address ?? '') ? 'connectedUnix' : 'connected', { remote: at(fact.remote), local: at(fact.local) });
    case 'accept.started':
      return say('accepting');
    case 'connection.accepted':
      return failed ? say('failed') : isPath(fact.local?.address ?? '') ? say('acceptedUnix', { fd: `${fact.b}` }) : say(fact.b < 0 ? 'acceptedNoFd' : 'accepted', { fd: `${fact.b}`, remote: at(fact.remote) });
    case 'bytes.sent':
      return failed ? say(err === 'EPIPE' || err === 'ECONNRESET' ? 'sendBroken' : 'failed') : narrateSend(input, fact, segment, say);
    case 'send.ended':
      return say(failed ? 'failed' : 'sendEnded', { bytes: formatBytes(fact.a) });
    case 'recv.started':
      return say(unreadOf(input, fact) > 0 ? 'receivingReady' : 'receiving', { bytes: formatBytes(unreadOf(input, fact)) });
    case 'bytes.received': {
      const rest = unreadOf(input, fact);
      return failed ? say('failed') : say(rest > 0 ? 'receivedSome' : 'receivedAll', { bytes: formatBytes(fact.size), rest: formatBytes(rest) });
    }
    case 'stream.ended':
      return say('endOfStream');
    case 'stream.shutdown':
      return say(failed ? 'failed' : fact.a === 0 ? 'shutdownRead' : 'shutdown');
    case 'socket.closed':
      return narrateClose(input, fact, say);
    case 'call.failed':
      return say(err === 'ECONNRESET' ? 'reset' : 'failed');
    case 'recvfrom.started':
      return say('receivingDatagram');
    case 'datagram.sent': {
      const params = { bytes: formatBytes(fact.size), remote: at(fact.remote ?? segment?.to ?? null) };
      return say(err === 'EMSGSIZE' ? 'tooLong' : failed ? 'failed' : segment?.fate === 'lost' ? 'datagramSent.nobody' : 'datagramSent.some', params);
    }
    case 'datagram.received':
      return failed ? say('failed') : say('datagramReceived', { bytes: formatBytes(fact.size), remote: at(fact.remote) });
    default:
      return say('other');
  }
}

type Say = (key: string, params?: Readonly<Record<string, string>>) => Said;

function narrateSend(input: NarrationInput, fact: Fact, segment: Segment | null, say: Say): Said {
  if (fact.a < fact.size) return say('sendPartly', { taken: formatBytes(Math.max(0, fact.a)), bytes: formatBytes(fact.size) });
  const bytes = formatBytes(fact.size);
  const to = segment?.toSock === null || segment === null ? null : input.story.socket(segment.toSock);
  if (to !== null && to.closedAt !== null && to.closedAt <= fact.t) return say('sent.nobody', { bytes });
  if (segment?.transport === 'unix') return say('sent.unix', { bytes });
  return say('sent.some', { bytes, remote: at(fact.remote ?? segment?.to ?? null) });
}

function narrateClose(input: NarrationInput, fact: Fact, say: Say): Said {
  const socket = input.story.socket(fact.sock);
  if (fact.a === 1) return say('aborted');
  if (socket?.purpose === 'listening') return say('closedListening', { local: at(socket.local) });
  const before = snapshotAt(input.story, input.trace, input.snapshot.position - 1);
  const unread = unreadOf({ snapshot: before }, fact);
  if (socket?.purpose === 'connected' && unread > 0) return say('closedUnread', { bytes: formatBytes(unread) });
  return say(socket?.purpose === 'connected' && socket.conn !== null ? 'closed' : 'closedPlain');
}

/** Bytes that wait for a recv() on the fact's socket at this position. */
const unreadOf = (input: Pick<NarrationInput, 'snapshot'>, fact: Fact): number => input.snapshot.sockets.find((socket) => socket.sock === fact.sock)?.unread ?? 0;
