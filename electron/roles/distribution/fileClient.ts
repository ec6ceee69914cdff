// An HTTP client that fetches one file over a capped down-link: it pays for what it has read before it reads on, so that the kernel's
// buffers fill and TCP holds the server back. The socket's calls are its own; what the bytes mean is read by the reader of responses.

import { concatBytes, equalBytes } from '../../../shared/base/bytes';
import type { Endpoint } from '../../../shared/trace/event';
import type { Link } from '../bittorrent/link';
import { requestBytes } from '../http/handClient';
import { ResponseReader } from '../http/responseReader';
import type { RoleContext } from '../lab';

const BLANK_LINE = Uint8Array.of(13, 10, 13, 10);

export interface FetchOptions {
  readonly server: Endpoint;
  /** '/file' */
  readonly target: string;
  readonly down: Link;
  /** The first byte of the body has been read. */
  readonly onPayload?: () => void;
}

/** The body. Rejects with the system's error, HTTP_MALFORMED, or HTTP_FAILED when the answer is not 200 or breaks off. */
export async function fetchFile(role: RoleContext, { server, target, down, onPayload }: FetchOptions): Promise<Uint8Array> {
  const socket = await role.host.net.dial(server);
  try {
    await socket.sendAll(requestBytes(server, { method: 'GET', target, headers: [['User-Agent', 'Looplab'], ['Connection', 'close']] }));
    const parts: Uint8Array[] = [];
    let received = 0;
    let ends: { readonly body: number; readonly whole: number } | null = null;
    while (ends === null || received < ends.whole) {
      const bytes = await socket.recv(down.turn);
      if (bytes.length === 0) break;
      parts.push(bytes);
      received += bytes.length;
      const knew = ends !== null && received - bytes.length > ends.body;
      ends ??= endsOf(concatBytes(...parts));
      if (!knew && ends !== null && received > ends.body) onPayload?.();
      await down.pass(bytes.length);
    }
    const reader = new ResponseReader();
    reader.push(concatBytes(...parts));
    reader.end();
    const response = reader.next('GET');
    if (response === null || response.status !== 200 || !response.complete) throw failed(response === null ? 'no answer' : `${response.status} ${response.reason}${response.complete ? '' : ', cut short'}`);
    return response.body;
  } finally {
    socket.close();
  }
}

/** Where the body begins, and where it ends by its Content-Length (else never); null while the head is not whole. */
function endsOf(bytes: Uint8Array): { readonly body: number; readonly whole: number } | null {
  for (let at = 0; at + BLANK_LINE.length <= bytes.length; at++) {
    if (!equalBytes(bytes.subarray(at, at + BLANK_LINE.length), BLANK_LINE)) continue;
    const body = at + BLANK_LINE.length;
    const length = /\r\ncontent-length: *(\d{1,15})\r\n/i.exec(Buffer.from(bytes.subarray(0, body)).toString('latin1'))?.[1];
    return { body, whole: length === undefined ? Number.POSITIVE_INFINITY : body + Number(length) };
  }
  return null;
}

const failed = (why: string): Error => Object.assign(new Error(why), { code: 'HTTP_FAILED' });
