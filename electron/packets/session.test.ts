import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assemble, part } from '../../shared/codec/assemble';
import { codec as dns } from '../../shared/codec/dns/codec';
import { NO_FLAGS } from '../../shared/codec/dns/records';
import { codec as ethernet } from '../../shared/codec/ethernet/codec';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { codec as tcp, TCP_FLAGS } from '../../shared/codec/tcp/codec';
import { codec as udp } from '../../shared/codec/udp/codec';
import type { CaptureFileState } from '../../shared/ipc/captureContract';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import type { ChosenExchanges } from '../../shared/packets/exchanges/exchange';
import { fileOf } from '../../shared/packets/follow/web.fixture';
import type { PacketRow, ShownPacket, ViewState } from '../../shared/packets/session';
import { buildEntry, type Built } from '../runtime/build.fixture';
import { Changes } from '../runtime/changes.fixture';
import { StoryBuilder } from '../../shared/trace/fold';
import { TraceStore } from '../../shared/trace/store';
import { readRunFile } from '../runtime/runFile/readRunFile';
import { CaptureDesk } from './captureDesk';

const [A, B] = ['10.0.0.9', '10.0.0.10'];
const MAC = { destination: '02:00:00:00:00:02', source: '02:00:00:00:00:01', type: 0x0800 };
const text = (given: string): Uint8Array => new TextEncoder().encode(given);

function tcpFrame(back: boolean, sequence: number, acknowledgment: number, flags: number, payload: string): Uint8Array {
  const network = back ? { source: B, destination: A } : { source: A, destination: B };
  const ports = back ? { sourcePort: 7007, destinationPort: 49_000 } : { sourcePort: 49_000, destinationPort: 7007 };
  return assemble([part(ethernet, MAC), part(ipv4, { ...network, protocol: 6 }), part(tcp, { ...ports, sequence, acknowledgment, flags, options: [] }, { network })], text(payload));
}
const udpFrame = (port: number, payload: string): Uint8Array => datagram(port, text(payload), 5353);
function datagram(port: number, payload: Uint8Array, to = 4000): Uint8Array {
  const network = { source: B, destination: A };
  return assemble([part(ethernet, MAC), part(ipv4, { ...network, protocol: 17 }), part(udp, { sourcePort: port, destinationPort: to }, { network })], payload);
}
const { SYN, ACK, PSH } = TCP_FLAGS;
/** A conversation of two lines, then datagrams; a millisecond apart. */
const FRAMES = [
  tcpFrame(false, 100, 0, SYN, ''), tcpFrame(true, 500, 101, SYN | ACK, ''), tcpFrame(false, 101, 501, ACK, ''), tcpFrame(false, 101, 501, PSH | ACK, 'what is the time?'),
  tcpFrame(true, 501, 118, PSH | ACK, 'half past nine'), udpFrame(4000, 'Needle'), udpFrame(4001, 'hay'),
];

/** A pcap with microseconds (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html). */
function pcap(frames: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  return Buffer.concat([head, ...frames.flatMap((frame, at) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000 + Math.floor(at / 1000), 0);
    record.writeUInt32LE((at % 1000) * 1000, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, frame];
  })]);
}

let built: Built;
let folder = '';
const desks: CaptureDesk[] = [];
beforeAll(async () => {
  built = await buildEntry('electron/packets/sessionWorker.ts');
  folder = await mkdtemp(join(tmpdir(), 'looplab-session-'));
}, 120_000);
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.dispose();
});
afterAll(async () => {
  await built.remove();
  await rm(folder, { recursive: true });
});

/** Opens a file with these bytes; `until` waits for a state. */
async function open(bytes: Uint8Array | null, name = 'a.pcap') {
  const path = join(folder, name);
  if (bytes !== null) await writeFile(path, bytes);
  const states: CaptureFileState[] = [];
  const changes = new Changes();
  const desk = new CaptureDesk(pathToFileURL(built.file), (state) => {
    states.push(state);
    changes.tell();
  });
  desks.push(desk);
  const { capture } = desk.show(path);
  const until = (holds: (state: CaptureFileState) => boolean): Promise<CaptureFileState> => changes.find(() => states.find(holds));
  return { desk, capture, states, until };
}
const ready = (state: CaptureFileState): boolean => state.summary.state === 'ready';
const byNumber = { column: 'number', descending: false } as const;

