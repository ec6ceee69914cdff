// Connections of a WebSocket whose messages are compressed as both sides agreed (RFC 7692), made with zlib. Test code only.

import { constants, deflateRawSync } from 'node:zlib';
import { concatBytes } from '../../shared/base/bytes';
import { utf8Bytes } from '../../shared/base/bytesText';
import { codec } from '../../shared/codec/websocket/codec';
import { Line } from '../../shared/packets/dissection/captured.fixture';

/** What each side says, by turns. */
export interface Said {
  readonly dir: 'up' | 'down';
  readonly text: string;
  /** Frames that it goes in; default 1. */
  readonly frames?: number;
  /** As it is: an endpoint may leave a message uncompressed (6). */
  readonly plain?: boolean;
  /** Binary and not text. */
  readonly binary?: boolean;
}

const MASK = Uint8Array.of(0x11, 0x22, 0x33, 0x44);
const WINDOW = 2 ** 15;

/** `extensions`: what the answer agrees on; `takeOver`: whether messages refer to those before. */
export function webSocketLine(said: readonly Said[], { extensions = 'permessage-deflate', takeOver = true, port = 8081 } = {}): Line {
  const offered = extensions === '' ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  const line = new Line(port)
    .say('up', `GET /chat HTTP/1.1\r\nHost: example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n${offered}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`)
    .say('down', `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${offered}Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n`);
  const before = { up: new Uint8Array(0), down: new Uint8Array(0) };
  for (const { dir, text, frames = 1, plain = false, binary = false } of said) {
    const bytes = utf8Bytes(text);
    const dictionary = before[dir];
    const packed = plain ? bytes : Uint8Array.from(deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, ...(dictionary.length > 0 && takeOver ? { dictionary } : {}) })).subarray(0, -4);
    if (!plain) before[dir] = concatBytes(dictionary, bytes).slice(-WINDOW);
    for (let n = 0; n < frames; n++) {
      const part = packed.subarray(Math.floor((packed.length * n) / frames), Math.floor((packed.length * (n + 1)) / frames));
      line.say(dir, codec.encode({ fin: n === frames - 1, rsv: n === 0 && !plain ? 4 : 0, opcode: n > 0 ? 0 : binary ? 2 : 1, mask: dir === 'up' ? MASK : null, data: part }, new Uint8Array(0), {}));
    }
  }
  return line.close('up').close('down');
}
