// What a program itself took for messages in a stream, as its notes tell (message.taken): right or wrong, it is what it did. Pure.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import { parseNote } from '../../../shared/trace/notes';
import type { TraceStore } from '../../../shared/trace/store';
import type { ConnectionModel, Story } from '../../../shared/trace/story';
import type { Piece } from './pieces';

/** Facts of the reader that are looked through, and messages that are shown: the first. */
const LOOKED = 100_000;
const SHOWN = 5_000;

/** Ascending, without overlaps; empty when the reader notes none. */
export function takenOf(story: Story, trace: TraceStore, conn: ConnectionModel, dir: 'up' | 'down'): readonly Piece[] {
  const [reader, writer] = dir === 'up' ? [conn.server, conn.client] : [conn.client, conn.server];
  const socket = reader.sock === null ? null : story.socket(reader.sock);
  const role = socket === null ? null : story.role(socket.role);
  if (role === null) return [];
  const [at, from] = [formatEndpoint(reader.endpoint), formatEndpoint(writer.endpoint)];
  const pieces: Piece[] = [];
  for (let index = 0; index < Math.min(role.facts.length, LOOKED) && pieces.length < SHOWN; index++) {
    const seq = role.facts.at(index);
    if (trace.kind(seq) !== 'role.noted') continue;
    const note = parseNote(trace.at(seq).text);
    if (note?.topic !== 'message.taken' || note.at !== at || note.from !== from) continue;
    const { start, end } = note;
    // A note comes from a file some day.
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < (pieces.at(-1)?.end ?? 0) || end <= start) continue;
    pieces.push({ number: pieces.length + 1, start, end, target: { type: 'fact', seq }, evidence: 'observed', name: '' });
  }
  return pieces;
}

/** True when the program has said so by fact `seq`; of a piece that no fact tells of, always. */
export const isSaid = ({ target }: Piece, seq: number): boolean => target?.type !== 'fact' || target.seq <= seq;
