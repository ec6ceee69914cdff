// Percent-encoding of bytes in text (RFC 3986 2.1).

const HEX = /^[0-9A-Fa-f]{2}$/;

/** Percent-encoded text as bytes; '%' without two digits stays itself and is told. '+' is no blank here (RFC 3986). */
export function percentDecode(text: string): { readonly bytes: Uint8Array; readonly broken: boolean } {
  const bytes = new Uint8Array(text.length);
  let size = 0;
  let broken = false;
  for (let at = 0; at < text.length; at++) {
    const digits = text.slice(at + 1, at + 3);
    const coded = text[at] === '%';
    const code = text.charCodeAt(at);
    if (coded && HEX.test(digits)) at += 2;
    else if (coded || code > 0xff) broken = true;
    bytes[size++] = coded && HEX.test(digits) ? Number.parseInt(digits, 16) : code & 0xff;
  }
  return { bytes: bytes.slice(0, size), broken };
}

const UNRESERVED = /[0-9A-Za-z\-._~]/;

/** Bytes as a query carries them (RFC 3986 2.3). */
export function percentEncode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const sign = String.fromCharCode(byte);
    text += UNRESERVED.test(sign) ? sign : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  }
  return text;
}
