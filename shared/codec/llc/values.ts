// Names of values of LLC that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues, ValueNames } from '../values';
import { ETHER_TYPE_VALUES } from '../valueNames/etherTypes';

const LLC_DSAP: ValueNames = {
  0: 'NULL LSAP', 1: 'NULL LSAP', 2: 'LLC Sub-Layer Management', 4: 'SNA Path Control', 6: 'TCP/IP', 8: 'SNA', 12: 'SNA',
  14: 'PROWAY (IEC955) Network Management and Initialization', 16: 'NetWare (unofficial?)', 20: 'ISO Network Layer (OSLAN 1)', 24: 'Texas Instruments',
  32: 'ISO Network Layer (unofficial?)', 52: 'ISO Network Layer (unofficial?)', 66: 'Spanning Tree BPDU', 78: 'EIA RS-511 Manufacturing Message Service',
  84: 'ISO Network Layer (OSLAN 2)', 126: 'ISO 8208 (X.25 over 802.2)', 127: 'ISO 802.2', 128: 'XNS', 130: 'BACnet', 134: 'Nestar',
  142: 'PROWAY (IEC955) Active Station List Maintenance', 152: 'ARP', 170: 'SNAP', 180: 'HP JetDirect Printer', 186: 'Banyan Vines', 188: 'Banyan Vines', 224: 'NetWare',
  240: 'NetBIOS', 244: 'IBM Net Management', 248: 'HP Extended LLC', 250: 'Ungermann-Bass', 252: 'Remote Program Load', 254: 'ISO Network Layer', 255: 'Global LSAP',
};

export const values: ProtocolValues = {
  'llc.cisco_pid': {
    258: 'DRIP', 260: 'PAgP', 261: 'MLS Hello', 264: 'RLQ BPDUs (request)', 265: 'RLQ BPDUs (response)', 267: 'PVSTP+', 268: 'VLAN Bridge', 273: 'UDLD', 313: 'MCP',
    8192: 'CDP', 8193: 'CGMP', 8195: 'VTP', 8196: 'DTP', 8202: 'STP Uplink Fast',
  },
  'llc.control.ftype': { 0: 'Information frame', 1: 'Supervisory frame', 3: 'Unnumbered frame' },
  'llc.control.s_ftype': { 0: 'Receiver ready', 1: 'Receiver not ready', 2: 'Reject', 3: 'Selective reject' },
  'llc.control.u_modifier_cmd': {
    0: 'Unnumbered Information', 1: 'Set Initialization Mode', 3: 'Set Asynchronous Response Mode', 8: 'Unnumbered Poll', 11: 'Set Asynchronous Balanced Mode',
    16: 'Disconnect', 19: 'Set Asynchronous Response Mode Extended', 24: 'Unnumbered Acknowledge', 27: 'Set Asynchronous Balanced Mode Extended',
    32: 'Set Normal Response Mode', 33: 'Frame reject', 35: 'Reset', 43: 'Exchange identification', 49: 'Configure', 51: 'Set Normal Response Mode Extended', 56: 'Test',
    59: 'Beacon',
  },
  'llc.control.u_modifier_resp': {
    0: 'Unnumbered Information', 1: 'Request Initialization Mode', 3: 'Disconnected mode', 8: 'Unnumbered Poll', 11: 'Set Asynchronous Balanced Mode',
    16: 'Request Disconnect', 19: 'Set Asynchronous Response Mode Extended', 24: 'Unnumbered Acknowledge', 27: 'Set Asynchronous Balanced Mode Extended',
    32: 'Set Normal Response Mode', 33: 'Frame reject', 35: 'Reset', 43: 'Exchange identification', 49: 'Configure', 51: 'Set Normal Response Mode Extended', 56: 'Test',
    59: 'Beacon',
  },
  'llc.dsap': LLC_DSAP, 'llc.dsap.ig': ['Group', 'Individual'], 'llc.ssap': LLC_DSAP, 'llc.ssap.cr': ['Response', 'Command'], 'llc.type': ETHER_TYPE_VALUES,
};
