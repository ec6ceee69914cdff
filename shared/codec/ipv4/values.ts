// Names of values of IPv4 that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';
import { DSCP_VALUES, ECN_VALUES } from '../valueNames/diffServ';
import { IP_PROTOCOL_VALUES } from '../valueNames/ipProtocols';
import { CHECKSUM_VALUES, FLAG } from '../valueNames/verdicts';

export const values: ProtocolValues = {
  'ip.checksum.status': CHECKSUM_VALUES, 'ip.dsfield.dscp': DSCP_VALUES, 'ip.dsfield.ecn': ECN_VALUES, 'ip.flags.df': FLAG, 'ip.flags.mf': FLAG, 'ip.flags.rb': FLAG,
  'ip.opt.flag': { 0: 'Time stamps only', 1: 'Time stamp and address', 3: 'Time stamps for prespecified addresses' },
  'ip.opt.type.class': { 0: 'Control', 1: 'Reserved for future use', 2: 'Debugging and measurement', 3: 'Reserved for future use' }, 'ip.opt.type.copy': ['Yes', 'No'],
  'ip.opt.type.number': {
    0: 'End of Option List (EOL)', 1: 'No-Operation (NOP)', 2: 'Security', 3: 'Loose source route', 4: 'Time stamp', 5: 'Extended security',
    6: 'Commercial IP security option', 7: 'Record route', 8: 'Stream identifier', 9: 'Strict source route', 10: 'Experimental Measurement', 11: 'MTU probe', 12: 'MTU Reply',
    13: 'Experimental Flow Control', 14: 'Experimental Access Control', 15: 'Ask Estrin', 16: 'IMI Traffic Descriptor', 17: 'Extended Internet Protocol', 18: 'Traceroute',
    19: 'Address Extension', 20: 'Router Alert', 21: 'Selective Directed Broadcast', 22: 'Unassigned', 23: 'Dynamic Packet State', 24: 'Upstream Multicast Packet',
    25: 'Quick-Start', 30: 'RFC 3692-style experiment',
  },
  'ip.proto': IP_PROTOCOL_VALUES,
};
