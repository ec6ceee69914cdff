// Names and numbers of BitTorrent's wire: messages (BEP 3, 5, 6, 10, 52), reserved bits of the handshake (BEP 4), and who made a peer id
// (BEP 20).

import { keyText } from '../bencode/value';
import { visibleText } from '../text';

export const MESSAGE = {
  choke: 0, unchoke: 1, interested: 2, notInterested: 3, have: 4, bitfield: 5, request: 6, piece: 7, cancel: 8, port: 9,
  suggest: 13, haveAll: 14, haveNone: 15, reject: 16, allowedFast: 17, extended: 20,
} as const;
export type MessageName = keyof typeof MESSAGE;

const BY_NUMBER: ReadonlyMap<number, MessageName> = new Map((Object.keys(MESSAGE) as MessageName[]).map((name) => [MESSAGE[name], name]));
export const messageName = (number: number): MessageName | null => BY_NUMBER.get(number) ?? null;

/** Wireshark's words; and those of BEP 52, which it has none for. */
export const MESSAGE_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'Choke'], [1, 'Unchoke'], [2, 'Interested'], [3, 'Not Interested'], [4, 'Have'], [5, 'Bitfield'], [6, 'Request'], [7, 'Piece'], [8, 'Cancel'], [9, 'Port'],
  [13, 'Suggest Piece'], [14, 'Have All'], [15, 'Have None'], [16, 'Reject Request'], [17, 'Allowed Fast'], [20, 'Extended'], [21, 'Hash Request'], [22, 'Hashes'], [23, 'Hash Reject'],
]);

/** Bits of the reserved bytes: which byte, and which bit of it. */
export const RESERVED = {
  /** BEP 10: extension protocol. */
  extended: { at: 5, mask: 0x10 },
  /** BEP 6: fast extension. */
  fast: { at: 7, mask: 0x04 },
  /** BEP 5: distributed hash table. */
  dht: { at: 7, mask: 0x01 },
} as const;

/** Two letters between hyphens, then four signs of a version (BEP 20, 'Azureus style'). */
const CLIENTS: ReadonlyMap<string, string> = new Map([
  ['AZ', 'Vuze'], ['BC', 'BitComet'], ['BI', 'BiglyBT'], ['DE', 'Deluge'], ['KT', 'KTorrent'], ['LL', 'Looplab'], ['LT', 'libtorrent'], ['TR', 'Transmission'], ['UM', 'µTorrent Mac'], ['UT', 'µTorrent'],
  ['WD', 'WebTorrent Desktop'], ['WW', 'WebTorrent'], ['lt', 'libTorrent'], ['qB', 'qBittorrent'],
]);

/** 'Transmission 3.00', 'aria2 1.36.0'; '' for a peer id that names nobody. */
export function clientOf(peerId: Uint8Array): string {
  const text = keyText(peerId);
  const azureus = /^-([A-Za-z~]{2})([0-9A-Za-z]{4})-/.exec(text);
  if (azureus !== null) {
    const [, code = '', version = ''] = azureus;
    return `${CLIENTS.get(code) ?? code} ${code === 'TR' ? version.replace(/^(.)(..).$/, '$1.$2') : [...version].join('.').replace(/(\.0)+$/, '') || version}`;
  }
  const aria2 = /^A2-(\d+)-(\d+)-(\d+)-/.exec(text);
  if (aria2 !== null) return `aria2 ${aria2.slice(1).join('.')}`;
  const mainline = /^M(\d+)-(\d+)-(\d+)-/.exec(text);
  return mainline === null ? '' : `Mainline ${mainline.slice(1).join('.')}`;
}

/** A peer id as people tell peers apart: its text where it has one, else dots for what is none. */
export const peerIdText = (peerId: Uint8Array): string => visibleText(keyText(peerId).replace(/[^\x21-\x7e]/g, '·'));
