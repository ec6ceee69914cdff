// The bounds of TLS here, in one table: what a peer says may not make a reader hold or show more than this.

export const TLS_LIMITS = {
  /** Bytes of a record's fragment: 2^14, and what sealing may add (RFC 5246 6.2.3; RFC 8446 5.2 allows 256). */
  fragment: 16_384 + 2048,
  /** Bytes of one handshake message; its length field could say 16 MB. */
  handshake: 131_072,
  /** Records that one handshake message may span. */
  spannedRecords: 1024,
  /** Fields that the records of one segment may show, when nobody said less. */
  treeItems: 6000,
  /** Lines of a key log, and characters of one. */
  keyLines: 20_000,
  keyLine: 400,
  /** Application data is opened at once where it may be a ticket or an update of the keys; all else when it is asked for. */
  eagerFragment: 4096,
  eagerRecords: 8,
  updateFragment: 64,
} as const;
