// What an export contains, and how its bytes come together: the same as on the command line, in pieces that leave the window alive.
import { describe, expect, it } from 'vitest';
import { dialled, folded } from '../../shared/trace/app/appScene.fixture';
import { pcapngBlocks } from '../../shared/trace/export/pcapng';
import { parseHar } from '../../shared/trace/har/har';
import { concatBytes, equalBytes } from '../../shared/base/bytes';
import { StoryBuilder } from '../../shared/trace/fold';
import { RunFileReader } from '../../shared/trace/runFile/read';
import { TraceStore } from '../../shared/trace/store';
import { FILE_CODES, fileWords } from './fileFailure';
import { collect, contentOf, exportBytes, exportName, type ExportOptions } from './exportRun';
import { i18n, speak } from '../i18n/i18n';

/** 'hello' under gzip (RFC 1952), stored. */
const GZIPPED = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0]);

function run() {
  const { s, client, server } = dialled(8080);
  client.send('GET / HTTP/1.1\r\nHost: web.test\r\n\r\n');
  server.recv();
  server.send(concatBytes(new TextEncoder().encode(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${GZIPPED.length}\r\n\r\n`), GZIPPED));
  client.recv();
  client.keyLogged('CLIENT_TRAFFIC_SECRET_0 00ff 11ee');
  return folded(s.end());
}

const options = (more: Partial<ExportOptions> = {}): ExportOptions => ({ kind: 'pcapng', keys: false, packets: 'reconstructed', notes: { answers: [], bookmarks: [2] }, from: null, version: '1.2', signal: new AbortController().signal, onProgress: () => undefined, ...more });

describe('an export', () => {
  it('says what will be inside', () => {
    const { story } = run();
    const content = contentOf(run());
    expect(content).toMatchObject({ packets: story.segments.count, exchanges: 1, bodyBytes: GZIPPED.length, keys: true });
    expect(content.bytes).toBeGreaterThan(100);
  });

  it('is the file of the command line, with keys only when asked for', async () => {
    const shown = run();
    const bytes = await exportBytes(shown, options());
    expect(bytes).toEqual(concatBytes(...pcapngBlocks(shown.story, shown.trace, { application: 'Looplab 1.2', keys: false })));
    const text = (of: Uint8Array): string => new TextDecoder('latin1').decode(of);
    expect(text(bytes)).not.toContain('TRAFFIC_SECRET');
    expect(text(await exportBytes(shown, options({ keys: true })))).toContain('CLIENT_TRAFFIC_SECRET_0 00ff 11ee');
  });

  it('is the whole run, and again the file that it was opened from', async () => {
    const shown = run();
    const opened = (bytes: Uint8Array): { trace: TraceStore; reader: RunFileReader } => {
      const trace = new TraceStore();
      const reader = new RunFileReader((batch) => trace.append(batch));
      reader.push(bytes);
      reader.end();
      return { trace, reader };
    };
    const bytes = await exportBytes(shown, options({ kind: 'run', keys: true }));
    const { trace, reader } = opened(bytes);
    expect(reader).toMatchObject({ damage: null, notes: { bookmarks: [2] }, head: { application: 'Looplab 1.2', keys: true } });
    const builder = new StoryBuilder(trace);
    builder.advance();
    const again = await exportBytes({ ...shown, trace, story: builder.story }, options({ kind: 'run', keys: true, version: '9.9', from: reader.head }));
    expect(equalBytes(again, bytes)).toBe(true);
  });

  it('has bodies without their content coding', async () => {
    const { entries } = parseHar(new TextDecoder().decode(await exportBytes(run(), options({ kind: 'har' }))));
    expect(entries[0]?.response).toMatchObject({ bodySize: GZIPPED.length, content: { text: 'hello', size: 5 } });
  });

  it('has a name that main takes', () => {
    expect(exportName(run(), 'run')).toMatch(/^looplab-web-\d{8}-\d{6}\.pcapng$/u);
    expect(exportName(run(), 'har')).toMatch(/^looplab-web-\d{8}-\d{6}\.har$/u);
  });
});

describe('a large export', () => {
  /** Each part takes longer than the window may be kept waiting. */
  function* slowly(count: number): Generator<string> {
    for (let part = 0; part < count; part++) {
      for (const end = performance.now() + 30; performance.now() < end;);
      yield 'part';
    }
  }

  it('tells how far it is', async () => {
    const told: number[] = [];
    expect(await collect(slowly(4), 4, { signal: new AbortController().signal, onProgress: (share) => told.push(share) })).toHaveLength(16);
    expect(told).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it('stops when the user changes their mind', async () => {
    const abort = new AbortController();
    await expect(collect(slowly(1000), 1000, { signal: abort.signal, onProgress: (share) => share > 0.001 && abort.abort() })).rejects.toMatchObject({ code: 'EXPORT_CANCELLED' });
  });

  it('has its bound', async () => {
    await expect(collect(['12345', '678901'], 2, options(), 10)).rejects.toMatchObject({ code: 'EXPORT_TOO_LARGE' });
  });
});

describe('what goes wrong with a file', () => {
  const t = (key: string): string => i18n.global.t(key);

  it.each(FILE_CODES)('%s has words of its own', async (code) => {
    await speak('en');
    const words = fileWords({ code, message: 'x', where: '' }, t);
    expect(`${words.what} ${words.hint}`).not.toContain('export.');
    expect(words.what).not.toBe(t('export.error.what.other'));
  });

  it('is said also when nobody thought of it', async () => {
    await speak('en');
    expect(fileWords({ code: 'EXOTIC', message: 'odd', where: '' }, t)).toEqual({ what: t('export.error.what.other'), hint: t('export.error.try.other'), detail: 'EXOTIC: odd' });
  });
});
