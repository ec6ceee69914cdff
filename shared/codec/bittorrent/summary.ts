// Messages in the protocol's own words, the same in every language: 'Request piece 3 offset 0 16 KiB'. For labels, lists and the log.

import { never } from '../../base/assert';
import { visibleText } from '../text';
import { decodeExtended } from './extended';
import { countBits, type BlockRange, type SmallMessage } from './message';
import { MESSAGE_NAMES } from './names';

/** Binary multiples where they come out even, as blocks and pieces do: '16 KiB', '1 MiB', '5000 B'. */
export function sizeText(size: number): string {
  if (size >= 0x10_0000 && size % 0x10_0000 === 0) return `${size / 0x10_0000} MiB`;
  return size >= 1024 && size % 1024 === 0 ? `${size / 1024} KiB` : `${size} B`;
}

/** 'piece 3 offset 16384 16 KiB'. */
export const blockText = ({ piece, begin, length }: BlockRange): string => `piece ${piece} offset ${begin} ${sizeText(length)}`;

/** What a name of an extension that a peer chose may look like. */
const nameText = (name: string): string => visibleText(name.slice(0, 32));

/** `extension`: what the number of an extended message means, where that is known. `pieces`: of the torrent, where known. */
export function messageText(message: SmallMessage | ({ readonly type: 'piece' } & BlockRange), extension: string | null = null, pieces: number | null = null): string {
  const { type } = message;
  switch (type) {
    case 'keepAlive': return 'Keep-alive';
    case 'choke': return 'Choke';
    case 'unchoke': return 'Unchoke';
    case 'interested': return 'Interested';
    case 'notInterested': return 'Not interested';
    case 'haveAll': return 'Have all';
    case 'haveNone': return 'Have none';
    case 'have': return `Have ${message.piece}`;
    case 'suggest': return `Suggest ${message.piece}`;
    case 'allowedFast': return `Allowed fast ${message.piece}`;
    // Without the torrent its spare bits count too (BEP 3: the last byte is filled up).
    case 'bitfield': return `Bitfield ${countBits(message.bits)}/${pieces ?? message.bits.length * 8}`;
    case 'request': return `Request ${blockText(message)}`;
    case 'cancel': return `Cancel ${blockText(message)}`;
    case 'reject': return `Reject ${blockText(message)}`;
    case 'piece': return `Piece ${message.piece} offset ${message.begin} ${sizeText(message.length)}`;
    case 'port': return `Port ${message.port}`;
    case 'extended': return extendedText(message.id, message.payload, extension);
    case 'other': return MESSAGE_NAMES.get(message.number) ?? `Message ${message.number}`;
    default: return never(type);
  }
}

function extendedText(id: number, payload: Uint8Array, name: string | null): string {
  const said = decodeExtended(id, payload, name);
  switch (said.type) {
    case 'handshake': return `Extended handshake${said.client === '' ? '' : ` ${nameText(said.client)}`}`;
    case 'metadata': return `Metadata ${said.action} ${said.piece}`;
    case 'exchange': return `Peer exchange +${said.added.length} -${said.dropped.length}`;
    case 'unknown': return `Extended ${name === null ? id : nameText(name)}`;
    case 'malformed': return `Extended ${name === null ? id : nameText(name)} malformed`;
    default: return never(said);
  }
}
