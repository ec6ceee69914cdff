// "Film 1": the file that the swarm shares, and its torrent. Generated from the seed, or the text that the user typed; no file of the
// machine is read.

import { BT_LIMITS } from '../../roles/bittorrent/limits';
import { generateFile, makeTorrent, type Torrent } from '../../roles/bittorrent/metainfo';
import type { LabContext } from '../../roles/lab';
import { encode } from '../../roles/text';
import type { Endpoint } from '../../../shared/trace/event';

const KIB = 1024;
/** Bytes of all copies together: every peer keeps its own in memory. */
const MOST_BYTES = 1024 * 1024 * KIB;
/** As many as the course's friends need: one that A has, one that B has, one that only C has. */
const ABC_PIECES = 3;

export interface Film {
  readonly file: Uint8Array;
  readonly torrent: Torrent;
}

/** Throws RangeError for an empty text, and for more copies than the memory should hold. */
export function filmOf(lab: LabContext, tracker: Endpoint): Film {
  const typed = lab.text('file') === 'text';
  const pieces = lab.text('scenario') === 'abc' ? ABC_PIECES : lab.number('pieces');
  const size = lab.number('piece-size') * KIB;
  const file = typed ? encode(lab.text('text')) : generateFile(pieces * size, lab.number('seed'));
  if (file.length === 0) throw new RangeError('the text is empty: there is nothing to share');
  if (file.length * lab.number('peers') > MOST_BYTES) throw new RangeError(`${lab.number('peers')} copies of ${file.length} bytes: at most ${MOST_BYTES} bytes together`);
  // A text is cut so that it has as many pieces as were asked for, if it is long enough.
  const pieceLength = typed ? Math.min(BT_LIMITS.pieceBytes.most, Math.max(BT_LIMITS.pieceBytes.least, Math.ceil(file.length / pieces))) : size;
  const announce = `http://${tracker.address}:${tracker.port}/announce`;
  return { file, torrent: makeTorrent(file, { name: typed ? 'film-1.txt' : 'film-1.bin', announce, pieceLength }) };
}
