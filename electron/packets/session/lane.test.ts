import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CaptureQuestion } from '../../../shared/ipc/captureContract';
import { writeBigCapture } from '../../../tests/bench/open/bigCapture';
import { PacketFile } from '../packetFile';
import { Session } from './session';

const PACKETS = 60_000;
/** As tshark -Y tcp counts them. */
const TCP = 58_051;
let folder = '';
/** A session ends with its thread: until then its file stays open. */
const sessions: Session[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-lane-'));
  writeBigCapture(join(folder, 'big.pcapng'), PACKETS);
});
afterAll(() => rm(folder, { recursive: true }));

/** A session that has read the file, and its questions with the order in which their answers came. */
async function opened() {
  const session = new Session(join(folder, 'big.pcapng'), 'big.pcapng', () => undefined);
  sessions.push(session);
  const shown = session.ask({ name: 'show', request: { filter: '', sort: { column: 'number', descending: false } } });
  await session.run();
  await shown;
  const answered: string[] = [];
  const ask = (what: string, question: CaptureQuestion): Promise<unknown> => session.ask(question).then(
    (value) => (answered.push(what), value),
    (thrown: unknown) => (answered.push(`${what} is refused: ${String((thrown as { code?: unknown }).code)}`), null),
  );
  return { ask, answered };
}
/** What the page asks as a file is ready. */
const counts = (ask: (what: string, question: CaptureQuestion) => Promise<unknown>): Promise<unknown>[] => [
  ask('tcp', { name: 'conversations', kind: 'tcp', filter: '', most: 5 }), ask('udp', { name: 'conversations', kind: 'udp', filter: '', most: 5 }), ask('protocols', { name: 'hierarchy', filter: '' }),
  ask('trouble', { name: 'count', filters: ['tcp.analysis.retransmission', 'tcp.flags.reset == 1', 'icmp.type == 3'] }), ask('all', { name: 'conversations', kind: 'tcp', filter: '' }),
];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('counts of a large capture', () => {
  it('let questions about rows go first, and are all answered, those of two askers too', async () => {
    const { ask, answered } = await opened();
    const running = counts(ask);
    await turn();
    await Promise.all([ask('rows', { name: 'rows', view: 1, from: PACKETS - 128, count: 128, columns: [] }), ask('packet', { name: 'packet', number: PACKETS - 1 })]);
    expect(answered).toEqual(['rows', 'packet']);
    const [tcp] = await Promise.all(running);
    expect(answered.slice(2)).toEqual(['tcp', 'udp', 'protocols', 'trouble', 'all']);
    expect(tcp).toHaveLength(5);
    expect(await ask('each', { name: 'count', filters: ['', 'tcp', 'not tcp', 'frame.number > 59990', 'tcp and not tcp'] })).toEqual([PACKETS, TCP, PACKETS - TCP, 10, 0]);
  });

  it('let rows go first while one of them runs', async () => {
    const { ask, answered } = await opened();
    const running = ask('http', { name: 'ioGraph', request: { interval: 1e9, filters: ['http'] } });
    // It dissects every segment with data: a slice of that in each turn.
    for (let slices = 0; slices < 4; slices++) await turn();
    await ask('rows', { name: 'rows', view: 1, from: PACKETS - 128, count: 128, columns: [] });
    expect(answered).toEqual(['rows']);
    await ask('cancel', { name: 'cancel' });
    await running;
    expect(answered).toEqual(['rows', 'cancel', 'http is refused: VIEW_GONE']);
  });

  it('end when they are cancelled: each is refused once, and what is asked then is answered', async () => {
    const { ask, answered } = await opened();
    const running = counts(ask);
    await turn();
    await ask('cancel', { name: 'cancel' });
    await Promise.all(running);
    expect([...answered].sort()).toEqual(['all is refused: VIEW_GONE', 'cancel', 'protocols is refused: VIEW_GONE', 'tcp is refused: VIEW_GONE', 'trouble is refused: VIEW_GONE', 'udp is refused: VIEW_GONE']);
    await ask('again', { name: 'hierarchy', filter: '' });
    expect(answered.at(-1)).toBe('again');
  });

  it('of a filter end when the next filter is counted', async () => {
    const { ask, answered } = await opened();
    await Promise.all([ask('first', { name: 'conversations', kind: 'tcp', filter: 'tcp.port == 80' }), ask('second', { name: 'conversations', kind: 'tcp', filter: 'tcp.port == 443' })]);
    expect(answered).toEqual(['first is refused: VIEW_GONE', 'second']);
  });

  it('are answered by the columns after its reading was cancelled too: no packet is read again for them', async () => {
    const read = vi.spyOn(PacketFile.prototype, 'bytesAt');
    const session: Session = new Session(join(folder, 'big.pcapng'), 'big.pcapng', ({ summary }) => {
      if (summary.packets > 0 && summary.state === 'reading') void session.ask({ name: 'cancel' });
    });
    sessions.push(session);
    await session.run();
    const { packets, state } = session.state.summary;
    expect(state).toBe('cancelled');
    expect(packets).toBeGreaterThan(0);
    expect(packets).toBeLessThan(PACKETS);
    const counts = await session.ask({ name: 'count', filters: ['tcp.analysis.retransmission', 'tcp.analysis.lost_segment'] });
    expect(counts).toHaveLength(2);
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });
});
