import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../shared/base/random';
import { known } from '../../../shared/packets/ahead/ahead.fixture';
import { troubledTraffic } from '../../../shared/packets/analysis/traffic.fixture';
import type { CaptureFacts } from '../../../shared/packets/captureFacts';
import { PcapngWriter } from '../../../shared/packets/file/captureWriter';
import { anInterface, frame } from '../../../shared/packets/index/frames.fixture';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { CHUNK } from '../../../shared/packets/packetTable';
import { buildEntry, type Built } from '../../runtime/build.fixture';
import { PacketFile, type ReadOptions } from '../packetFile';

/** Bytes of the file: some sections for each of both threads. */
const SIZE = 55_000_000;

let built: Built;
let folder = '';
beforeAll(async () => {
  built = await buildEntry('electron/packets/ahead/aheadWorker.ts');
  folder = await mkdtemp(join(tmpdir(), 'looplab-ahead-'));
  await writeFile(join(folder, 'large.pcapng'), large());
}, 120_000);
afterAll(async () => {
  await built.remove();
  await rm(folder, { recursive: true });
});

/** More packets than one chunk of columns holds: connections in trouble whose ports come again, and large packets between. */
function large(): Uint8Array {
  const random = createRandom(3);
  const traffic = [1, 2, 3, 4].map((seed) => troubledTraffic(seed, 5).map(({ bytes }) => bytes));
  const filler = frame(0x88b5, new Uint8Array(1200));
  const writer = new PcapngWriter('test');
  writer.interface(anInterface());
  const pieces: Uint8Array[] = [];
  let [size, packets] = [0, 0];
  while (size < SIZE || packets < CHUNK * 1.5) {
    for (const bytes of traffic[random.below(4)] ?? []) {
      for (const one of random.next() < 0.6 ? [bytes, filler] : [bytes]) writer.packet(0, 1_700_000_000 + Math.floor(packets / 1000), (packets++ % 1000) * 1e6, one, 0, one.length, one.length);
    }
    const piece = writer.take().slice();
    pieces.push(piece);
    size += piece.length;
  }
  return Buffer.concat(pieces);
}

async function read(path: string, options: ReadOptions): Promise<{ readonly index: PacketIndexer; readonly facts: CaptureFacts }> {
  const file = await PacketFile.open(path);
  try {
    const index = new PacketIndexer();
    return { index, facts: await file.read(index, { ...options, helpedFrom: 0 }) };
  } finally {
    await file.close();
  }
}

const script = async (name: string, text: string): Promise<URL> => {
  await writeFile(join(folder, name), text);
  return pathToFileURL(join(folder, name));
};

describe('a large capture file that two threads read', () => {
  const whole = (): string => join(folder, 'large.pcapng');

  it('is known exactly as by one, whatever becomes of the other', { timeout: 60_000 }, async () => {
    const alone = known({ ...(await read(whole(), {})), ahead: 0, refused: 0 });
    const helpers = {
      'that helps': pathToFileURL(built.file), 'that is not there': pathToFileURL(join(folder, 'nobody.mjs')), 'that cannot begin': await script('broken.mjs', 'throw new Error("no");'),
      'that takes a section and dies': await script('dies.mjs', "import { workerData } from 'node:worker_threads';\nAtomics.store(workerData.claims, 3, 2);\nsetTimeout(() => process.exit(1), 200);"),
    };
    for (const [which, helper] of Object.entries(helpers)) expect(known({ ...(await read(whole(), { helper })), ahead: 0, refused: 0 }), `one ${which}`).toEqual(alone);
  });

  it('takes what the other found', async () => {
    let told = 0;
    const adopted = PacketIndexer.prototype.adopt;
    const index = new PacketIndexer();
    index.adopt = (stretch) => {
      told++;
      adopted.call(index, stretch);
    };
    const file = await PacketFile.open(whole());
    // The helper starts while this waits; then there is as much for it as for us.
    await file.read(index, { helpedFrom: 0, helper: pathToFileURL(built.file), onProgress: () => (told === 0 ? new Promise((resolve) => setTimeout(resolve, 5)) : undefined) });
    await file.close();
    expect(told).toBeGreaterThan(0);
  });

  it('can be cancelled, and leaves no thread behind', async () => {
    const abort = new AbortController();
    const reading = read(whole(), { helper: pathToFileURL(built.file), signal: abort.signal, onProgress: (bytes) => void (bytes > 10_000_000 && abort.abort(new Error('enough'))) });
    // `close` is waited for in `read`, and waits for the other thread.
    await expect(reading).rejects.toThrow('enough');
  });

  it('that is cut meanwhile ends where it was cut, or further where that was read before', async () => {
    const path = join(folder, 'cut.pcapng');
    await writeFile(path, large());
    const cut = 30_000_000;
    const { index, facts } = await read(path, { helper: pathToFileURL(built.file), onProgress: (bytes) => (bytes > 20_000_000 ? truncate(path, cut) : undefined) });
    expect(index.table.count).toBeGreaterThan(20_000);
    expect(facts.damage === null || facts.damage.offset >= cut - 2000).toBe(true);
  });
});
