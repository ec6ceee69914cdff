// The bounds of reading a capture file (quality: nothing grows without end), in one table. What is over a bound is left out and said so, or is
// damage with its place.

export const CAPTURE_LIMITS = {
  /** Bytes of one packet, as libpcap and Wireshark have it: more is damage. */
  packet: 262_144,
  /** Link types of which packets may be larger, up to `block`: D-Bus, USB, EBHSCR. */
  largeLinkTypes: [220, 231, 249, 279],
  /** Bytes of a pcapng block that is read; blocks of types that are not known are skipped whatever their length. */
  block: 16 * 1024 * 1024,
  interfaces: 65_535,
  names: 1_000_000,
  /** Characters of all comments, and of all key log lines. */
  comments: 64 * 1024 * 1024,
  keyLog: 64 * 1024 * 1024,
  /** Bytes of custom blocks that are kept; a sink that takes them itself gets all. */
  custom: 64 * 1024 * 1024,
} as const;

/** Bytes of a packet of a link type. */
export const longestPacket = (linkType: number): number => (CAPTURE_LIMITS.largeLinkTypes.some((large) => large === linkType) ? CAPTURE_LIMITS.block : CAPTURE_LIMITS.packet);
