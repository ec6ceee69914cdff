// Field types of IPv4 (RFC 791), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'ip': 'protocol', 'ip.addr': 'ipv4', 'ip.checksum': 'uint16 hex', 'ip.checksum.status': 'uint8', 'ip.checksum_calculated': 'uint16 hex', 'ip.cur_rt': 'ipv4',
  'ip.dsfield': 'uint8 hex', 'ip.dsfield.dscp': 'uint8', 'ip.dsfield.ecn': 'uint8', 'ip.dst': 'ipv4', 'ip.dst_host': 'string', 'ip.empty_rt': 'ipv4',
  'ip.flags': 'uint8 hex', 'ip.flags.df': 'bool', 'ip.flags.mf': 'bool', 'ip.flags.rb': 'bool', 'ip.frag_offset': 'uint16', 'ip.fragment': 'frame',
  'ip.fragment.count': 'uint32', 'ip.fragment.error': 'frame', 'ip.fragment.multipletails': 'bool', 'ip.fragment.overlap': 'bool',
  'ip.fragment.overlap.conflict': 'bool', 'ip.fragment.toolongfragment': 'bool', 'ip.fragments': 'bytes', 'ip.hdr_len': 'uint8', 'ip.host': 'string',
  'ip.id': 'uint16 hex', 'ip.len': 'uint16', 'ip.opt.addr': 'ipv4', 'ip.opt.flag': 'uint8 hex', 'ip.opt.len': 'uint8', 'ip.opt.mtu': 'uint16',
  'ip.opt.overflow': 'uint8', 'ip.opt.padding': 'bytes', 'ip.opt.ptr': 'uint8', 'ip.opt.ra': 'uint16', 'ip.opt.sid': 'uint16', 'ip.opt.time_stamp': 'uint32',
  'ip.opt.time_stamp_addr': 'ipv4', 'ip.opt.type': 'uint8', 'ip.opt.type.class': 'uint8', 'ip.opt.type.copy': 'bool', 'ip.opt.type.number': 'uint8',
  'ip.proto': 'uint8', 'ip.reassembled.data': 'bytes', 'ip.reassembled.length': 'uint32', 'ip.reassembled_in': 'frame', 'ip.rec_rt': 'ipv4', 'ip.src': 'ipv4',
  'ip.src_host': 'string', 'ip.src_rt': 'ipv4', 'ip.ttl': 'uint8', 'ip.version': 'uint8',
  // Ours: Wireshark shows these bytes without a name.
  'ip.opt': 'none', 'ip.opt.data': 'bytes', 'ip.options': 'none',
};
