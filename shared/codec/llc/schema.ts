// Field types of LLC and SNAP (IEEE 802.2, RFC 1042), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'llc': 'protocol', 'llc.cisco_pid': 'uint16 hex', 'llc.control': 'uint16 hex', 'llc.control.ftype': 'uint8 hex', 'llc.control.n_r': 'uint16',
  'llc.control.n_s': 'uint16', 'llc.control.s_ftype': 'uint16 hex', 'llc.control.u_modifier_cmd': 'uint8 hex', 'llc.control.u_modifier_resp': 'uint8 hex',
  'llc.dsap': 'uint8 hex', 'llc.dsap.ig': 'bool', 'llc.dsap.sap': 'uint8', 'llc.oui': 'uint24', 'llc.pid': 'uint16 hex', 'llc.ssap': 'uint8 hex',
  'llc.ssap.cr': 'bool', 'llc.ssap.sap': 'uint8', 'llc.type': 'uint16 hex',
};
