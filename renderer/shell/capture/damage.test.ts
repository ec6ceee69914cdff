// Each kind of damage that the readers of files tell has words (in every language, where it has them in one), so that no page has to show their English.
import { expect, it } from 'vitest';
import { concatBytes } from '../../../shared/base/bytes';
import { createRandom } from '../../../shared/base/random';
import { blocksIn, pcapBytes, tell } from '../../../shared/packets/file/captureBytes.fixture';
import { CaptureError } from '../../../shared/packets/file/captureError';
import { DAMAGE_KINDS, type DamageKind } from '../../../shared/packets/captureFacts';
import { i18n } from '../../i18n/i18n';

/** What the readers say of a file; null when they find nothing or refuse it. */
function said(file: Uint8Array): DamageKind | null {
  try {
    return tell(file).facts.damage?.kind ?? null;
  } catch (thrown) {
    if (thrown instanceof CaptureError) return null;
    throw thrown;
  }
}

it('is told as a kind, whatever is wrong with a file', () => {
  const b = blocksIn(true);
  const models = [
    concatBytes(b.section(), b.interface(1, 100, [[2, 'eth0']]), b.names([[1, [127, 0, 0, 1], 'me\0']]), b.secrets(0x544c534b, 'A b c'), b.packet(0, 1n, 'hello', [[1, 'note']]), b.section(), b.interface(1), b.packet(0, 1n, 'bye')),
    pcapBytes([{ seconds: 1, parts: 5, bytes: 'first' }, { seconds: 2, parts: 6, bytes: 'x'.repeat(70) }]),
  ];
  const nasty = [0, 1, 3, 8, 35, 0x7fff_fffc, 0xffff_ffff, 0x0fff_0001];
  const kinds = new Set<DamageKind>();
  for (let seed = 1; seed <= 1_500; seed++) {
    const random = createRandom(seed);
    const model = models[seed % models.length] ?? new Uint8Array(0);
    const file = model.slice(0, random.next() < 0.8 ? model.length : random.below(model.length));
    const view = new DataView(file.buffer);
    if (file.length > 4) view.setUint32(Math.floor(random.below(file.length - 3) / 4) * 4, nasty[random.below(nasty.length)] ?? 0, true);
    const kind = said(file);
    if (kind !== null) kinds.add(kind);
  }
  expect([...kinds].sort()).toEqual(['blockContent', 'blockLength', 'byteOrder', 'cut', 'interface', 'packetLength', 'version']);
});

it('has words for each of them', () => {
  const told = DAMAGE_KINDS.filter((kind) => kind !== 'other');
  expect(told.filter((kind) => !i18n.global.te(`capture.damaged.${kind}`))).toEqual([]);
});
