// What is offered while a filter is typed; the caret is the bar.

import { describe, expect, it } from 'vitest';
import { completions } from './completions';
import { parseFilter } from './parse';

/** The texts that are offered at '|'. */
function offered(typed: string): readonly string[] {
  const caret = typed.indexOf('|');
  return completions(typed.replace('|', ''), caret).items.map(({ text }) => text);
}

describe('at the caret', () => {
  it('fields, nearest first: those that begin so, then parts, then letters in order', () => {
    expect(offered('tcp.po|')[0]).toBe('tcp.port');
    expect(offered('tcp|').slice(0, 2)).toEqual(['tcp', 'tcp.ack']);
    expect(offered('ttl|')).toEqual(expect.arrayContaining(['ip.ttl', 'dns.resp.ttl']));
    expect(offered('htphst|')).toContain('http.host');
    expect(offered('|')).toEqual(expect.arrayContaining(['tcp', 'http', 'dns', 'frame']));
    expect(offered('tcp and (le|')).toContain('len(');
    expect(offered('no|')[0]).toBe('not');
  });

  it('after a field its operators and what joins tests, after a value what joins', () => {
    expect(offered('tcp.port |')).toEqual(expect.arrayContaining(['==', 'in {', '&', 'and']));
    expect(offered('tcp.port |')).not.toContain('contains');
    expect(offered('http.host |')).toEqual(expect.arrayContaining(['==', 'contains', 'matches']));
    expect(offered('http.host mat|')).toEqual(['matches']);
    expect(offered('tcp.analysis.flags |')).toEqual(['and', 'or', 'xor']);
    expect(offered('tcp.port == 80 |')).toEqual(['and', 'or', 'xor']);
    expect(offered('len(http.host) |')).toContain('>=');
    expect(offered('frame[0:4] |')).toContain('contains');
    expect(offered('(tcp) o|')).toEqual(['or']);
  });

  it('values that are known, and fields of the same kind', () => {
    expect(offered('tcp.flags.syn == |')).toEqual(['True', 'False', 'Set', '"Not set"']);
    expect(offered('tcp.analysis == |')).toEqual([]);
    expect(offered('tcp.segment.overlap.conflict == |')).toEqual(['True', 'False']);
    expect(offered('tcp.flags.syn == f|')[0]).toBe('False');
    expect(offered('ip.src == ip.d|')[0]).toBe('ip.dst');
    expect(offered('ip.src == |')).toEqual([]);
    expect(offered('tcp.port in {80, tcp.src|')[0]).toBe('tcp.srcport');
  });

  it('names of values with their numbers, in quotes where they are not one word', () => {
    expect(completions('ip.proto == UD', 14).items[0]).toEqual({ text: 'UDP', kind: 'value', detail: '17' });
    expect(offered('dns.qry.type == a|')[0]).toBe('"A (Host Address)"');
    expect(offered('dns.qry.type == 28|')).toEqual(['"AAAA (IPv6 Address)"']);
    expect(offered('tls.handshake.type in {1, cl|')).toEqual(expect.arrayContaining(['"Client Hello"', '"Client Key Exchange"']));
    expect(offered('dns.flags.response == mess|')).toEqual(['"Message is a response"', '"Message is a query"']);
    // Beside a sum or what a function gives they say nothing.
    for (const typed of ['ip.proto & T|', 'len(http.host) == T|', 'ip.proto + 1 == ICM|']) expect(offered(typed).filter((text) => /^[A-Z]/.test(text)), typed).toEqual([]);
    for (const value of offered('tls.handshake.type == |')) expect(parseFilter(`tls.handshake.type == ${value}`), value).toHaveProperty('ok');
  });

  it('nothing inside a text or a slice, nor where a name is wrong', () => {
    for (const typed of ['http.host == "tc|', 'frame[tc|', 'foo.bar |', 'tcp.port in |']) expect(offered(typed), typed).toEqual([]);
  });

  it('replaces the whole word, and what is offered for a test is one', () => {
    expect(completions('not tcp.port and udp', 7)).toMatchObject({ from: 4, to: 12 });
    for (const { text, kind } of completions('ip', 2).items) if (kind !== 'function' && kind !== 'operator') expect(parseFilter(text)).toHaveProperty('ok');
  });
});
