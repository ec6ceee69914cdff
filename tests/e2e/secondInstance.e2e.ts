// The app is started again while it runs: with a file the window that is there opens it, as it does when the system itself asks for one; without one it only
// comes to the front. The second process ends at once and says nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, idle, launch, test } from './app';

const REPOSITORY = resolve(import.meta.dirname, '../..');
/** A pcap of no packets: Ethernet, microseconds. */
const EMPTY = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');

test('a second start hands its file to the window that is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-second-'));
  const profile = join(folder, 'profile');
  const { app, page, close } = await launch({ profile });
  try {
    for (const name of ['one.pcap', 'two.pcap', 'three.pcap']) await writeFile(join(folder, name), EMPTY);
    const program = await app.evaluate(() => process.execPath);
    /** Its status, once it has ended; `file` as the shell of that folder gives it. */
    const again = async (...file: string[]): Promise<unknown> => {
      const child = spawn(program, [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, REPOSITORY, ...file], { cwd: folder, stdio: 'ignore' });
      return (await once(child, 'exit') as unknown[])[0];
    };
    const title = page.getByRole('heading', { level: 1 });

    expect(await again('one.pcap')).toBe(0);
    await expect(title).toHaveText('one.pcap');
    expect(await again(join(folder, 'two.pcap'))).toBe(0);
    await expect(title).toHaveText('two.pcap');
    expect(await again('gone.pcap')).toBe(0);
    await expect(page.getByText(/gone\.pcap/).first()).toBeVisible();

    // As the system asks on macOS.
    await app.evaluate(({ app: own }, path) => own.emit('open-file', { preventDefault: () => undefined }, path), join(folder, 'three.pcap'));
    await expect(title).toHaveText('three.pcap');
    expect(await again()).toBe(0);
    await idle(page);
    await expect(title).toHaveText('three.pcap');
    expect(app.windows()).toHaveLength(1);
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
});
