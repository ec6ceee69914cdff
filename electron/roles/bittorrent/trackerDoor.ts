// What a tracker gives to other machines of the class, which come in by a door (runtime/share): a torrent must name the tracker as they reach
// it. Its info dictionary stays as it is to the byte, so that it is the same torrent (BEP 3).

import { concatBytes } from '../../../shared/base/bytes';
import { decodeBencode } from '../../../shared/codec/bencode/decode';
import { encodeBencode } from '../../../shared/codec/bencode/encode';
import { entryOf } from '../../../shared/codec/bencode/value';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { wholeBody, type Handler, type HttpAnswer } from '../http/message';
import type { Doors } from '../lab';
import { TORRENT_TYPE } from './servedFiles';

/** The torrent with another tracker; as it is when it names none, or is no torrent. */
export function announcedAt(torrent: Uint8Array, announce: string): Uint8Array {
  const read = decodeBencode(torrent);
  const named = read.status === 'complete' ? entryOf(read.value, 'announce') : null;
  if (named === null) return torrent;
  return concatBytes(torrent.subarray(0, named.start), encodeBencode(announce), torrent.subarray(named.end));
}

/** `at`: where the tracker listens on loopback. */
export const toOtherMachines =
  (doors: Doors | undefined, at: Endpoint, handler: Handler): Handler =>
  async (request) => {
    const given = await handler(request);
    if (doors === undefined || !isTorrent(given) || doors.comesFrom('tcp', request.client) === null) return given;
    const door = doors.outside('tcp', at);
    return door === null ? given : { ...given, body: [announcedAt(wholeBody(given), `http://${formatEndpoint(door)}/announce`)] };
  };

const isTorrent = ({ status, headers }: HttpAnswer): boolean => status === 200 && headers.some(([name, value]) => name === 'Content-Type' && value === TORRENT_TYPE);
