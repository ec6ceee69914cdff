// Field types of the BitTorrent peer wire protocol (BEP 3, BEP 10), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'bittorrent': 'protocol', 'bittorrent.continuous_data': 'bytes', 'bittorrent.extended': 'bytes', 'bittorrent.extended.id': 'uint8',
  'bittorrent.info_hash': 'bytes', 'bittorrent.msg': 'none', 'bittorrent.msg.bitfield': 'bytes', 'bittorrent.msg.length': 'uint32', 'bittorrent.msg.type': 'uint8',
  'bittorrent.peer_id': 'bytes', 'bittorrent.piece.begin': 'uint32 hex', 'bittorrent.piece.data': 'bytes', 'bittorrent.piece.index': 'uint32 hex',
  'bittorrent.piece.length': 'uint32 hex', 'bittorrent.port': 'uint16', 'bittorrent.protocol.name': 'string', 'bittorrent.protocol.name.length': 'uint8',
  'bittorrent.reserved': 'bytes', 'bittorrent.version': 'string',
  // Ours: Wireshark shows these bytes without a name.
  'bittorrent.extended.data': 'bytes', 'bittorrent.reserved.dht': 'bool', 'bittorrent.reserved.extended': 'bool', 'bittorrent.reserved.fast': 'bool',
};
