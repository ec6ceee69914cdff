// How select() and calls that would block are spelled, with the sets that were asked and found.
import { describe, expect, it } from 'vitest';
import { scenario, type Scenario } from '../fixture';
import { RoleCalls } from './roleCalls';
import { spell, type Language } from './spell';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const SERVER = { address: '127.0.20.1', port: 7007 };

function listing(scene: Scenario, language: Language): string[] {
  const { story, trace } = scene.told();
  const role = story.roles.find((one) => one.id === 'client');
  if (role === undefined) throw new Error('no client');
  const calls = new RoleCalls();
  calls.advance(story, trace, role);
  return Array.from({ length: calls.count }, (_, at) => {
    const line = spell(language, story, trace, calls, at, Number.POSITIVE_INFINITY);
    const end = line.waits !== null ? `waits: ${line.waits}` : line.errno !== '' ? `! ${line.errno}` : line.result;
    return `${line.aside === null ? line.text.replaceAll('\n', ' ⏎ ') : `(${line.aside})`}  → ${end}`;
  });
}

/** A client that never waits but in select(): asked about both, told, short, full. */
function multiplexedCalls(): Scenario {
  const s = scenario('tcp-echo', 'linux');
  s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const client = s.role('client', '127.0.20.2', 'client');
  const c = client.dial(SERVER).end();
  if (c === null) throw new Error('refused');
  const { role } = client;
  const sets = (read: readonly number[], write: readonly number[]): string => JSON.stringify({ read, write });
  s.fact('select.started', { role, a: 1000, text: sets([c.sock], [c.sock]) });
  s.fact('select.returned', { role, a: 1, text: sets([], [c.sock]) });
  s.fact('bytes.sent', { role, sock: c.sock, a: 2, b: 1, bytes: utf8('ab') });
  s.fact('bytes.sent', { role, sock: c.sock, a: -1, b: 1, err: 'EAGAIN', bytes: utf8('cd') });
  s.fact('select.started', { role, a: -1, text: sets([c.sock], []) });
  return s;
}

describe('what a multiplexing client calls', () => {
  const last = (language: Language): string => listing(multiplexedCalls(), language).slice(2).join('\n');
  it('in Python', () => expect(last('python')).toMatchInlineSnapshot(`
    "r, w, _ = select([sock], [sock], [], 1)  → [] [sock]
    sock.send(b"ab")  → 2
    sock.send(b"cd")  → ! EAGAIN
    r, w, _ = select([sock], [], [])  → waits: ready"
  `));
  it('in C', () => expect(last('c')).toMatchInlineSnapshot(`
    "struct pollfd fds[] = {{sock, POLLIN | POLLOUT}}; ⏎ if (poll(fds, 1, 1000) == -1) perror("poll");  → [] [sock]
    if (send(sock, "ab", 2, MSG_DONTWAIT) == -1) perror("send");  → 2
    if (send(sock, "cd", 2, MSG_DONTWAIT) == -1) perror("send");  → ! EAGAIN
    struct pollfd fds[] = {{sock, POLLIN}}; ⏎ if (poll(fds, 1, -1) == -1) perror("poll");  → waits: ready"
  `));
  it('in TypeScript', () => expect(last('typescript')).toMatchInlineSnapshot(`
    "(noSelect)  → [] [sock]
    sock.write("ab");  → 2
    sock.write("cd");  → ! EAGAIN
    (noSelect)  → waits: ready"
  `));
});