describe('the session of an open capture', () => {
  it('says what is in the file, and gives its rows', async () => {
    const { desk, capture, until } = await open(pcap(FRAMES));
    const view = await desk.ask(capture, { name: 'show', request: { filter: '', sort: byNumber } });
    expect(view).toMatchObject({ count: 7, done: true, error: null });
    const { summary } = await until(ready);
    expect(summary).toMatchObject({ name: 'a.pcap', format: 'pcap', packets: 7, flows: 3, damage: null, first: [1_700_000_000, 0], last: [1_700_000_000, 6_000_000] });
    const rows = await desk.ask(capture, { name: 'rows', view: 1, from: 3, count: 2, columns: ['tcp.port', 'udp.port'] });
    expect(rows).toMatchObject([
      { number: 3, time: 3_000_000, source: A, destination: B, protocol: 'TCP', flow: 1, columns: ['49000,7007', ''] },
      { number: 4, source: B, destination: A },
    ]);
  });

  it('filters, finds the row of a packet, and says where a filter is wrong', async () => {
    const { desk, capture } = await open(pcap(FRAMES));
    expect(await desk.ask(capture, { name: 'show', request: { filter: 'udp or tcp.flags.push == 1', sort: byNumber } })).toMatchObject({ view: 1, count: 4 });
    expect(await desk.ask(capture, { name: 'rowOf', view: 1, packet: 5 })).toBe(2);
    expect(await desk.ask(capture, { name: 'rowOf', view: 1, packet: 0 })).toBe(-1);
    expect(await desk.ask(capture, { name: 'show', request: { filter: 'udp and', sort: byNumber } })).toMatchObject({ count: 0, error: { code: expect.any(String), at: expect.any(Number) } });
    await expect(desk.ask(capture, { name: 'rows', view: 1, from: 0, count: 1, columns: [] })).rejects.toMatchObject({ code: 'VIEW_GONE' });
  });

  it('says of each row which of the rules fits it first, from when it is told them', async () => {
    const { desk, capture, until } = await open(pcap(FRAMES));
    await desk.ask(capture, { name: 'show', request: { filter: '', sort: byNumber } });
    await until(ready);
    const rules = async (): Promise<number[]> => ((await desk.ask(capture, { name: 'rows', view: 1, from: 0, count: 7, columns: [] })) as readonly PacketRow[]).map(({ rule }) => rule);
    expect(await rules()).toEqual([-1, -1, -1, -1, -1, -1, -1]);
    await desk.ask(capture, { name: 'rules', filters: ['udp and', '', 'frame.number == 2', 'tcp', 'frame.number <= 6'] });
    const told = await rules();
    expect(told.slice(0, 2)).toEqual([3, 2]);
    await desk.ask(capture, { name: 'rules', filters: ['udp', 'tcp'] });
    expect((await rules()).filter((rule) => rule === 0)).toHaveLength(2);
    await desk.ask(capture, { name: 'rules', filters: [] });
    expect(await rules()).toEqual([-1, -1, -1, -1, -1, -1, -1]);
  });

  it('says where a request is answered however far ahead, as soon as that is read', async () => {
    const line = new Line(80).say('up', 'GET / HTTP/1.1\r\n\r\n').say('down', 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n');
    for (let byte = 0; byte < 900; byte++) line.say('down', 'x');
    line.say('up', 'GET /unanswered HTTP/1.1\r\n\r\n');
    const { desk, capture, until } = await open(pcap(line.frames));
    await until(ready);
    await desk.ask(capture, { name: 'show', request: { filter: 'http.request', sort: byNumber } });
    const asked = (): ReturnType<CaptureDesk['ask']> => desk.ask(capture, { name: 'rows', view: 1, from: 0, count: 2, columns: ['http.response_in'] });
    expect(await asked()).toMatchObject([{ columns: [''] }, { columns: [''] }]);
    const { summary: { retold } } = await until(({ summary }) => summary.retold > 0);
    expect(await asked()).toMatchObject([{ columns: ['904'] }, { columns: [''] }]);
    const { layers } = (await desk.ask(capture, { name: 'packet', number: 2 })) as ShownPacket;
    expect(layers.at(-1)?.tree.children.find(({ name }) => name === 'http.response_in')?.value).toBe(904);
    // It is known by now: nothing more is told.
    expect(await desk.ask(capture, { name: 'show', request: { filter: 'http.response_in == 904', sort: byNumber } })).toMatchObject({ count: 1 });
    expect((await until(({ view }) => view?.view === 2)).summary.retold).toBe(retold);
  });

  it('sorts addresses as numbers, and equal ones as in the file', async () => {
    const { desk, capture } = await open(pcap(FRAMES));
    await desk.ask(capture, { name: 'show', request: { filter: '', sort: { column: 'source', descending: true } } });
    const rows = await desk.ask(capture, { name: 'rows', view: 1, from: 0, count: 7, columns: [] });
    expect((rows as readonly PacketRow[]).map(({ number }) => number)).toEqual([1, 4, 5, 6, 0, 2, 3]);
  });

  it('finds text, bytes and filters, round the end of the list', async () => {
    const { desk, capture } = await open(pcap(FRAMES));
    await desk.ask(capture, { name: 'show', request: { filter: '', sort: byNumber } });
    const find = (what: 'text' | 'hex' | 'regex' | 'filter', pattern: string, from: number, matchCase = false, backwards = false) => desk.ask(capture, { name: 'find', view: 1, request: { what, pattern, matchCase, from, backwards } });
    expect(await find('text', 'needle', -1)).toBe(5);
    expect(await find('text', 'needle', -1, true)).toBe(-1);
    expect(await find('hex', '68 61 79', 6)).toBe(6);
    expect(await find('filter', 'tcp.flags.syn == 1', 5)).toBe(0);
    expect(await find('filter', 'tcp.flags.syn == 1', 0, false, true)).toBe(1);
    expect(await find('regex', 'NE+D[l-m]e', -1)).toBe(5);
    expect(await find('regex', 'NE+D[l-m]e', -1, true)).toBe(-1);
    // What a field says, and neither the bytes nor the line do.
    expect(await find('regex', '^frame 3$', -1)).toBe(2);
    await expect(find('regex', '(', 0)).rejects.toMatchObject({ code: 'FIND_PATTERN' });
    await expect(find('hex', '6', 0)).rejects.toMatchObject({ code: 'FIND_PATTERN' });
  });

  it('follows a connection, lays out its packets, and counts who talked', async () => {
    const { desk, capture, until } = await open(pcap(FRAMES));
    await until(ready);
    expect(await desk.ask(capture, { name: 'follow', flow: 1, layer: 'tcp', substream: null })).toMatchObject({
      a: `${A}:49000`, b: `${B}:7007`, size: { up: 17, down: 14 }, cut: false, pieces: [{ dir: 'up', bytes: text('what is the time?'), packet: 3 }, { dir: 'down', bytes: text('half past nine'), packet: 4 }],
    });
    expect(await desk.ask(capture, { name: 'follow', flow: 1, layer: null, substream: null })).toMatchObject({ layer: 'tcp', size: { up: 17, down: 14 } });
    expect(await desk.ask(capture, { name: 'flowPart', flow: 1, from: 1, count: 2 })).toMatchObject({ total: 5, kind: 'tcp', packets: [{ number: 1, back: true }, { number: 2, back: false, payload: 0 }] });
    expect(await desk.ask(capture, { name: 'conversations', kind: 'tcp', filter: '' })).toMatchObject([{ flow: 1, packets: [3, 2] }]);
    expect(await desk.ask(capture, { name: 'conversations', kind: 'udp', filter: 'udp.srcport == 4001' })).toHaveLength(1);
    expect(await desk.ask(capture, { name: 'hierarchy', filter: 'udp' })).toMatchObject([{ protocol: 'eth', packets: 2 }]);
    await expect(desk.ask(capture, { name: 'follow', flow: 2, layer: 'tcp', substream: null })).rejects.toMatchObject({ code: 'FLOW_LAYER' });
    expect(await desk.ask(capture, { name: 'follow', flow: 2, layer: null, substream: null })).toMatchObject({ layer: 'udp', layers: ['udp'] });
  });

  it('lists the exchanges of HTTP, as the ports are read', async () => {
    const { desk, capture, until } = await open(fileOf(new Line(9999).say('up', 'GET /a HTTP/1.1\r\nHost: web.test\r\n\r\n').say('down', 'HTTP/1.1 204 No Content\r\n\r\n').frames), 'web.pcapng');
    await until(ready);
    expect(await desk.ask(capture, { name: 'exchanges', filter: '' })).toMatchObject({ exchanges: [{ method: 'GET', url: 'http://web.test/a', status: 204, request: { first: 2 }, response: { last: 3 }, outcome: 'complete' }], left: 0, unread: 0 });
    await desk.ask(capture, { name: 'decodeAs', choices: [{ transport: 'tcp', port: 9999, protocol: 'dns' }] });
    expect(await desk.ask(capture, { name: 'exchanges', filter: '' })).toEqual({ exchanges: [], all: 0, left: 0, unread: 0 });
  });

  it('lists the exchanges of which a filter lets a packet through', async () => {
    const asked = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: web.test\r\n\r\n`;
    const { desk, capture, until } = await open(fileOf(new Line(80).say('up', asked('/a')).say('down', 'HTTP/1.1 204 No Content\r\n\r\n').say('up', asked('/b')).say('down', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n').frames), 'two.pcapng');
    await until(ready);
    const passing = async (filter: string): Promise<string> => {
      const { exchanges, all } = (await desk.ask(capture, { name: 'exchanges', filter })) as ChosenExchanges;
      return `${exchanges.map(({ url }) => url.slice(-2)).join(' ')} of ${all}`;
    };
    expect([await passing('http.request.uri == "/b"'), await passing('http.response.code == 204'), await passing('http'), await passing('tcp.flags.syn == 1')]).toEqual(['/b of 2', '/a of 2', '/a /b of 2', ' of 2']);
    await expect(passing('http ==')).rejects.toMatchObject({ code: 'FILTER_WRONG' });
    // Another question is no reason to read all anew, and what ports speak is one.
    await desk.ask(capture, { name: 'decodeAs', choices: [{ transport: 'tcp', port: 80, protocol: 'dns' }] });
    expect(await passing('tcp')).toBe(' of 0');
  });

  it('reads a port as it is told to, and shows names instead of addresses', async () => {
    const answer = dns.encode({ id: 7, flags: { ...NO_FLAGS, qr: true }, questions: [], answers: [{ name: 'nine.test.', class: 1, ttl: 1, data: { type: 'A', address: A } }], authorities: [], additionals: [] }, new Uint8Array(0), { transport: 'udp' });
    const { desk, capture, until } = await open(pcap([...FRAMES, udpFrame(4000, ''), datagram(53, answer), datagram(5300, new Uint8Array([...answer, 0]))]), 'names.pcap');
    await until(ready);
    await desk.ask(capture, { name: 'show', request: { filter: '', sort: byNumber } });
    const last = async (): Promise<string> => {
      const rows = (await desk.ask(capture, { name: 'rows', view: 1, from: 9, count: 1, columns: [] })) as readonly PacketRow[];
      return `${rows[0]?.protocol ?? ''} to ${rows[0]?.destination ?? ''}`;
    };
    const before = await last();
    expect(await desk.ask(capture, { name: 'decodeAs', choices: [{ transport: 'udp', port: 5300, protocol: 'dns' }, { transport: 'udp', port: 1, protocol: 'http' }] })).toEqual([{ transport: 'udp', port: 5300, protocol: 'dns' }]);
    expect([before, await last()]).toEqual([`UDP to ${A}`, `DNS to ${A}`]);
    expect(await desk.ask(capture, { name: 'names', wanted: true })).toBe(1);
    expect(await last()).toBe('DNS to nine.test');
    expect(await desk.ask(capture, { name: 'conversations', kind: 'tcp', filter: '' })).toMatchObject([{ a: { address: A, name: 'nine.test', port: 49_000 }, b: { address: B } }]);
    await desk.ask(capture, { name: 'names', wanted: false });
    expect(await last()).toBe(`DNS to ${A}`);
  });

  it('gives what a list shows as a run to play, and takes its file away again', async () => {
    const { desk, capture } = await open(pcap(FRAMES));
    const { view } = (await desk.ask(capture, { name: 'show', request: { filter: 'tcp', sort: byNumber } })) as ViewState;
    let kept = '';
    const told: string[] = [];
    const { packets } = await desk.play(capture, view, async (path, name) => {
      kept = path;
      told.push(name);
      const trace = new TraceStore();
      const { head } = await readRunFile(path, (batch) => trace.append(batch));
      const builder = new StoryBuilder(trace);
      builder.advance();
      const { story } = builder;
      told.push(head.lab, ...story.hosts.map(({ address }) => address), ...Array.from({ length: story.connections.count }, (_, index) => story.connections.at(index).up.sentAt(trace.count).toString()));
      expect(Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id).provenance.evidence)).toEqual(Array(5).fill('captured'));
    });
    expect([packets, told]).toEqual([5, ['a.pcap', '', A, B, '17']]);
    await expect(stat(kept)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('shows a cut file up to the cut, and says why another is none', async () => {
    const whole = pcap(FRAMES);
    const cut = await open(whole.subarray(0, whole.length - 3), 'cut.pcap');
    const { summary } = await cut.until(ready);
    expect(summary).toMatchObject({ packets: 6, damage: { offset: expect.any(Number), why: expect.any(String) } });
    const none = await open(text('<html>'), 'page.pcap');
    const { error } = await none.until((state) => state.error !== null);
    expect(error).toMatchObject({ code: 'NOT_A_CAPTURE' });
    expect(error?.message).not.toContain(folder);
    const gone = await open(null, 'gone.pcap');
    expect((await gone.until((state) => state.error !== null)).error).toMatchObject({ code: 'ENOENT' });
  });

  it('leaves no question without an answer when the file is closed', async () => {
    const { desk, capture, until } = await open(pcap(FRAMES));
    await until(ready);
    const asked = (['tcp', 'udp', 'ip', 'ethernet'] as const).map((kind) => desk.ask(capture, { name: 'conversations', kind, filter: '' }));
    // One may have been counted before the end is heard.
    const told = Promise.allSettled(asked);
    await desk.close(capture);
    const ends = (await told).map((end) => (end.status === 'rejected' ? (end.reason as { code: string }).code : 'counted'));
    expect(ends.filter((end) => end !== 'counted' && end !== 'SESSION_ENDED')).toEqual([]);
  });

  it('ends with a reason when its worker is killed, and the next file opens', async () => {
    const { desk, capture, until } = await open(pcap(FRAMES));
    await until(ready);
    const session = (desk as unknown as { open: { session: { worker: { terminate(): Promise<number> } } } }).open.session;
    // Killed first: a question of seven packets may be answered before the kill is heard.
    const killed = session.worker.terminate();
    await expect(desk.ask(capture, { name: 'show', request: { filter: 'frame contains "zzz"', sort: byNumber } })).rejects.toMatchObject({ code: 'SESSION_ENDED' });
    await killed;
    expect((await until((state) => state.error !== null)).error).toMatchObject({ code: 'SESSION_ENDED', where: 'a.pcap' });
    const next = desk.show(join(folder, 'a.pcap'));
    expect(await desk.ask(next.capture, { name: 'show', request: { filter: '', sort: byNumber } })).toMatchObject({ count: 7 });
    expect(() => desk.ask(capture, { name: 'cancel' })).toThrow('not open');
  });
});
