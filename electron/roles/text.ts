// Text and the bytes that carry it: UTF-8, as in the course's programs. A socket carries bytes only.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encode = (text: string): Uint8Array => encoder.encode(text);

/** Bytes that are no UTF-8 become U+FFFD; nothing from the wire can make it throw. */
export const decode = (bytes: Uint8Array): string => decoder.decode(bytes);
