// Field types of TCP (RFC 9293), with what analysis across packets adds, as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'tcp': 'protocol', 'tcp.ack': 'uint32', 'tcp.ack_raw': 'uint32', 'tcp.analysis': 'none', 'tcp.analysis.ack_lost_segment': 'none',
  'tcp.analysis.ack_rtt': 'reltime', 'tcp.analysis.acks_frame': 'frame', 'tcp.analysis.bytes_in_flight': 'uint32', 'tcp.analysis.duplicate_ack': 'none',
  'tcp.analysis.duplicate_ack_frame': 'frame', 'tcp.analysis.duplicate_ack_num': 'uint32', 'tcp.analysis.fast_retransmission': 'none', 'tcp.analysis.flags': 'none',
  'tcp.analysis.initial_rtt': 'reltime', 'tcp.analysis.keep_alive': 'none', 'tcp.analysis.keep_alive_ack': 'none', 'tcp.analysis.lost_segment': 'none',
  'tcp.analysis.out_of_order': 'none', 'tcp.analysis.push_bytes_sent': 'uint32', 'tcp.analysis.retransmission': 'none', 'tcp.analysis.reused_ports': 'none',
  'tcp.analysis.rto': 'reltime', 'tcp.analysis.rto_frame': 'frame', 'tcp.analysis.spurious_retransmission': 'none', 'tcp.analysis.tfo_ack': 'none',
  'tcp.analysis.tfo_ignored': 'none', 'tcp.analysis.tfo_syn': 'none', 'tcp.analysis.window_full': 'none', 'tcp.analysis.window_update': 'none',
  'tcp.analysis.zero_window': 'none', 'tcp.analysis.zero_window_probe': 'none', 'tcp.analysis.zero_window_probe_ack': 'none', 'tcp.checksum': 'uint16 hex',
  'tcp.checksum.status': 'uint8', 'tcp.checksum_calculated': 'uint16 hex', 'tcp.completeness': 'uint8', 'tcp.connection.fin': 'none',
  'tcp.connection.fin_active': 'none', 'tcp.connection.fin_passive': 'none', 'tcp.connection.rst': 'none', 'tcp.connection.syn': 'none',
  'tcp.connection.synack': 'none', 'tcp.dstport': 'uint16', 'tcp.flags': 'uint16 hex', 'tcp.flags.ace': 'uint8', 'tcp.flags.ack': 'bool', 'tcp.flags.ae': 'bool',
  'tcp.flags.cwr': 'bool', 'tcp.flags.ece': 'bool', 'tcp.flags.fin': 'bool', 'tcp.flags.push': 'bool', 'tcp.flags.res': 'bool', 'tcp.flags.reset': 'bool',
  'tcp.flags.str': 'string', 'tcp.flags.syn': 'bool', 'tcp.flags.urg': 'bool', 'tcp.hdr_len': 'uint8', 'tcp.len': 'uint32', 'tcp.nxtseq': 'uint32',
  'tcp.option_kind': 'uint8', 'tcp.option_len': 'uint8', 'tcp.options': 'bytes', 'tcp.options.ao': 'protocol', 'tcp.options.ao.keyid': 'uint8',
  'tcp.options.ao.mac': 'bytes', 'tcp.options.ao.rnextkeyid': 'uint8', 'tcp.options.eol': 'protocol', 'tcp.options.experimental': 'protocol',
  'tcp.options.experimental.data': 'bytes', 'tcp.options.experimental.exid': 'uint16 hex', 'tcp.options.md5': 'protocol', 'tcp.options.md5.digest': 'bytes',
  'tcp.options.mptcp.subtype': 'uint8', 'tcp.options.mptcp.version': 'uint8', 'tcp.options.mss': 'protocol', 'tcp.options.mss.absent': 'none',
  'tcp.options.mss.present': 'none', 'tcp.options.mss_val': 'uint16', 'tcp.options.nop': 'protocol', 'tcp.options.sack': 'protocol',
  'tcp.options.sack.count': 'uint8', 'tcp.options.sack.dsack': 'none', 'tcp.options.sack.dsack_le': 'uint32', 'tcp.options.sack.dsack_re': 'uint32',
  'tcp.options.sack_le': 'uint32', 'tcp.options.sack_perm': 'protocol', 'tcp.options.sack_re': 'uint32', 'tcp.options.tfo': 'protocol',
  'tcp.options.tfo.cookie': 'bytes', 'tcp.options.tfo.request': 'none', 'tcp.options.timestamp': 'protocol', 'tcp.options.timestamp.tsecr': 'uint32',
  'tcp.options.timestamp.tsval': 'uint32', 'tcp.options.unknown': 'protocol', 'tcp.options.unknown.payload': 'bytes', 'tcp.options.user_to': 'protocol',
  'tcp.options.user_to_granularity': 'bool', 'tcp.options.user_to_val': 'uint16', 'tcp.options.wscale': 'protocol', 'tcp.options.wscale.multiplier': 'uint16',
  'tcp.options.wscale.shift': 'uint8', 'tcp.options.wscale.shift.invalid': 'none', 'tcp.payload': 'bytes', 'tcp.pdu.last_frame': 'frame', 'tcp.pdu.size': 'uint32',
  'tcp.pdu.time': 'reltime', 'tcp.port': 'uint16', 'tcp.reassembled.data': 'bytes', 'tcp.reassembled.length': 'uint32', 'tcp.reassembled_in': 'frame',
  'tcp.segment': 'frame', 'tcp.segment.count': 'uint32', 'tcp.segment.error': 'frame', 'tcp.segment.multipletails': 'bool', 'tcp.segment.overlap': 'bool',
  'tcp.segment.overlap.conflict': 'bool', 'tcp.segment.toolongfragment': 'bool', 'tcp.segment_data': 'bytes', 'tcp.segments': 'none', 'tcp.seq': 'uint32',
  'tcp.seq_raw': 'uint32', 'tcp.srcport': 'uint16', 'tcp.stream': 'uint32', 'tcp.time_delta': 'reltime', 'tcp.time_relative': 'reltime',
  'tcp.urgent_pointer': 'uint16', 'tcp.window_size': 'uint32', 'tcp.window_size_scalefactor': 'int32', 'tcp.window_size_value': 'uint16',
  // Ours: Wireshark shows these bytes without a name.
  'tcp.options.padding': 'bytes',
};
