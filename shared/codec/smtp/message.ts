// What SMTP says (RFC 5321): one message of its codec, and how it was read.

import type { Command, Reply, WireLine } from '../lines';

export type SmtpMessage =
  | Command
  | Reply
  /** Lines of a mail; `end`: the last one is the dot that ends it. */
  | { readonly type: 'mail'; readonly lines: readonly string[]; readonly end: boolean }
  /** A part of what BDAT announced (RFC 3030 2): bytes as they are; `left`: those of it that follow. */
  | { readonly type: 'chunk'; readonly data: Uint8Array; readonly left: number }
  /** What AUTH asked for, in base64; `plain`: whatever else its mechanism wants at once. */
  | { readonly type: 'auth'; readonly asked: 'username' | 'password' | 'plain'; readonly text: string };

export interface ReadSmtp {
  readonly message: SmtpMessage;
  readonly lines: readonly WireLine[];
  readonly end: number;
  readonly mode: string | undefined;
}
