// Names of values of DHCP that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';
import { HARDWARE_VALUES } from '../valueNames/hardware';

export const values: ProtocolValues = {
  'dhcp.flags.bc': ['Broadcast', 'Unicast'], 'dhcp.fqdn.e': ['Binary encoding', 'ASCII encoding'], 'dhcp.fqdn.n': ['No server updates', 'Some server updates'],
  'dhcp.fqdn.o': ['Override', 'No override'], 'dhcp.fqdn.s': ['Server', 'Client'], 'dhcp.hw.type': HARDWARE_VALUES,
  'dhcp.option.agent_information_option.suboption': {
    0: 'Padding', 1: 'Agent Circuit ID', 2: 'Agent Remote ID', 3: 'Reserved', 4: 'DOCSIS Device Class', 5: 'Link selection', 6: 'Subscriber ID', 7: 'RADIUS Attributes',
    8: 'Authentication', 9: 'Vendor-Specific Information', 10: 'Flags', 11: 'Server ID Override', 12: 'Relay Agent Identifier', 13: 'Access Technology Type',
    14: 'Access Network Name', 15: 'Access Point Name', 16: 'Access Point BSSID', 17: 'Access Network Operator ID', 18: 'Access Network Operator Realm', 19: 'Source Port',
    150: 'Link selection (Cisco proprietary)', 151: 'VRF name/VPN ID', 152: 'Server ID Override (Cisco proprietary)',
  },
  'dhcp.option.all_subnets_are_local': ['Yes', 'No'],
  'dhcp.option.client_system_architecture': {
    0: 'IA x86 PC', 1: 'NEC/PC98', 2: 'IA64 PC', 3: 'DEC Alpha', 4: 'ArcX86', 5: 'Intel Lean Client', 6: 'EFI IA32', 7: 'EFI x64', 8: 'EFI Xscale', 9: 'EFI BC',
    10: 'ARM 32-bit UEFI', 11: 'ARM 64-bit UEFI', 12: 'PowerPC Open Firmware', 13: 'PowerPC ePAPR', 14: 'POWER OPAL v3', 15: 'x86 UEFI HTTP', 16: 'x64 UEFI HTTP',
    17: 'EBC UEFI HTTP', 18: 'ARM 32-bit UEFI HTTP', 19: 'ARM 64-bit UEFI HTTP', 20: 'PC/AT HTTP', 21: 'ARM 32-bit uboot', 22: 'ARM 64-bit uboot', 23: 'ARM 32-bit uboot HTTP',
    24: 'ARM 64-bit uboot HTTP', 25: 'RISC-V 32-bit UEFI', 26: 'RISC-V 32-bit UEFI HTTP', 27: 'RISC-V 64-bit UEFI', 28: 'RISC-V 64-bit UEFI HTTP', 29: 'RISC-V 128-bit UEFI',
    30: 'RISC-V 128-bit UEFI HTTP', 31: 's390 Basic', 32: 's390 Extended',
  },
  'dhcp.option.dhcp': {
    1: 'Discover', 2: 'Offer', 3: 'Request', 4: 'Decline', 5: 'ACK', 6: 'NAK', 7: 'Release', 8: 'Inform', 9: 'Force Renew', 10: 'Lease query', 11: 'Lease Unassigned',
    12: 'Lease Unknown', 13: 'Lease Active', 14: 'Bulk Lease Query', 15: 'Lease Query Done', 16: 'Active LeaseQuery', 17: 'Lease Query Status', 18: 'TLS',
  },
  'dhcp.option.dhcp_auto_configuration': { 0: 'DoNotAutoConfigure', 1: 'AutoConfigure' }, 'dhcp.option.ip_forwarding': ['Enabled', 'Disabled'],
  'dhcp.option.netbios_over_tcpip_node_type': { 1: 'B-node', 2: 'P-node', 4: 'M-node', 8: 'H-node' },
  'dhcp.option.option_overload': { 1: 'Boot file name holds options', 2: 'Server host name holds options', 3: 'Boot file and server host names hold options' },
  'dhcp.option.perform_router_discover': ['Enabled', 'Disabled'], 'dhcp.type': { 1: 'Boot Request', 2: 'Boot Reply' },
};
