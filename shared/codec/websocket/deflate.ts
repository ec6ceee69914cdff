// The extension permessage-deflate of a WebSocket (RFC 7692 7.1), as the server's answer agrees on it.

export interface MessageDeflate {
  /** The parameters as the answer has them: 'permessage-deflate; server_no_context_takeover'. */
  readonly text: string;
  /** The windows of what each side sends: whether one message's is taken over to the next, and its size as a power of 2. */
  readonly up: { readonly takeOver: boolean; readonly bits: number };
  readonly down: { readonly takeOver: boolean; readonly bits: number };
}

const NAME = 'permessage-deflate';
/** 7.1.2.1: sizes that may be agreed on; without a word it is the largest. */
const BITS = { least: 8, most: 15 } as const;
/** Letters of the parameters that are shown. */
const SHOWN = 200;

/** `extensions`: Sec-WebSocket-Extensions of the answer. Null: messages are not compressed, or not in a way that is known. */
export function messageDeflate(extensions: string): MessageDeflate | null {
  const [name, ...parameters] = extensions.split(',').map((one) => one.split(';').map((part) => part.trim())).find(([first]) => first?.toLowerCase() === NAME) ?? [];
  if (name === undefined) return null;
  const given = new Map(parameters.map((one) => {
    const [key = '', value = ''] = one.split('=', 2);
    return [key.trim().toLowerCase(), value.trim().replaceAll('"', '')];
  }));
  const side = (who: 'client' | 'server'): MessageDeflate['up'] | null => {
    const bits = Number(given.get(`${who}_max_window_bits`) ?? BITS.most);
    return bits >= BITS.least && bits <= BITS.most ? { takeOver: !given.has(`${who}_no_context_takeover`), bits } : null;
  };
  const [up, down] = [side('client'), side('server')];
  return up === null || down === null ? null : { text: [NAME, ...parameters].join('; ').slice(0, SHOWN), up, down };
}
