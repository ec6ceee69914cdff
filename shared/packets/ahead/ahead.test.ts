import { describe, expect, it } from 'vitest';
import { createRandom } from '../../base/random';
import { CaptureError } from '../file/captureError';
import { anyCapture, known, readAlone, readByTwo, type Indexed } from './ahead.fixture';

const ROUNDS = 80;

/** What it is known as, or how it was refused. */
function outcome(read: () => Indexed): { readonly known: unknown; readonly read: Indexed | null } {
  try {
    const done = read();
    return { known: known(done), read: done };
  } catch (thrown) {
    if (!(thrown instanceof CaptureError)) throw thrown;
    return { known: thrown.message, read: null };
  }
}

describe('a capture file of which parts are read ahead', () => {
  it('is known exactly as one that is read from its beginning to its end', { timeout: 120_000 }, () => {
    let [packets, ahead, refused, damaged] = [0, 0, 0, 0];
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const file = anyCapture(random);
      const section = [700, 1500, 4000, 9000][random.below(4)] ?? 700;
      const piece = [100, 300, 1000, 20_000][random.below(4)] ?? 300;
      const alone = outcome(() => readAlone(file, piece));
      const two = outcome(() => readByTwo(file, piece, section, random));
      expect(two.known, `seed ${seed}`).toEqual(alone.known);
      packets += alone.read?.index.table.count ?? 0;
      ahead += two.read?.ahead ?? 0;
      refused += two.read?.refused ?? 0;
      if (alone.read !== null && alone.read.facts.damage !== null) damaged++;
    }
    // The suite means something only if all of it happens often.
    expect(ahead).toBeGreaterThan(packets / 5);
    expect(refused).toBeGreaterThan(20);
    expect(damaged).toBeGreaterThan(8);
  });
});
