// The bounds of bencoded values here, in one table: what a peer, a tracker or a torrent says may not make a reader nest, hold or show
// more than this.

export const BENCODE_LIMITS = {
  /** Lists and dictionaries within each other. Metainfo nests four deep. */
  depth: 24,
  /** Values of one whole, keys not counted: a torrent of ten thousand files has some forty thousand. */
  values: 200_000,
  /** Digits of a number or of a length. */
  digits: 40,
  /** Problems that are remembered of one whole. */
  problems: 32,
  /** Fields that one whole may show, when nobody said less, and characters of a text in the tree. */
  treeItems: 6000,
  text: 256,
} as const;
