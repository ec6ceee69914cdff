// Reads a page as its bytes arrive and tells of the objects that it names the moment their element is whole: style sheets, scripts,
// pictures. Scripts are not run, so nothing waits for them; objects that style sheets or scripts would name are left out.

import { TextDecoder } from 'node:util';
import { Parser } from 'htmlparser2';
import { MAX_OBJECTS, MAX_URL } from './browserBounds';

export interface MetObject {
  readonly element: 'link' | 'script' | 'img';
  /** Absolute, without a fragment. */
  readonly url: string;
  /** Bytes of the page up to the end of the element's tag. */
  readonly offset: number;
}

export class PageParser {
  private readonly parser: Parser;
  private readonly decoder: TextDecoder;
  private readonly known = new Set<string>();
  private base: string;
  private read = 0;
  private text = '';
  /** Characters of `text` that are before it, and their bytes: offsets are counted from there. */
  private countedChars = 0;
  private countedBytes = 0;

  /** `url`: of the page. `charset`: as its Content-Type says; unknown ones are read as UTF-8. */
  constructor(url: string, charset: string, private readonly onMet: (met: MetObject) => void) {
    this.base = url;
    this.known.add(withoutFragment(url) ?? url);
    this.decoder = decoderOf(charset);
    this.parser = new Parser({ onopentag: (name, attributes) => this.open(name, new Map(Object.entries(attributes))) }, { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true });
  }

  write(bytes: Uint8Array): void {
    this.read += bytes.length;
    this.feed(this.decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.feed(this.decoder.decode());
    this.parser.end();
  }

  private feed(text: string): void {
    this.text += text;
    this.parser.write(text);
  }

  private open(name: string, attributes: ReadonlyMap<string, string>): void {
    const href = attributes.get('href');
    const src = attributes.get('src');
    if (name === 'base' && href !== undefined) this.base = resolved(href, this.base) ?? this.base;
    else if (name === 'link' && href !== undefined && /(^|\s)(stylesheet|icon)(\s|$)/i.test(attributes.get('rel') ?? '')) this.meet('link', href);
    else if ((name === 'script' || name === 'img') && src !== undefined) this.meet(name, src);
  }

  private meet(element: MetObject['element'], reference: string): void {
    const url = withoutFragment(resolved(reference, this.base) ?? '');
    if (url === null || this.known.has(url) || this.known.size > MAX_OBJECTS) return;
    this.known.add(url);
    this.onMet({ element, url, offset: this.offset() });
  }

  /** Where the tag that is being told of ends, in bytes. */
  private offset(): number {
    const end = this.parser.endIndex + 1;
    this.countedBytes += Buffer.byteLength(this.text.slice(this.countedChars, end));
    this.countedChars = end;
    return Math.min(this.countedBytes, this.read);
  }
}

const decoderOf = (charset: string): TextDecoder => {
  try {
    return new TextDecoder(charset === '' ? 'utf-8' : charset);
  } catch {
    return new TextDecoder();
  }
};

/** Of http and https only: data: URLs and their like need no server. */
function resolved(reference: string, base: string): string | null {
  const trimmed = reference.trim();
  if (trimmed === '' || trimmed.length > MAX_URL || !URL.canParse(trimmed, base)) return null;
  const url = new URL(trimmed, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
}

function withoutFragment(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  parsed.hash = '';
  return parsed.href;
}
