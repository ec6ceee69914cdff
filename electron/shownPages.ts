// The web pages that a lab's browser shows: documents that came over the lab's sockets, served into a frame without any right under an
// origin of their own, app://page/. No script, no network, no form, no navigation; styles and pictures only from inside the document.

const SHOWN_ORIGIN = 'app://page';

/** A document shows itself and nothing else; `sandbox` takes every right even when it is not opened in a frame. */
const SHOWN_POLICY = [
  'sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors app://looplab',
].join('; ');

/** Documents that are kept: the frame asks for the newest, at once. */
const KEPT = 4;

export const isShown = (url: string): boolean => url.startsWith(`${SHOWN_ORIGIN}/`);

export class ShownPages {
  private readonly pages = new Map<string, string>();
  private count = 0;

  /** The URL under which the document is served from now on. */
  put(html: string): string {
    const url = `${SHOWN_ORIGIN}/${++this.count}`;
    this.pages.set(url, html);
    for (const old of this.pages.keys()) {
      if (this.pages.size <= KEPT) break;
      this.pages.delete(old);
    }
    return url;
  }

  get(url: string): string | null {
    return this.pages.get(url) ?? null;
  }
}

export const shownHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': SHOWN_POLICY,
  'x-content-type-options': 'nosniff',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};
