// The keys that a trace holds of one TLS session, and what they open.

import type { AppStory } from './appStory';

export class TlsKeys {
  private lines = 0;

  /** A line of an NSS key log. */
  line(text: string): void {
    if (text !== '') this.lines++;
  }

  get any(): boolean {
    return this.lines > 0;
  }

  open(_record: number, _form: { readonly tls13?: boolean }): ReturnType<AppStory['opened']> {
    return null;
  }
}
