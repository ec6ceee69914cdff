// Domain names as text with their last dot: 'www.example.test.', the root is '.'. Special bytes are escaped (RFC 1035 5.1, RFC 4343
// 2.1), so that text and bytes tell the same and a name of any bytes is plain ASCII. Compared without regard to case (RFC 4343 3).

/** RFC 1035 2.3.4: bytes of a label, and of a name with its lengths and the root's zero. */
export const LABEL_LIMIT = 63;
export const NAME_LIMIT = 255;

export const ROOT = '.';

const BACKSLASH = 0x5c;
const DOT = 0x2e;
/** Signs that mean something in a zone file and so are escaped: . \ " ( ) ; @ $ */
const SPECIAL = new Set(Array.from('.\\"();@$', (sign) => sign.charCodeAt(0)));

/** How a byte of a label is written. */
export function labelSign(byte: number): string {
  if (byte > 0x20 && byte < 0x7f) return SPECIAL.has(byte) ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte);
  return `\\${byte.toString().padStart(3, '0')}`;
}

/** One past the end of the label that begins at `from`: its dot, or the end of the text. */
function labelEnd(name: string, from: number): number {
  let at = from;
  while (at < name.length) {
    const code = name.charCodeAt(at);
    if (code === DOT) return at;
    at += code !== BACKSLASH ? 1 : isDigit(name.charCodeAt(at + 1)) ? 4 : 2;
  }
  return name.length;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** The labels as written, leftmost first; none for the root. */
export function labelsOf(name: string): string[] {
  const labels: string[] = [];
  for (let at = 0; at < name.length && name !== ROOT;) {
    const end = labelEnd(name, at);
    labels.push(name.slice(at, end));
    at = end + 1;
  }
  return labels;
}

/** The bytes of a label as written. Null when it is empty, longer than 63 bytes, or has a broken escape or a sign beyond ASCII. */
export function labelBytes(label: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(LABEL_LIMIT);
  let length = 0;
  for (let at = 0; at < label.length; at++) {
    let code = label.charCodeAt(at);
    if (code === BACKSLASH) {
      const digits = label.slice(at + 1, at + 4);
      if (/^\d{3}$/.test(digits)) {
        code = Number(digits);
        at += 3;
      } else if (at + 1 < label.length && !isDigit(label.charCodeAt(at + 1))) {
        code = label.charCodeAt(at + 1);
        at += 1;
      } else return null;
      if (code > 0xff) return null;
    } else if (code > 0x7f) return null;
    if (length === LABEL_LIMIT) return null;
    bytes[length++] = code;
  }
  return length === 0 ? null : bytes.slice(0, length);
}

/**
 * The name that people mean by `text`: with `origin` behind it unless it ends with a dot; '@' is the origin. Null when it is none:
 * an empty label, a label over 63 bytes, a name over 255, a broken escape.
 */
export function parseName(text: string, origin: string = ROOT): string | null {
  if (text === '@') return origin;
  if (text === ROOT) return ROOT;
  if (text === '' || text.length > 4 * NAME_LIMIT) return null;
  const labels = labelsOf(text);
  const written = text.endsWith('.') && labelEnd(text, lastLabel(text)) === text.length - 1;
  const all = written ? labels : [...labels, ...labelsOf(origin)];
  let size = 1;
  let name = '';
  for (const label of all) {
    const bytes = labelBytes(label);
    if (bytes === null) return null;
    size += 1 + bytes.length;
    name += Array.from(bytes, labelSign).join('') + ROOT;
  }
  return size > NAME_LIMIT ? null : name;
}

/** Where the last label with a sign in it begins. */
function lastLabel(name: string): number {
  let from = 0;
  for (;;) {
    const end = labelEnd(name, from);
    if (end + 1 >= name.length) return from;
    from = end + 1;
  }
}

/** The same for every spelling of the name: a key for maps (RFC 4343 3). Names in text are ASCII, so this folds no more than it should. */
export const nameKey = (name: string): string => name.toLowerCase();

export const sameName = (left: string, right: string): boolean => left === right || nameKey(left) === nameKey(right);

/** The name without its first label; the root's is the root. */
export function parentOf(name: string): string {
  if (name === ROOT) return ROOT;
  const rest = name.slice(labelEnd(name, 0) + 1);
  return rest === '' ? ROOT : rest;
}

/** True when `name` is `zone` or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  if (zone === ROOT) return true;
  const inner = nameKey(name);
  const outer = nameKey(zone);
  if (!inner.endsWith(outer)) return false;
  for (let at = 0; at < inner.length;) {
    if (inner.length - at === outer.length) return true;
    if (inner.length - at < outer.length) return false;
    at = labelEnd(inner, at) + 1;
  }
  return false;
}

/** Labels of the name: 0 for the root, 2 for 'example.test.'. */
export const labelCount = (name: string): number => labelsOf(name).length;

/** '*.example.test.' for 'example.test.' (RFC 4592 2.1). */
export const wildcardBelow = (name: string): string => (name === ROOT ? '*.' : `*.${name}`);

/** RFC 1035 3.5 and RFC 3596 2.5: the name that holds the PTR record of an address of bytes. */
export function reverseName(address: Uint8Array): string {
  if (address.length === 4) return `${Array.from(address).reverse().join('.')}.in-addr.arpa.`;
  return `${Array.from(address).reverse().map((byte) => `${(byte & 15).toString(16)}.${(byte >> 4).toString(16)}`).join('.')}.ip6.arpa.`;
}

/** As Wireshark shows it: without the last dot, '<Root>' for the root. */
export const shownName = (name: string): string => (name === ROOT ? '<Root>' : name.slice(0, -1));
