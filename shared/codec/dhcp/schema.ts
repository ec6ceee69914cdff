// Field types of DHCP (RFC 2131, RFC 2132), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'dhcp': 'protocol', 'dhcp.client_id': 'bytes', 'dhcp.client_id.type': 'uint8', 'dhcp.cookie': 'ipv4', 'dhcp.file': 'string', 'dhcp.flags': 'uint16 hex',
  'dhcp.flags.bc': 'bool', 'dhcp.flags.reserved': 'uint16 hex', 'dhcp.fqdn.e': 'bool', 'dhcp.fqdn.flags': 'uint8 hex', 'dhcp.fqdn.mbz': 'uint8 hex',
  'dhcp.fqdn.n': 'bool', 'dhcp.fqdn.name': 'string', 'dhcp.fqdn.o': 'bool', 'dhcp.fqdn.rcode1': 'uint8', 'dhcp.fqdn.rcode2': 'uint8', 'dhcp.fqdn.s': 'bool',
  'dhcp.hops': 'uint8', 'dhcp.hw.addr': 'bytes', 'dhcp.hw.addr_padding': 'bytes', 'dhcp.hw.len': 'uint8', 'dhcp.hw.mac_addr': 'ether', 'dhcp.hw.type': 'uint8 hex',
  'dhcp.id': 'uint32 hex', 'dhcp.ip.client': 'ipv4', 'dhcp.ip.relay': 'ipv4', 'dhcp.ip.server': 'ipv4', 'dhcp.ip.your': 'ipv4',
  'dhcp.option.agent_information_option.agent_circuit_id': 'bytes', 'dhcp.option.agent_information_option.agent_remote_id': 'bytes',
  'dhcp.option.agent_information_option.suboption': 'uint8', 'dhcp.option.agent_information_option.value': 'bytes', 'dhcp.option.all_subnets_are_local': 'bool',
  'dhcp.option.arp_cache_timeout': 'uint32', 'dhcp.option.associated_ip_option': 'ipv4', 'dhcp.option.boot_file_size': 'uint16',
  'dhcp.option.bootfile_name': 'string', 'dhcp.option.broadcast_address': 'ipv4', 'dhcp.option.captive_portal': 'string',
  'dhcp.option.classless_static_route': 'bytes', 'dhcp.option.client_last_transaction_time': 'uint32', 'dhcp.option.client_system_architecture': 'uint16',
  'dhcp.option.default_ip_ttl': 'uint8', 'dhcp.option.default_www_server': 'ipv4', 'dhcp.option.dhcp': 'uint8', 'dhcp.option.dhcp_auto_configuration': 'uint8',
  'dhcp.option.dhcp_dns_domain_search_list_fqdn': 'string', 'dhcp.option.dhcp_max_message_size': 'uint16', 'dhcp.option.dhcp_server_id': 'ipv4',
  'dhcp.option.domain_name': 'string', 'dhcp.option.domain_name_server': 'ipv4', 'dhcp.option.end': 'uint8', 'dhcp.option.hostname': 'string',
  'dhcp.option.interface_mtu': 'uint16', 'dhcp.option.ip_address_lease_time': 'uint32', 'dhcp.option.ip_forwarding': 'bool', 'dhcp.option.length': 'uint8',
  'dhcp.option.log_server': 'ipv4', 'dhcp.option.lpr_server': 'ipv4', 'dhcp.option.max_datagram_reassembly_size': 'uint16', 'dhcp.option.message': 'string',
  'dhcp.option.name_server': 'ipv4', 'dhcp.option.netbios_over_tcpip_name_server': 'ipv4', 'dhcp.option.netbios_over_tcpip_node_type': 'uint8',
  'dhcp.option.netbios_over_tcpip_scope': 'string', 'dhcp.option.ntp_server': 'ipv4', 'dhcp.option.option_overload': 'uint8', 'dhcp.option.padding': 'bytes',
  'dhcp.option.perform_router_discover': 'bool', 'dhcp.option.pop3_server': 'ipv4', 'dhcp.option.rebinding_time_value': 'uint32',
  'dhcp.option.renewal_time_value': 'uint32', 'dhcp.option.request_list_item': 'uint8', 'dhcp.option.requested_ip_address': 'ipv4',
  'dhcp.option.root_path': 'string', 'dhcp.option.router': 'ipv4', 'dhcp.option.smtp_server': 'ipv4', 'dhcp.option.static_route.ip': 'ipv4',
  'dhcp.option.static_route.router': 'ipv4', 'dhcp.option.subnet_mask': 'ipv4', 'dhcp.option.subnet_selection_option': 'ipv4',
  'dhcp.option.suboption_length': 'uint8', 'dhcp.option.tcp_default_ttl': 'uint8', 'dhcp.option.tftp_server_address': 'ipv4',
  'dhcp.option.tftp_server_name': 'string', 'dhcp.option.time_offset': 'int32', 'dhcp.option.time_server': 'ipv4', 'dhcp.option.type': 'uint8',
  'dhcp.option.value': 'bytes', 'dhcp.option.vendor.value': 'bytes', 'dhcp.option.vendor_class_id': 'string', 'dhcp.secs': 'uint16', 'dhcp.server': 'string',
  'dhcp.type': 'uint8', 'dhcp.vendor_specific_options': 'bytes',
};
