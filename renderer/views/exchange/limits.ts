// The bounds of what the exchange view shows of a body, in one place: what a peer sends must not make the page slow or big.

export const BODY_LIMITS = {
  /** Characters of text shown at first, and more on each demand. */
  text: 16 * 1024,
  /** Bytes of text that are formatted as JSON or taken apart as a form. */
  formatted: 256 * 1024,
  /** Bytes that a content coding may grow to. */
  decoded: 2 * 1024 * 1024,
  /** Bytes and pixels of a picture. */
  picture: 4 * 1024 * 1024,
  pixels: 16 * 1024 * 1024,
  /** Fields of a form, chunks listed. */
  fields: 500,
  marks: 400,
} as const;
