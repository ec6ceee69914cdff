// Field types of UDP trackers (BEP 15), as later Wiresharks have them (4.0 does not know the protocol).

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'bt-tracker': 'protocol', 'bt-tracker.msg_type': 'uint8', 'bt-tracker.action': 'uint32', 'bt-tracker.completed': 'uint32', 'bt-tracker.connection_id': 'uint64 hex',
  'bt-tracker.downloaded': 'uint64', 'bt-tracker.error_msg': 'string', 'bt-tracker.event': 'uint32', 'bt-tracker.info_hash': 'bytes', 'bt-tracker.interval': 'uint32',
  'bt-tracker.ip_address': 'ipv4', 'bt-tracker.key': 'uint32', 'bt-tracker.leechers': 'uint32', 'bt-tracker.left': 'uint64', 'bt-tracker.num_want': 'int32',
  'bt-tracker.peer_id': 'bytes', 'bt-tracker.port': 'uint16', 'bt-tracker.proto_id': 'uint64 hex', 'bt-tracker.seeders': 'uint32', 'bt-tracker.tracker': 'none',
  'bt-tracker.tracker.ip': 'ipv4', 'bt-tracker.tracker.ip6': 'ipv6', 'bt-tracker.tracker.port': 'uint16', 'bt-tracker.trackers': 'none', 'bt-tracker.transaction_id': 'uint32 hex',
  'bt-tracker.unknown': 'bytes', 'bt-tracker.uploaded': 'uint64',
};
