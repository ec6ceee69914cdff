// One setting of HTTP/2 (RFC 9113 6.5.1), in a SETTINGS frame or in the HTTP2-Settings of an upgrade (RFC 7540 3.2.1).

import { group, type FieldNode } from '../field';
import { labelled, specNode, uint } from '../layout';
import { readUint } from '../../base/bytes';
import { SETTING_NAMES } from './names';

export const SETTING_SIZE = 6;

const FIELDS: ReadonlyMap<number, string> = new Map([
  [1, 'http2.settings.header_table_size'], [2, 'http2.settings.enable_push'], [3, 'http2.settings.max_concurrent_streams'], [4, 'http2.settings.initial_window_size'],
  [5, 'http2.settings.max_frame_size'], [6, 'http2.settings.max_header_list_size'], [8, 'http2.settings.extended_connect'],
]);

/** The setting that stands at `at` of these bytes; all of it is there. */
export function settingNode(bytes: Uint8Array, at: number, base: number): FieldNode {
  const id = readUint(bytes, at, 2);
  return group('http2.settings', `${SETTING_NAMES.get(id) ?? id} ${readUint(bytes, at + 2, 4)}`, base + at, SETTING_SIZE, [
    specNode(uint('http2.settings.id', at, 2, { format: labelled(SETTING_NAMES) }), bytes, base), specNode(uint(FIELDS.get(id) ?? 'http2.settings.unknown', at + 2, 4), bytes, base),
  ]);
}
