import { describe, expect, it } from 'vitest';
import https from '../../electron/labs/https/lab';
import { LabTest } from '../../electron/labs/run.fixture';
import { must } from '../../shared/base/assert';
import type { Eyes } from '../../renderer/timeline/viewProps';
import { conversations, learned } from '../../renderer/views/tls/layout';

const END = Number.MAX_SAFE_INTEGER;

describe('a session beside the same exchange in clear', () => {
  it('shows an eavesdropper names and sizes, whoever has the keys every message', async () => {
    const run = await LabTest.play(https);
    const at = (eyes: Eyes, position = END) => conversations(run.story, run.app, position, eyes);
    const labels = (eyes: Eyes): (readonly string[])[] => at(eyes).map(({ rows }) => rows.map(({ label }) => label));

    const [clear, sealed] = labels('eavesdropper');
    expect(clear).toEqual(['GET /account', '200 OK']);
    expect(sealed?.slice(0, 4)).toEqual(['Client Hello', 'Server Hello', 'Change Cipher Spec', 'Application Data']);
    expect(sealed).not.toContain('Certificate');

    const opened = labels('keys')[1];
    expect(opened).toEqual(expect.arrayContaining(['Encrypted Extensions', 'Certificate', 'Certificate Verify', 'Finished', 'Application Data']));
    const data = at('keys')[1]?.rows.filter(({ label }) => label === 'Application Data').map(({ detail }) => detail);
    expect(data?.[0]).toContain('GET /account HTTP/1.1');
    expect(data?.[1]).toContain('HTTP/1.1 200 OK');
  });

  it('grows with the playhead and counts what is to come', async () => {
    const run = await LabTest.play(https, { compare: 'tls' });
    const rows = (position: number): number => conversations(run.story, run.app, position, 'keys')[0]?.rows.length ?? 0;
    const { count } = run.story.moments;
    expect(rows(0)).toBe(0);
    const seen = Array.from({ length: count + 1 }, (_, position) => rows(position));
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    const half = must(conversations(run.story, run.app, seen.findIndex((size) => size > 2), 'keys')[0], 'a conversation');
    expect(half.rows.length + half.later).toBe(rows(END));
  });

  it('tells what a listener learns: everything in clear, the name and sizes under TLS, in 1.2 the certificate too', async () => {
    const keysOf = async (version: string): Promise<(readonly string[])[]> => {
      const run = await LabTest.play(https, { version, keys: false });
      await run.stop();
      return conversations(run.story, run.app, END, 'eavesdropper').map((one) => learned(one, must(run.story.connection(one.conn), 'its connection')).map(({ key }) => key));
    };
    expect(await keysOf('TLSv1.3')).toEqual([['addresses', 'everything'], ['addresses', 'name', 'version', 'sizes']]);
    expect((await keysOf('TLSv1.2'))[1]).toContain('certificate');
  });

  it('says that a session failed, once it has', async () => {
    const run = await LabTest.play(https, { certificate: 'expired', compare: 'tls' });
    expect(conversations(run.story, run.app, END, 'eavesdropper').map(({ failed }) => failed)).toEqual([true]);
    expect(conversations(run.story, run.app, 20, 'eavesdropper').some(({ failed }) => failed)).toBe(false);
  });
});
