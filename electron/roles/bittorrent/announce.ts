// One announce to a tracker, over HTTP (BEP 3) or UDP (BEP 15), from the host of the role. Loopback trackers only. When to announce:
// announcer.ts.

import { randomInt } from 'node:crypto';
import type { PeerAddress } from '../../../shared/codec/bittorrent/peers';
import { decodeTracker, encodeTracker, EVENTS, type TrackerMessage } from '../../../shared/codec/btTracker/message';
import { decodeTrackerAnswer } from '../../../shared/codec/btTrackerHttp/answer';
import { encodeAnnounce } from '../../../shared/codec/btTrackerHttp/query';
import type { Endpoint } from '../../../shared/trace/event';
import { errnoOf } from '../errno';
import type { DatagramSocket } from '../host';
import type { RoleContext } from '../lab';
import { BT_LIMITS } from './limits';
import { isLoopback, isPort } from './loopback';
import { trackerGet } from './trackerGet';

export interface TrackerAddress extends Endpoint {
  readonly protocol: 'http' | 'udp';
  /** '/announce'; '' over UDP. */
  readonly path: string;
}

export interface Progress {
  readonly infoHash: Uint8Array;
  readonly peerId: Uint8Array;
  readonly port: number;
  /** Bytes. */
  readonly uploaded: number;
  readonly downloaded: number;
  readonly left: number;
}

export type TrackerEvent = '' | 'started' | 'stopped' | 'completed';

export interface Announced {
  /** ms until the next one. */
  readonly interval: number;
  readonly peers: readonly PeerAddress[];
}

/** 'http://127.0.70.1:6969/announce' or 'udp://127.0.70.1:6969'; null for anything else, other addresses too. */
export function trackerAddress(url: string): TrackerAddress | null {
  const parts = /^(http|udp):\/\/([\d.]+):(\d{1,5})(\/[\x21-\x7e]*)?$/.exec(url);
  const [, protocol, address = '', port = '', path = ''] = parts ?? [];
  if ((protocol !== 'http' && protocol !== 'udp') || !isLoopback(address) || !isPort(Number(port))) return null;
  return { protocol, address, port: Number(port), path: protocol === 'udp' ? '' : path === '' ? '/' : path };
}

/** Rejects with a reason that can be shown: the tracker's own, an errno, 'ETIMEDOUT'. */
export const announce = (role: RoleContext, tracker: TrackerAddress, progress: Progress, event: TrackerEvent): Promise<Announced> =>
  tracker.protocol === 'http' ? overHttp(role, tracker, progress, event) : overUdp(role, tracker, progress, event);

async function overHttp(role: RoleContext, tracker: TrackerAddress, progress: Progress, event: TrackerEvent): Promise<Announced> {
  const query = encodeAnnounce({ ...progress, event, compact: true, noPeerId: true, want: BT_LIMITS.wanted.usual, key: '', address: '', trackerId: '' });
  const path = `${tracker.path}${tracker.path.includes('?') ? '&' : '?'}${query}`;
  const { body } = await trackerGet(role, tracker, path, { patience: BT_LIMITS.trackerWait, most: BT_LIMITS.trackerAnswer, what: 'an answer' });
  const read = decodeTrackerAnswer(body);
  if (read.status !== 'complete') throw new Error('an answer that is not bencoded');
  if (read.answer.type === 'failure') throw new Error(read.answer.reason);
  if (read.answer.type !== 'peers') throw new Error('an answer without peers');
  return { interval: (read.answer.interval ?? 0) * 1000, peers: read.answer.peers };
}

async function overUdp(role: RoleContext, tracker: TrackerAddress, progress: Progress, event: TrackerEvent): Promise<Announced> {
  const socket = await role.host.dgram.open();
  try {
    const connected = await ask(socket, tracker, (transaction) => ({ type: 'connectRequest', transaction }));
    if (connected.type !== 'connectResponse') throw new Error('no connection id came');
    const answer = await ask(socket, tracker, (transaction) => ({
      type: 'announceRequest', connection: connected.connection, transaction, infoHash: progress.infoHash, peerId: progress.peerId, downloaded: BigInt(progress.downloaded), left: BigInt(progress.left),
      uploaded: BigInt(progress.uploaded), event: EVENTS.indexOf(event === '' ? 'none' : event), address: '0.0.0.0', key: 0, want: BT_LIMITS.wanted.usual, port: progress.port, options: new Uint8Array(0),
    }));
    if (answer.type !== 'announceResponse') throw new Error('no peers came');
    return { interval: answer.interval * 1000, peers: answer.peers };
  } finally {
    socket.close();
  }
}

/** Asks until an answer with the right transaction comes (BEP 15: each time twice as long). Rejects with the tracker's reason. */
async function ask(socket: DatagramSocket, tracker: Endpoint, make: (transaction: number) => TrackerMessage): Promise<TrackerMessage> {
  const transaction = randomInt(2 ** 32);
  for (let tries = 0; tries < BT_LIMITS.trackerTries; tries++) {
    await socket.sendTo(encodeTracker(make(transaction)), tracker);
    for (let until = performance.now() + (BT_LIMITS.trackerWait / 8) * 2 ** tries, wait = until - performance.now(); wait > 1; wait = until - performance.now()) {
      const datagram = await socket.recvFrom(4096, Math.ceil(wait)).catch((error: unknown) => {
        if (errnoOf(error) === 'ETIMEDOUT') return null;
        throw error;
      });
      if (datagram === null) break;
      const answer = decodeTracker(datagram.bytes, { way: 'response' });
      if ('status' in answer || answer.transaction !== transaction || datagram.from.address !== tracker.address || datagram.from.port !== tracker.port) continue;
      if (answer.type === 'error') throw new Error(answer.message);
      return answer;
    }
  }
  throw new Error('ETIMEDOUT');
}
