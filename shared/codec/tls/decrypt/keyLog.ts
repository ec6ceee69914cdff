// An NSS key log (SSLKEYLOGFILE; draft-ietf-tls-keylogfile): secrets by the random of the client hello that they belong to. Bounded;
// lines that are none are passed over.

import { fromHex, toHex } from '../../../base/bytes';
import { TLS_LIMITS } from '../limits';

/** CLIENT_RANDOM is the master secret of TLS 1.2; the others are traffic secrets of TLS 1.3 (RFC 8446 7.1). */
export const KEY_LABELS = [
  'CLIENT_RANDOM', 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0', 'CLIENT_EARLY_TRAFFIC_SECRET', 'EXPORTER_SECRET',
] as const;
export type KeyLabel = (typeof KEY_LABELS)[number];
const LABELS: ReadonlySet<string> = new Set(KEY_LABELS);

export interface LoggedKey {
  readonly label: KeyLabel;
  readonly clientRandom: Uint8Array<ArrayBuffer>;
  readonly secret: Uint8Array<ArrayBuffer>;
}

/** One line; null for a comment, another label or what has not its form. */
export function parseKeyLine(line: string): LoggedKey | null {
  if (line.length > TLS_LIMITS.keyLine) return null;
  const [label = '', random = '', secret = '', ...more] = line.trim().split(/\s+/);
  if (!LABELS.has(label) || more.length > 0 || !/^[0-9a-f]{64}$/i.test(random) || !/^([0-9a-f]{2}){16,64}$/i.test(secret)) return null;
  return { label: label as KeyLabel, clientRandom: fromHex(random), secret: fromHex(secret) };
}

export class KeyLog {
  readonly #secrets = new Map<string, Uint8Array>();

  /** `more`: another log that is looked in too. */
  constructor(private readonly more: KeyLog | null = null) {}

  /** Lines of a key log; gives how many keys were in them. */
  add(text: string): number {
    let added = 0;
    for (const line of text.split(/\r?\n/)) {
      const key = parseKeyLine(line);
      if (key === null || this.#secrets.size >= TLS_LIMITS.keyLines) continue;
      this.#secrets.set(`${key.label} ${toHex(key.clientRandom)}`, key.secret);
      added++;
    }
    return added;
  }

  get size(): number {
    return this.#secrets.size;
  }

  secret(label: KeyLabel, clientRandom: Uint8Array): Uint8Array | null {
    return this.#secrets.get(`${label} ${toHex(clientRandom)}`) ?? this.more?.secret(label, clientRandom) ?? null;
  }

  /** True when there is any secret of this session. */
  knows: (clientRandom: Uint8Array) => boolean = (clientRandom) => KEY_LABELS.some((label) => this.secret(label, clientRandom) !== null);
}
