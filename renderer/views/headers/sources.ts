// Where a field is laid down: specification and section, by Wireshark's name of the field or the beginning of it. Data.

const SOURCES: readonly (readonly [name: string, source: string])[] = [
  ['tcp.options.mss', 'RFC 9293 §3.7.1'],
  ['tcp.options.wscale', 'RFC 7323 §2'],
  ['tcp.options.timestamp', 'RFC 7323 §3'],
  ['tcp.options.sack', 'RFC 2018 §2'],
  ['tcp.options', 'RFC 9293 §3.2'],
  ['tcp.flags.ae', 'RFC 9768 §3'],
  ['tcp.seq_raw', 'RFC 9293 §3.4'],
  ['tcp.ack_raw', 'RFC 9293 §3.4'],
  ['tcp.window', 'RFC 9293 §3.8.6'],
  ['tcp', 'RFC 9293 §3.1'],
  ['udp', 'RFC 768'],
  ['ip.dsfield', 'RFC 2474 §3, RFC 3168 §5'],
  ['ip.id', 'RFC 6864 §4'],
  ['ip.flags', 'RFC 791 §2.3'],
  ['ip.frag_offset', 'RFC 791 §2.3'],
  ['ip.checksum', 'RFC 1071'],
  ['ipv6.flow', 'RFC 6437'],
  ['ipv6', 'RFC 8200 §3'],
  ['ip', 'RFC 791 §3.1'],
  ['eth', 'IEEE 802.3 §3.2'],
  ['icmpv6', 'RFC 4443 §2.1'],
  ['icmp', 'RFC 792'],
];

/** '' where the field is nobody's. */
export const sourceOf = (name: string): string => SOURCES.find(([start]) => name === start || name.startsWith(`${start}.`) || name.startsWith(`${start}_`))?.[1] ?? '';
