// The program of a door to the tracker of another machine (BEP 3, 23, over HTTP): asks it for whoever asks here, and passes its answers on
// with the LAN's addresses in them replaced by loopback doors: those of peers, and of the tracker in a torrent. Each answer is written anew.

import { concatBytes } from '../../../shared/base/bytes';
import { decodeTrackerAnswer, encodeTrackerAnswer } from '../../../shared/codec/btTrackerHttp/answer';
import { encodeHead } from '../../../shared/codec/http/encode';
import { headerValue } from '../../../shared/codec/http/head';
import { readMessage, valueOf, type HttpMessageValue } from '../../../shared/codec/http/message';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { announcedAt } from '../../roles/bittorrent/trackerDoor';
import { TORRENT_TYPE } from '../../roles/bittorrent/servedFiles';
import { sayError } from '../../roles/errno';
import type { StreamSocket, TcpNetwork } from '../../roles/host';
import { httpServer } from '../../roles/http/httpServer';
import { answer, notAllowed, textAnswer, type HttpAnswer, type HttpRequest } from '../../roles/http/message';
import type { RoleContext } from '../../roles/lab';
import type { Guests } from './guests';
import { SHARE_LIMITS } from './limits';

/** Who has doors to the peers that a tracker names (named.ts). */
export interface PeerDoors {
  /** Loopback doors to those that may be reached, in their order. */
  doorsTo(peers: readonly Endpoint[]): Promise<readonly Endpoint[]>;
}

export interface TrackerDoorOptions {
  readonly port: number;
  /** The tracker. */
  readonly target: Endpoint;
  /** Requests. */
  readonly guests: Guests;
  readonly named: PeerDoors;
  readonly lan: Pick<TcpNetwork, 'dial'>;
}

type Answer = Extract<HttpMessageValue, { kind: 'response' }>;

const BINARY = 'text/plain';
const failure = (reason: string): Uint8Array => encodeTrackerAnswer({ type: 'failure', reason });

/** `role`: on its loopback side. Ends when it does. Rejects with the system's error when it cannot listen. */
export async function trackerDoor(role: RoleContext, { port, target, guests, named, lan }: TrackerDoorOptions): Promise<void> {
  const here = `http://${formatEndpoint({ address: role.host.address, port })}/announce`;
  const pass = async (request: HttpRequest): Promise<HttpAnswer> => {
    const given = await fetchFrom(lan, target, request.target);
    if (request.path === '/announce') return announced(given.status === 200 ? await throughDoors(given.body, (peers) => named.doorsTo(peers)) : failure(`the tracker answers ${given.status} ${given.reason}`));
    const type = headerValue(given.headers, 'content-type') ?? BINARY;
    return answer(given.status, [['Content-Type', type]], given.status === 200 && type === TORRENT_TYPE ? announcedAt(given.body, here) : given.body);
  };
  const handler = async (request: HttpRequest): Promise<HttpAnswer> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(['GET', 'HEAD']);
    if (!guests.enter(request.client)) return textAnswer(503, 'Too many requests at once.\n');
    try {
      return await pass(request);
    } catch (error) {
      const why = `${formatEndpoint(target)}: ${sayError(error)}`;
      role.print(why);
      // A client of a tracker shows the reason of a failure, and no status.
      return request.path === '/announce' ? announced(failure(why)) : textAnswer(502, `${why}\n`);
    } finally {
      guests.leave(request.client);
    }
  };
  await httpServer(role, { port, handler, keepAlive: 0 });
}

const announced = (body: Uint8Array): HttpAnswer => answer(200, [['Content-Type', BINARY], ['Cache-Control', 'no-store']], body);

/** The answer to an announce with doors in the place of its peers. One that is malformed becomes a failure that says so. */
export async function throughDoors(body: Uint8Array, doorsTo: PeerDoors['doorsTo']): Promise<Uint8Array> {
  const read = decodeTrackerAnswer(body);
  if (read.status === 'malformed') return failure(`the tracker's answer is malformed at byte ${read.at}: ${read.why}`);
  if (read.status !== 'complete') return failure('the tracker\'s answer is cut off');
  const [problem] = read.problems;
  if (problem !== undefined) return failure(`the tracker's answer is malformed: ${problem}`);
  const { answer: told } = read;
  if (told.type !== 'peers') return encodeTrackerAnswer(told);
  const peers = (await doorsTo(told.peers)).map((door) => ({ ...door, id: null }));
  // However long it asks to wait, the peers see to it that they are not forgotten.
  const interval = told.interval === null ? null : Math.max(1, Math.min(told.interval, SHARE_LIMITS.answer.interval));
  return encodeTrackerAnswer({ ...told, interval, minInterval: null, peers });
}

/** Rejects with the errno, and for what is no answer, none in time, or too long. */
export async function fetchFrom(lan: Pick<TcpNetwork, 'dial'>, target: Endpoint, path: string): Promise<Answer> {
  // What was sent here went through a parser; what is sent on must stand in a request line all the same (RFC 9112 3.2.1).
  if (!path.startsWith('/')) throw new Error('a target that is no path');
  const { wait, bytes: most } = SHARE_LIMITS.answer;
  let socket: StreamSocket | null = null;
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      late = true;
      socket?.abort();
      reject(Object.assign(new Error('no whole answer in time'), { code: 'ETIMEDOUT' }));
    }, wait);
  });
  const work = async (): Promise<Answer> => {
    socket = await lan.dial(target);
    if (late) socket.abort();
    await socket.sendAll(encodeHead({ kind: 'request', method: 'GET', target: path, version: 'HTTP/1.1', headers: [['Host', formatEndpoint(target)], ['User-Agent', 'Looplab'], ['Connection', 'close']].map(([name = '', value = '']) => ({ name, value })) }));
    const parts: Uint8Array[] = [];
    for (let size = 0; ; ) {
      const part = await socket.recv(65_536);
      parts.push(part);
      size += part.length;
      if (size > most) throw new Error(`an answer of more than ${most} bytes`);
      const whole = concatBytes(...parts);
      const layout = readMessage(whole, { kind: 'response', method: 'GET', closed: part.length === 0 });
      const { state, head, why } = layout;
      if (state === 'malformed') throw new Error(`not HTTP: ${why}`);
      if (state === 'complete' && head !== null) return responseOf(valueOf(whole, { ...layout, head }));
      if (part.length === 0) throw new Error('an answer that is cut off');
    }
  };
  try {
    const working = work();
    working.catch(() => undefined);
    return await Promise.race([working, timeout]);
  } finally {
    clearTimeout(timer);
    (socket as StreamSocket | null)?.close();
  }
}

function responseOf(value: HttpMessageValue): Answer {
  if (value.kind !== 'response' || value.status < 200 || value.status > 599) throw new Error('no answer to the request');
  return value;
}
