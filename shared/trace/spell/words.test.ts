import { describe, expect, it } from 'vitest';
import { sockId } from '../../base/brand';
import type { EventKind } from '../event';
import { scenario } from '../fixture';
import { callOf } from './call';
import { literalOf } from './literal';
import { SocketNames } from './names';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('names', () => {
  it('number the sockets of a kind from the second on', () => {
    const names = new SocketNames();
    for (const a of [5, 6, 7]) names.add({ kind: 'connection.accepted', sock: sockId(1), a, b: 0, err: '' });
    expect([5, 6, 7].map((sock) => names.of(sock))).toEqual(['conn', 'conn2', 'conn3']);
  });

  it('of a client that binds is not that of a listener, but of what could not bind', () => {
    const names = new SocketNames();
    const calls = (sock: number, ...kinds: readonly EventKind[]) => kinds.forEach((kind) => names.add({ kind, sock: sockId(sock), a: 0, b: 1, err: '' }));
    calls(1, 'socket.opened', 'socket.bound', 'connect.started');
    calls(2, 'socket.opened', 'socket.bound', 'socket.listened');
    calls(3, 'socket.opened');
    names.add({ kind: 'socket.bound', sock: sockId(3), a: 0, b: 0, err: 'EADDRINUSE' });
    expect([1, 2, 3].map((sock) => names.of(sock))).toEqual(['sock', 'listener', 'listener2']);
  });
});

describe('literals', () => {
  it('hold nothing that moves the text around them, and are bounded', () => {
    expect(literalOf(utf8('a\u202eb\r\n'), 6).text).toBe('a\\u202eb\\r\\n');
    const long = literalOf(utf8('x'.repeat(5000)).subarray(0, 1000), 5000);
    expect(long.text).toBe(`${'x'.repeat(28)}…`);
    expect(literalOf(new Uint8Array(20), 20)).toEqual({ text: '\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00…', kind: 'binary' });
    expect(literalOf(new Uint8Array(0), 0)).toEqual({ text: '', kind: 'ascii' });
  });
});

it('has no spelling for facts that no program calls', () => {
  const { trace } = scenario().told();
  expect(callOf(trace.at(0), null, () => new Uint8Array(), new SocketNames(), 0)).toBeNull();
});
