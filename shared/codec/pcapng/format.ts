// Numbers of pcapng (draft-ietf-opsawg-pcapng): types of blocks, codes of options, kinds of secrets and names. For what reads and what writes.

/** Types of blocks (section 10.1). */
export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  /** Obsolete (appendix A). */
  oldPacket: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  packet: 6,
  /** An entry of systemd's journal (section 4.8). */
  journal: 9,
  secrets: 10,
  /** Of a private enterprise (section 4.9); the second is not to be copied by who changes a file. */
  custom: 0x0bad,
  customLocal: 0x40000bad,
} as const;

/** Codes of options; they count from 2 anew in each type of block. */
export const OPTION = { end: 0, comment: 1 } as const;
export const SECTION_OPTION = { hardware: 2, os: 3, application: 4 } as const;
export const INTERFACE_OPTION = {
  name: 2, description: 3, timeResolution: 9, filter: 11, os: 12, fcsLength: 13, timeOffset: 14,
} as const;
export const STATISTICS_OPTION = { dropped: 5 } as const;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Secrets of TLS in the format of an NSS key log: 'TLSK' (section 4.7). */
export const TLS_KEY_LOG = 0x544c534b;
/** Records of a names block (section 4.5). */
export const NAME_RECORD = { end: 0, ipv4: 1, ipv6: 2, eui48: 3, eui64: 4 } as const;

/** Bytes of a block besides its body: type and twice its length. */
export const BLOCK_FRAME = 12;

/** A length with what fills it up to 32 bits. */
export const padded = (length: number): number => Math.ceil(length / 4) * 4;
