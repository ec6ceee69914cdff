// Field types of the frame itself: numbers, times and lengths that Wireshark gives every packet, as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'frame': 'protocol', 'frame.cap_len': 'uint32', 'frame.comment': 'string', 'frame.encap_type': 'int16',
  'frame.ignored': 'bool', 'frame.interface_description': 'string', 'frame.interface_id': 'uint32', 'frame.interface_name': 'string',
  'frame.len': 'uint32', 'frame.marked': 'bool', 'frame.number': 'uint32', 'frame.offset_shift': 'reltime',
  'frame.packet_flags_direction': 'uint32 hex', 'frame.protocols': 'string', 'frame.section_number': 'uint32', 'frame.time': 'abstime',
  'frame.time_delta': 'reltime', 'frame.time_delta_displayed': 'reltime', 'frame.time_epoch': 'reltime', 'frame.time_relative': 'reltime',
};
