import { describe, expect, it } from 'vitest';
import { literalOf } from './literal';
import { SocketNames } from './names';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('names', () => {
  it('number the sockets of a kind from the second on', () => {
    const names = new SocketNames();
    for (const a of [5, 6, 7]) names.add({ kind: 'connection.accepted', sock: 1, a, b: 0, err: '' });
    expect([5, 6, 7].map((sock) => names.of(sock))).toEqual(['conn', 'conn2', 'conn3']);
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
