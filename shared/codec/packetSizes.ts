// How a message is cut for a link: TCP segments by the maximum segment size, UDP datagrams by IP fragments. A calculation from the rules,
// not an observation: views mark it as a model. Pure.

export type IpVersion = 4 | 6;

/** Bytes of headers without options: RFC 791 3.1, RFC 8200 3, RFC 9293 3.1, RFC 768; IPv6's fragment header RFC 8200 4.5. */
export const HEADER_BYTES = { ethernet: 14, ip: { 4: 20, 6: 40 }, tcp: 20, udp: 8, fragment6: 8 } as const;
/** Timestamps, with their padding (RFC 7323 3.2): Linux, macOS and BSD send them in each segment, Windows does not. */
export const TIMESTAMPS = 12;
/** Largest IP packet that a length field of 16 bits can tell. */
const LARGEST = 65_535;
/** MTU of Ethernet (RFC 894). */
export const ETHERNET_MTU = 1500;

export interface Piece {
  /** Bytes of the message before this piece, and in it. */
  readonly offset: number;
  readonly size: number;
  /** Bytes of the IP packet, headers and all. */
  readonly packet: number;
}

export interface Cut {
  /** Bytes of payload in one piece at most: the MSS, or what fits in a fragment. */
  readonly most: number;
  readonly pieces: readonly Piece[];
  /** Bytes of all IP packets together, and of the headers in them. */
  readonly packets: number;
  readonly headers: number;
}

/** The MSS that an end announces: what its link takes, less the headers without options (RFC 9293 3.7.1, RFC 6691). */
export const announcedMss = (mtu: number, version: IpVersion): number => Math.min(mtu, LARGEST) - HEADER_BYTES.ip[version] - HEADER_BYTES.tcp;

/** TCP segments of a message; `options`: bytes of options in each, which come off its payload (RFC 6691). */
export function tcpCut(size: number, mtu: number, version: IpVersion, options: number): Cut {
  const most = Math.max(1, announcedMss(mtu, version) - options);
  return cut(size, most, HEADER_BYTES.ip[version] + HEADER_BYTES.tcp + options);
}

/** Bytes that one UDP datagram can carry at most: 65,507 over IPv4, 65,527 over IPv6. */
export const largestDatagram = (version: IpVersion): number => (version === 4 ? LARGEST - HEADER_BYTES.ip[4] : LARGEST) - HEADER_BYTES.udp;

/** IP packets of one datagram: one, or fragments of it (RFC 791 3.2, RFC 8200 4.5); null when it is too long for any (EMSGSIZE). */
export function udpCut(size: number, mtu: number, version: IpVersion): Cut | null {
  if (size > largestDatagram(version)) return null;
  const ip = HEADER_BYTES.ip[version];
  const whole = size + HEADER_BYTES.udp;
  if (ip + whole <= mtu) return cut(size, Math.min(mtu - ip, LARGEST) - HEADER_BYTES.udp, ip + HEADER_BYTES.udp);
  const header = ip + (version === 6 ? HEADER_BYTES.fragment6 : 0);
  // Fragments but the last carry a multiple of 8 bytes.
  const most = Math.floor((mtu - header) / 8) * 8;
  const pieces: Piece[] = [];
  // The UDP header is carried by the first alone.
  for (let at = 0; at < whole; at += most) {
    const carried = Math.min(most, whole - at);
    const own = at === 0 ? HEADER_BYTES.udp : 0;
    pieces.push({ offset: Math.max(0, at - HEADER_BYTES.udp), size: carried - own, packet: header + carried });
  }
  return told(most, pieces);
}

function cut(size: number, most: number, headers: number): Cut {
  const pieces: Piece[] = [];
  for (let offset = 0; offset < size || offset === 0; offset += most) {
    const part = Math.min(most, size - offset);
    pieces.push({ offset, size: part, packet: part + headers });
  }
  return told(most, pieces);
}

function told(most: number, pieces: readonly Piece[]): Cut {
  const packets = pieces.reduce((sum, piece) => sum + piece.packet, 0);
  return { most, pieces, packets, headers: packets - pieces.reduce((sum, piece) => sum + piece.size, 0) };
}
