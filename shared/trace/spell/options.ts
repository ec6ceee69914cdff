// The level of a socket option, by its name: which layer it belongs to (socket(7), tcp(7), ip(7), ipv6(7)).

export function levelOf(option: string): 'SOL_SOCKET' | 'IPPROTO_TCP' | 'IPPROTO_IP' | 'IPPROTO_IPV6' {
  if (option.startsWith('TCP_')) return 'IPPROTO_TCP';
  if (option.startsWith('IPV6_')) return 'IPPROTO_IPV6';
  return option.startsWith('IP_') ? 'IPPROTO_IP' : 'SOL_SOCKET';
}
