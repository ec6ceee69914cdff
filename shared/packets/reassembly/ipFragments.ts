// Puts the fragments of IP datagrams together (RFC 791 3.2, RFC 8200 4.5), both versions. Of bytes that come twice the first stay, and it
// is told that they came twice, as Wireshark's ip.fragment.* do. Pure: packets in, whole payloads out; bounds in fragmentLimits.ts.

import { NO_BYTES } from '../../base/bytes';
import { FRAGMENT_LIMITS } from './fragmentLimits';

/** What the header of a fragment says. */
export interface FragmentHeader {
  readonly source: string;
  readonly destination: string;
  /** RFC 791: source, destination, protocol and identification tell datagrams apart; IPv6 does without the protocol (RFC 8200 4.5). */
  readonly identification: number;
  readonly protocol: number;
  /** In bytes, a multiple of eight. */
  readonly offset: number;
  readonly more: boolean;
}

/** One fragment of a datagram that is whole, with Wireshark's words for what is wrong with it. */
export interface FragmentNote {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  /** ip.fragment.overlap: some of its bytes had come before. */
  readonly overlap: boolean;
  /** ip.fragment.overlap.conflict: and they differ. */
  readonly conflict: boolean;
  /** ip.fragment.multipletails: it says that the datagram ends elsewhere. */
  readonly multipleTails: boolean;
  /** ip.fragment.toolongfragment: it goes past the end of the datagram. */
  readonly tooLong: boolean;
}

export interface ReassembledDatagram {
  /** The payload of the IP datagram. */
  readonly complete: Uint8Array;
  /** Packets that it came in, in the order of their arrival. */
  readonly fragments: readonly number[];
  /** By offset. */
  readonly notes: readonly FragmentNote[];
  /** The protocol that the first fragment names: in IPv6 only that one knows (RFC 8200 4.5). */
  readonly protocol: number;
}

/** Offsets count in these many bytes (RFC 791 3.1, RFC 8200 4.5). */
const BLOCK = 8;

interface Piece {
  readonly number: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly more: boolean;
  readonly protocol: number;
}

interface Datagram {
  readonly pieces: Piece[];
  /** Number of the first packet. */
  readonly since: number;
  /** Bytes held. */
  size: number;
  /** How many bytes of each block of eight are there: offsets count in eights, so a block is filled from its beginning. */
  blocks: Uint8Array;
  /** Blocks from 0 on that are full. */
  full: number;
  /** Where the first fragment without "more" ends; null: not seen. */
  end: number | null;
}

export class IpReassembler {
  readonly #open = new Map<string, Datagram>();
  readonly #whole = new Map<number, number>();
  #dropped = 0;

  /** Datagrams that were given up: never whole, too old, too many or too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Datagrams that wait for fragments. */
  get waiting(): number {
    return this.#open.size;
  }

  /** The packet in which the datagram of this fragment became whole (ip.reassembled_in); null: not yet, or no longer remembered. */
  reassembledIn(number: number): number | null {
    return this.#whole.get(number) ?? null;
  }

  /**
   * A fragment, in the order of the capture, captured whole. Gives the datagram when it is whole with this one, else null. The bytes are
   * copied.
   */
  push(number: number, header: FragmentHeader, payload: Uint8Array): ReassembledDatagram | null {
    this.#forget(number);
    const key = keyOf(header);
    const datagram = this.#open.get(key) ?? this.#begin(key, number);
    const end = header.offset + payload.length;
    if (end > FRAGMENT_LIMITS.datagram || datagram.pieces.length === FRAGMENT_LIMITS.fragments || datagram.size + payload.length > 2 * FRAGMENT_LIMITS.datagram) {
      this.#drop(key);
      return null;
    }
    datagram.pieces.push({ number, offset: header.offset, bytes: payload.length === 0 ? NO_BYTES : payload.slice(), more: header.more, protocol: header.protocol });
    datagram.size += payload.length;
    if (!header.more) datagram.end ??= end;
    fill(datagram, header.offset, end);
    if (datagram.end === null || datagram.full * BLOCK + (datagram.blocks[datagram.full] ?? 0) < datagram.end) return null;
    this.#open.delete(key);
    this.#remember(datagram.pieces, number);
    return assembled(datagram.pieces, datagram.end);
  }

  #begin(key: string, number: number): Datagram {
    if (this.#open.size === FRAGMENT_LIMITS.datagrams) for (const oldest of this.#open.keys()) {
      this.#drop(oldest);
      break;
    }
    const datagram: Datagram = { pieces: [], since: number, size: 0, blocks: NO_BYTES, full: 0, end: null };
    this.#open.set(key, datagram);
    return datagram;
  }

  #drop(key: string): void {
    if (this.#open.delete(key)) this.#dropped++;
  }

  /** Datagrams are in the order of their first fragments: the first that is young enough ends it. */
  #forget(number: number): void {
    for (const [key, { since }] of this.#open) {
      if (number - since <= FRAGMENT_LIMITS.age) return;
      this.#drop(key);
    }
  }

  #remember(pieces: readonly Piece[], number: number): void {
    for (const piece of pieces) this.#whole.set(piece.number, number);
    for (const oldest of this.#whole.keys()) {
      if (this.#whole.size <= FRAGMENT_LIMITS.remembered) return;
      this.#whole.delete(oldest);
    }
  }
}

const keyOf = ({ source, destination, identification, protocol }: FragmentHeader): string => `${source} ${destination} ${source.includes(':') ? '' : protocol} ${identification}`;

/** Marks the bytes from `from`, which is a multiple of eight, to `to`. */
function fill(datagram: Datagram, from: number, to: number): void {
  const last = Math.ceil(to / BLOCK);
  if (last > datagram.blocks.length) {
    const grown = new Uint8Array(Math.max(last, datagram.blocks.length * 2));
    grown.set(datagram.blocks);
    datagram.blocks = grown;
  }
  const { blocks } = datagram;
  for (let block = Math.floor(from / BLOCK); block < last; block++) blocks[block] = Math.max(blocks[block] ?? 0, Math.min(BLOCK, to - block * BLOCK));
  while (blocks[datagram.full] === BLOCK) datagram.full++;
}

function assembled(pieces: readonly Piece[], end: number): ReassembledDatagram {
  const complete = new Uint8Array(end);
  const filled = new Uint8Array(end);
  const notes = pieces.map(({ number, offset, bytes, more }): FragmentNote => {
    let overlap = false;
    let conflict = false;
    for (let i = 0; i < bytes.length && offset + i < end; i++) {
      const at = offset + i;
      if (filled[at] === 1) {
        overlap = true;
        conflict ||= complete[at] !== bytes[i];
      } else {
        complete[at] = bytes[i] ?? 0;
        filled[at] = 1;
      }
    }
    const until = offset + bytes.length;
    return { number, offset, length: bytes.length, overlap, conflict, multipleTails: !more && until !== end, tooLong: until > end };
  });
  const first = pieces.find(({ offset }) => offset === 0);
  return { complete, fragments: pieces.map(({ number }) => number), notes: notes.sort((one, other) => one.offset - other.offset), protocol: first?.protocol ?? 0 };
}
