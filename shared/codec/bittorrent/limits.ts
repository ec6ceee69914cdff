// The bounds of BitTorrent's wire here, in one table: what a peer says may not make a reader hold or show more than this.

export const BITTORRENT_LIMITS = {
  /** Bytes behind the length of one message. Wireshark believes no more either; blocks are 16 KiB (BEP 3). */
  message: 0x100_0000 - 1,
  /** The same of a message that is not a block, and so is held until it is whole: a bitfield of eight million pieces. */
  held: 0x10_0000,
  /** Peers of one message of peer exchange that are read (BEP 11 asks for at most 50 of a kind). */
  exchanged: 400,
  /** Messages that an extended handshake may name. */
  extensions: 64,
  /** Fields that the messages of one segment may show, when nobody said less. */
  treeItems: 6000,
} as const;
