// What a run file says beside the facts, as JSON in blocks of its own: what is inside, what the user answered and marked, and that it is whole.
// Checked by schema when it is read: the file may be anybody's.

import * as v from 'valibot';
import { utf8Bytes, utf8Text } from '../../base/bytesText';

const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32));
const text = v.pipe(v.string(), v.maxLength(256));

/** Which frames a file has for other programs: rebuilt from calls, those of the kernel, or both on interfaces of their own. */
export const runPackets = v.picklist(['reconstructed', 'captured', 'both', 'none']);
export type RunPackets = v.InferOutput<typeof runPackets>;

export const runHead = v.object({
  format: v.literal('looplab-run'),
  /** Who recorded it: 'Looplab 1.0.0'. */
  application: text,
  /** The lab's id; '' when there is none. Its parameters are in the facts. */
  lab: v.union([v.literal(''), id]),
  /** 'recorded': facts as they came, each batch with its packets behind it; 'saved': afterwards, packets first. */
  order: v.picklist(['recorded', 'saved']),
  packets: runPackets,
  /** It has the keys of TLS in it. Without them facts that logged keys have no text. */
  keys: v.boolean(),
});
export type RunHead = v.InferOutput<typeof runHead>;

/** What a question of the lesson was answered with; null: passed over. */
const runAnswer = v.object({ question: id, option: v.nullable(id) });
export const runNotes = v.object({
  answers: v.pipe(v.array(runAnswer), v.maxLength(256)),
  /** Moments that the user marked, ascending. */
  bookmarks: v.pipe(v.array(count), v.maxLength(1024)),
});
export type RunNotes = v.InferOutput<typeof runNotes>;
export const NO_NOTES: RunNotes = { answers: [], bookmarks: [] };

export const runEnd = v.object({ facts: count, packets: count });
export type RunEnd = v.InferOutput<typeof runEnd>;

/** JSON as it stands in a block: just what the schema has, in its order, so that what was read is written as it was. Throws when the value does not fit. */
export const jsonBytes = <T>(schema: v.GenericSchema<unknown, T>, value: T): Uint8Array<ArrayBuffer> => utf8Bytes(JSON.stringify(v.parse(schema, value)));

/** The value that JSON bytes hold, as the schema has it; null when they hold none. */
export function readJson<T>(schema: v.GenericSchema<unknown, T>, bytes: Uint8Array): T | null {
  try {
    const read = v.safeParse(schema, JSON.parse(utf8Text(bytes)));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
