// The bounds of one frame's dissection (quality: nothing a peer sends makes a tree grow without end), in one table. The first three
// keep the last two, which the fuzz tests hold the codecs to.

export const CODEC_LIMITS = {
  /** Headers of one frame: tunnels within tunnels end here. */
  layers: 32,
  /** Options of one list; the rest is shown as one. */
  options: 128,
  /** IPv6 extension headers of one packet; RFC 8200 4.1 allows seven. */
  extensions: 16,
  /** Fields of one frame's trees, and how deep they nest. */
  treeItems: 10_000,
  treeDepth: 64,
  /** Pointers followed in one DNS name, and records of one message. */
  dnsPointers: 20,
  dnsRecords: 4096,
  /** Bytes of an HTTP/1 head (RFC 9110 5.4 leaves it to us), its lines, and chunks that are remembered of one body. */
  httpHead: 65_536,
  httpHeaders: 256,
  httpChunks: 1024,
  /** Bytes that a compressed body of HTTP/1 grows to; the rest is not shown. */
  httpDecoded: 4 * 1024 * 1024,
} as const;
