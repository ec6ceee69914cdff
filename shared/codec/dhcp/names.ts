// The options of DHCP by number (RFC 2132 and those named below): how people call them, what is in them, and Wireshark's field for that.

export type OptionKind =
  /** One IPv4 address, or several. */
  | 'address' | 'addresses'
  /** Two addresses again and again. */
  | 'pairs'
  | 'text' | 'uint8' | 'uint16' | 'uint32' | 'int32' | 'seconds' | 'bool'
  /** A list of option numbers. */
  | 'list'
  /** Names as the DNS writes them. */
  | 'names'
  | 'routes' | 'client' | 'fqdn' | 'agent' | 'bytes';

export interface OptionInfo {
  readonly title: string;
  readonly kind: OptionKind;
  readonly field: string;
}

const info = (title: string, kind: OptionKind, field: string): OptionInfo => ({ title, kind, field });

export const DHCP_OPTION = { pad: 0, overload: 52, messageType: 53, end: 255 } as const;

/** RFC 2132 9.6, RFC 3203, RFC 4388. */
export const MESSAGE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'Discover'], [2, 'Offer'], [3, 'Request'], [4, 'Decline'], [5, 'ACK'], [6, 'NAK'], [7, 'Release'], [8, 'Inform'], [9, 'Force renew'], [10, 'Lease query'],
  [11, 'Lease unassigned'], [12, 'Lease unknown'], [13, 'Lease active'],
]);

export const OPTIONS: ReadonlyMap<number, OptionInfo> = new Map([
  [1, info('Subnet mask', 'address', 'dhcp.option.subnet_mask')],
  [2, info('Time offset', 'int32', 'dhcp.option.time_offset')],
  [3, info('Router', 'addresses', 'dhcp.option.router')],
  [4, info('Time server', 'addresses', 'dhcp.option.time_server')],
  [5, info('Name server', 'addresses', 'dhcp.option.name_server')],
  [6, info('DNS server', 'addresses', 'dhcp.option.domain_name_server')],
  [7, info('Log server', 'addresses', 'dhcp.option.log_server')],
  [9, info('Print server', 'addresses', 'dhcp.option.lpr_server')],
  [12, info('Host name', 'text', 'dhcp.option.hostname')],
  [13, info('Boot file size', 'uint16', 'dhcp.option.boot_file_size')],
  [15, info('Domain name', 'text', 'dhcp.option.domain_name')],
  [17, info('Root path', 'text', 'dhcp.option.root_path')],
  [19, info('IP forwarding', 'bool', 'dhcp.option.ip_forwarding')],
  [22, info('Largest datagram', 'uint16', 'dhcp.option.max_datagram_reassembly_size')],
  [23, info('Default TTL', 'uint8', 'dhcp.option.default_ip_ttl')],
  [26, info('Interface MTU', 'uint16', 'dhcp.option.interface_mtu')],
  [27, info('All subnets are local', 'bool', 'dhcp.option.all_subnets_are_local')],
  [28, info('Broadcast address', 'address', 'dhcp.option.broadcast_address')],
  [31, info('Router discovery', 'bool', 'dhcp.option.perform_router_discover')],
  [33, info('Static route', 'pairs', 'dhcp.option.static_route.ip')],
  [35, info('ARP cache timeout', 'seconds', 'dhcp.option.arp_cache_timeout')],
  [37, info('TCP default TTL', 'uint8', 'dhcp.option.tcp_default_ttl')],
  [42, info('NTP server', 'addresses', 'dhcp.option.ntp_server')],
  [43, info('Vendor-specific', 'bytes', 'dhcp.option.vendor.value')],
  [44, info('NetBIOS name server', 'addresses', 'dhcp.option.netbios_over_tcpip_name_server')],
  [46, info('NetBIOS node type', 'uint8', 'dhcp.option.netbios_over_tcpip_node_type')],
  [47, info('NetBIOS scope', 'text', 'dhcp.option.netbios_over_tcpip_scope')],
  [50, info('Requested address', 'address', 'dhcp.option.requested_ip_address')],
  [51, info('Lease time', 'seconds', 'dhcp.option.ip_address_lease_time')],
  [52, info('Option overload', 'uint8', 'dhcp.option.option_overload')],
  [53, info('Message type', 'uint8', 'dhcp.option.dhcp')],
  [54, info('Server identifier', 'address', 'dhcp.option.dhcp_server_id')],
  [55, info('Parameter request list', 'list', 'dhcp.option.request_list_item')],
  [56, info('Message', 'text', 'dhcp.option.message')],
  [57, info('Largest message', 'uint16', 'dhcp.option.dhcp_max_message_size')],
  [58, info('Renewal time', 'seconds', 'dhcp.option.renewal_time_value')],
  [59, info('Rebinding time', 'seconds', 'dhcp.option.rebinding_time_value')],
  [60, info('Vendor class', 'text', 'dhcp.option.vendor_class_id')],
  [61, info('Client identifier', 'client', 'dhcp.client_id')],
  [66, info('TFTP server name', 'text', 'dhcp.option.tftp_server_name')],
  [67, info('Boot file name', 'text', 'dhcp.option.bootfile_name')],
  [69, info('SMTP server', 'addresses', 'dhcp.option.smtp_server')],
  [70, info('POP3 server', 'addresses', 'dhcp.option.pop3_server')],
  [72, info('Web server', 'addresses', 'dhcp.option.default_www_server')],
  // RFC 4702.
  [81, info('Client name', 'fqdn', 'dhcp.fqdn.name')],
  // RFC 3046.
  [82, info('Relay agent', 'agent', 'dhcp.option.agent_information_option.value')],
  // RFC 4388 6.1.
  [91, info('Last transaction', 'seconds', 'dhcp.option.client_last_transaction_time')],
  [92, info('Associated addresses', 'addresses', 'dhcp.option.associated_ip_option')],
  [93, info('Client architecture', 'uint16', 'dhcp.option.client_system_architecture')],
  // RFC 8925.
  [108, info('IPv6 only preferred', 'bytes', 'dhcp.option.value')],
  // RFC 8910.
  [114, info('Captive portal', 'text', 'dhcp.option.captive_portal')],
  [116, info('Auto-configuration', 'uint8', 'dhcp.option.dhcp_auto_configuration')],
  // RFC 3011.
  [118, info('Subnet selection', 'address', 'dhcp.option.subnet_selection_option')],
  // RFC 3397, RFC 3442.
  [119, info('Domain search', 'names', 'dhcp.option.dhcp_dns_domain_search_list_fqdn')],
  [121, info('Classless static route', 'routes', 'dhcp.option.classless_static_route')],
  [150, info('TFTP server', 'addresses', 'dhcp.option.tftp_server_address')],
  [249, info('Classless static route (Microsoft)', 'routes', 'dhcp.option.classless_static_route')],
]);

export const optionTitle = (code: number): string => OPTIONS.get(code)?.title ?? (code === DHCP_OPTION.pad ? 'Padding' : code === DHCP_OPTION.end ? 'End' : `Option ${code}`);
