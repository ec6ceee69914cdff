// A server of one file and its clients on real sockets: whole files over capped links, shared by those who ask, and no harm by odd requests.

import { describe, expect, it } from 'vitest';
import { equalBytes } from '../../../shared/base/bytes';
import type { Endpoint } from '../../../shared/trace/event';
import { Link } from '../bittorrent/link';
import { generateFile } from '../bittorrent/metainfo';
import { runs, testRole } from '../bittorrent/swarm.fixture';
import { exchangeOnce, HandConnection, requestBytes } from '../http/handClient';
import { valueOf } from '../http/headers';
import { fetchFile } from './fileClient';
import { FILE_PATH, FileServer } from './fileServer';

const KIB = 1024;

async function serve(file: Uint8Array, cap: number | null): Promise<{ readonly server: FileServer; readonly at: Endpoint; readonly up: Link; readonly kill: () => void }> {
  const made = testRole('server');
  const up = new Link(cap);
  const server = new FileServer(made.role, { port: 0, file, up });
  runs(server.run());
  return { server, at: await made.listening, up, kill: made.kill };
}

const client = (id = 'client') => testRole(id).role;

describe('a file server', () => {
  it('gives the whole file, and says how long it is', async () => {
    const file = generateFile(50_000, 1);
    const { server, at } = await serve(file, null);
    const answer = await exchangeOnce(client(), at, { method: 'GET', target: `${FILE_PATH}?3` });
    expect([answer.status, valueOf(answer.headers, 'content-length'), answer.complete, equalBytes(answer.body, file)]).toEqual([200, '50000', true, true]);
    expect([server.begun, server.payload]).toEqual([1, 50_000]);
  });

  it('answers HEAD without the file, other paths with 404, other methods with 405', async () => {
    const { server, at } = await serve(generateFile(5000, 1), null);
    const ask = async (method: string, target: string) => exchangeOnce(client(), at, { method, target });
    expect(valueOf((await ask('HEAD', FILE_PATH)).headers, 'content-length')).toBe('5000');
    expect((await ask('GET', '/elsewhere')).status).toBe(404);
    const refused = await ask('POST', FILE_PATH);
    expect([refused.status, valueOf(refused.headers, 'allow')]).toEqual([405, 'GET, HEAD']);
    expect([server.begun, server.payload]).toEqual([0, 0]);
  });

  it('pays for every byte of its answers, heads too', async () => {
    const { at, up } = await serve(generateFile(1000, 1), null);
    const role = client();
    const socket = await role.host.net.dial(at);
    await socket.sendAll(requestBytes(at, { method: 'GET', target: FILE_PATH }));
    let received = 0;
    for (let bytes = await socket.recv(4096); bytes.length > 0; bytes = await socket.recv(4096)) received += bytes.length;
    socket.close();
    expect(up.passed).toBe(received);
  });

  it('goes on when a client leaves in the middle, and gives its share to the others', async () => {
    const file = generateFile(64 * KIB, 1);
    const { at, up, server } = await serve(file, 64 * KIB);
    const gone = await HandConnection.open(client('gone'), at);
    await gone.send(requestBytes(at, { method: 'GET', target: FILE_PATH }));
    await expect.poll(() => server.begun).toBe(1);
    gone.close();
    up.cap = null;
    expect(equalBytes(await fetchFile(client(), { server: at, target: FILE_PATH, down: new Link(null) }), file)).toBe(true);
  });

  it('shares its up-link among all: two take twice as long as one, never less', async () => {
    const file = generateFile(32 * KIB, 1);
    const { at, up } = await serve(file, 128 * KIB);
    const fetching = async (clients: number): Promise<number> => {
      up.cap = 128 * KIB;
      const began = performance.now();
      await Promise.all(Array.from({ length: clients }, (_, index) => fetchFile(client(`client-${index}`), { server: at, target: FILE_PATH, down: new Link(null) })));
      return performance.now() - began;
    };
    const [one, two] = [await fetching(1), await fetching(2)];
    expect(one).toBeGreaterThan(250);
    expect(two).toBeGreaterThan(500);
    expect(two / one).toBeGreaterThan(1.3);
  });
});

describe('a client with a capped down-link', () => {
  it('pays for what it reads before it reads on, and says when the first byte of the file has come', async () => {
    const file = generateFile(32 * KIB, 1);
    const { at } = await serve(file, null);
    const down = new Link(64 * KIB);
    const first: number[] = [];
    const began = performance.now();
    const bytes = await fetchFile(client(), { server: at, target: FILE_PATH, down, onPayload: () => void first.push(performance.now() - began) });
    const took = performance.now() - began;
    expect(equalBytes(bytes, file)).toBe(true);
    expect(took).toBeGreaterThan(500);
    expect(first).toHaveLength(1);
    expect(first[0]).toBeLessThan(took / 2);
    expect(down.passed).toBeGreaterThan(file.length);
  });

  it('does not take half a file for a whole one', async () => {
    const { at, kill, server } = await serve(generateFile(64 * KIB, 1), 32 * KIB);
    const fetching = fetchFile(client(), { server: at, target: FILE_PATH, down: new Link(null) });
    const failed = expect(fetching).rejects.toMatchObject({ code: expect.stringMatching(/HTTP_FAILED|ECONNRESET/) as string });
    await expect.poll(() => server.payload).toBeGreaterThan(0);
    kill();
    await failed;
  });

  it('does not take another answer for the file', async () => {
    const { at } = await serve(generateFile(1000, 1), null);
    await expect(fetchFile(client(), { server: at, target: '/none', down: new Link(null) })).rejects.toThrow('404 Not Found');
  });
});
