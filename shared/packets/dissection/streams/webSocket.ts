// Reads a WebSocket (RFC 6455) behind HTTP's 101: frames by their codec, messages put together out of them, and what both sides agreed to send
// compressed (RFC 7692) made large again, within bounds.

import { concatBytes } from '../../../base/bytes';
import { codec } from '../../../codec/websocket/codec';
import type { WebsocketFrame } from '../../../codec/websocket/codec';
import { messageDeflate, type MessageDeflate } from '../../../codec/websocket/deflate';
import { withInflated } from '../../../codec/websocket/fields';
import { CONTROL, OPCODE } from '../../../codec/websocket/frame';
import { Inflater } from '../../../codec/inflate';
import type { StreamDir } from '../../reassembly/tcpStream';
import { DISSECTION_LIMITS } from '../limits';
import { GenericReader } from './generic';
import type { StreamLevel, StreamReader } from './level';
import type { Outcome, SocketPart } from './outcome';

/** The first of the three reserved bits (RFC 7692 6). */
const COMPRESSED = 4;

/** A message of one direction whose last frame has not come. */
interface Open {
  readonly opcode: number;
  readonly compressed: boolean;
  readonly parts: Uint8Array[];
  size: number;
}

interface Side {
  open: Open | null;
  /** Null: nothing is compressed, or its window is lost. */
  inflater: Inflater | null;
  /** Bytes that came out of it. */
  grown: number;
}

/** `extensions`: what the server's answer says of them; '' where it is not known. */
export function webSocketOf(level: StreamLevel, extensions: string): StreamReader {
  const agreed = messageDeflate(extensions);
  const side = (dir: StreamDir): Side => ({ open: null, inflater: agreed === null ? null : new Inflater(agreed[dir]), grown: 0 });
  const sides = { up: side('up'), down: side('down') };
  return new GenericReader(level, codec, {
    part: (dir, value, out) => {
      const none = { role: null, links: null } as const;
      const whole = joined(sides[dir], value as WebsocketFrame);
      const packed = sides[dir].open?.compressed === true;
      if (whole === null) return agreed === null ? none : { ...none, within: (tree) => withInflated(tree, packed ? 'part' : null) };
      const socket = said(sides[dir], whole, agreed);
      if (socket.coded === null) return agreed === null ? { ...none, socket } : { ...none, socket, within: (tree) => withInflated(tree, null) };
      if (socket.coded.outcome !== 'unknown') show(level, out, socket);
      const { bytes, coded } = socket;
      return { ...none, socket, within: (tree) => withInflated(tree, { text: whole.opcode === OPCODE.text, bytes, ...coded }) };
    },
    lost: (dir) => {
      sides[dir].open = null;
      // Without what is missing there is no window, unless every message begins a new one.
      if (agreed?.[dir].takeOver === true) sides[dir].inflater = null;
    },
  });
}

/** The message that ends with this frame; null: none does, or not all of it is here. */
function joined(side: Side, { fin, rsv, opcode, data }: WebsocketFrame): Open | null {
  if (opcode >= CONTROL) return null;
  if (opcode !== OPCODE.continuation) side.open = { opcode, compressed: (rsv & COMPRESSED) !== 0, parts: [], size: 0 };
  const { open } = side;
  if (open === null) return null;
  open.parts.push(data);
  open.size += data.length;
  if (open.size > DISSECTION_LIMITS.message) {
    if (open.compressed) side.inflater = null;
    side.open = null;
    return null;
  }
  if (fin) side.open = null;
  return fin ? open : null;
}

function said(side: Side, { compressed, parts, size }: Open, agreed: MessageDeflate | null): SocketPart {
  const bytes = concatBytes(...parts);
  if (!compressed) return { bytes, coded: null };
  const coding = agreed?.text ?? 'permessage-deflate';
  if (side.inflater === null) return { bytes, coded: { coding, outcome: 'unknown', sent: size } };
  const { bytes: large, outcome } = side.inflater.message(bytes, Math.min(DISSECTION_LIMITS.inflated, DISSECTION_LIMITS.inflatedAll - side.grown));
  side.grown += large.length;
  if (outcome !== 'decoded') side.inflater = null;
  return { bytes: large, coded: { coding, outcome, sent: size } };
}

const show = (level: StreamLevel, out: Outcome, { bytes }: SocketPart): void => level.opened(out, { name: 'decompressed', bytes, content: null, build: () => [] });
