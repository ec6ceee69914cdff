// A peer that does not play by the rules, as a role: it dials one peer and does one thing that a swarm must bear. For labs and tests; what
// its victims do about it is theirs to show. (A peer that sends wrong blocks is an ordinary one with `tamper`, peer.ts.)

import { never } from '../../../shared/base/assert';
import { encodeHandshake, reservedFor } from '../../../shared/codec/bittorrent/handshake';
import { encodeMessage, type PeerMessage } from '../../../shared/codec/bittorrent/message';
import { concatBytes } from '../../../shared/base/bytes';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { errnoOf } from '../errno';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { encode } from '../text';
import { BT_LIMITS } from './limits';
import { sha1, type Torrent } from './metainfo';

/** What it does. `bad-…` and `long-…` break a rule of BEP 3; `flood-*` and `silent` break none and are a burden all the same. */
export type Hostility =
  | 'silent' | 'garbage' | 'wrong-torrent' | 'long-message' | 'bad-bitfield' | 'spare-bits' | 'bad-have' | 'bad-request' | 'long-request' | 'bad-block' | 'flood-blocks' | 'flood-requests' | 'flood-messages';

export interface HostileOptions {
  readonly torrent: Torrent;
  readonly victim: Endpoint;
  readonly how: Hostility;
}

/** Resolves when the victim has ended the connection, or the role has ended. Rejects when it cannot connect (ECONNREFUSED). */
export async function hostilePeer(role: RoleContext, options: HostileOptions): Promise<void> {
  const socket = await role.host.net.dial(options.victim);
  const cut = untilCut(socket);
  try {
    await attack(socket, role, options);
  } catch (error) {
    // It was cut in the middle of it.
    if (!role.signal.aborted) role.print(`${formatEndpoint(options.victim)} ${errnoOf(error)}`);
  }
  await cut;
  socket.close();
}

async function attack(socket: StreamSocket, role: RoleContext, { torrent, how }: HostileOptions): Promise<void> {
  const peerId = encode(`-XX0000-${Buffer.from(sha1(encode(`${role.id} ${role.host.address}`))).toString('hex').slice(0, 12)}`);
  const send = (...messages: readonly PeerMessage[]): Promise<void> => socket.sendAll(concatBytes(...messages.map((message) => encodeMessage(message))));
  const shake = (infoHash = torrent.infoHash): Promise<void> => socket.sendAll(encodeHandshake({ reserved: reservedFor([]), infoHash, peerId }));
  const lot = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  if (how === 'silent') return;
  if (how === 'garbage') return socket.sendAll(encode('GET / HTTP/1.1\r\nHost: example.test\r\n\r\n'));
  await shake(how === 'wrong-torrent' ? sha1(torrent.infoHash) : torrent.infoHash);
  switch (how) {
    case 'wrong-torrent': return;
    // 16 MiB are announced and never come: nobody may set memory aside for them.
    case 'long-message': return socket.sendAll(Uint8Array.of(0x01, 0, 0, 0, 7));
    case 'bad-bitfield': return send({ type: 'bitfield', bits: new Uint8Array(Math.ceil(torrent.pieceCount / 8) + 1) });
    case 'spare-bits': return send({ type: 'bitfield', bits: new Uint8Array(Math.ceil(torrent.pieceCount / 8)).fill(0xff) });
    case 'bad-have': return send({ type: 'have', piece: torrent.pieceCount });
    case 'bad-request': return send({ type: 'interested' }, { type: 'request', piece: 0, begin: torrent.pieceLength, length: BT_LIMITS.block });
    case 'long-request': return send({ type: 'interested' }, { type: 'request', piece: 0, begin: 0, length: BT_LIMITS.block + 1 });
    case 'bad-block': return send({ type: 'piece', piece: 0, begin: 1, block: new Uint8Array(10) });
    case 'flood-blocks':
      for (let i = 0; i < 10_000; i++) await send({ type: 'piece', piece: 0, begin: 0, block: new Uint8Array(Math.min(BT_LIMITS.block, torrent.pieceLength)) });
      return;
    case 'flood-requests':
      // Does not read, and asks for everything again and again.
      await send({ type: 'interested' });
      for (let i = 0; i < 200; i++) await send(...lot(1000, (at): PeerMessage => ({ type: 'request', piece: at % (torrent.pieceCount - 1), begin: 0, length: 1024 })));
      return;
    case 'flood-messages':
      for (let i = 0; i < 1000; i++) await send(...lot(1000, (at): PeerMessage => ({ type: at % 2 === 0 ? 'interested' : 'notInterested' })));
      return;
    default: return never(how);
  }
}

/** Reads, and throws away, until the other side ends it. */
async function untilCut(socket: StreamSocket): Promise<void> {
  try {
    while ((await socket.recv(64 * 1024)).length > 0);
  } catch {
    return; // reset, or our own end
  }
}
