// The bounds of HTTP/2 here, in one table: what a peer says may not make a reader hold or show more than this. What lies beyond is
// named (a connection error, a count of what was dropped), never kept.

export const HTTP2_LIMITS = {
  /** Bytes of a frame's payload: what a receiver allows until it says otherwise (RFC 9113 6.5.2), and the most it may allow. */
  frameSize: 16_384,
  largestFrameSize: 16_777_215,
  /** Bytes of one header block, all its frames together. */
  block: 131_072,
  /** Frames of one header block; many empty ones are an attack. */
  blockFrames: 256,
  /** Size of a decoded header list (RFC 9113 6.5.2: names, values and 32 for each); fields beyond are decoded and dropped. */
  headerList: 65_536,
  /** Size of a dynamic table (RFC 7541 4.1): the one that both ends begin with, and the largest that is kept. */
  table: 4096,
  largestTable: 65_536,
  /** Fields that the frames of one segment may show, when nobody said less. */
  treeItems: 6000,
  /** Characters of a name or a value in the tree. */
  text: 4096,
} as const;
