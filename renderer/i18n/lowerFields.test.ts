// Every field that a student meets in link, IP control, mail, file and address protocols has a name and a sentence, in every language: all
// nodes of the trees of their usual messages.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../shared/base/bytes';
import { utf8Bytes } from '../../shared/base/bytesText';
import type { Claim, Context } from '../../shared/codec/codec';
import { codecs, dissect } from '../../shared/codec/dissect';
import { walkFields, type FieldNode } from '../../shared/codec/field';
import { catalog as en } from './catalog.en';
import { catalog as ko } from './catalog.ko';
import { catalog as ru } from './catalog.ru';

const MAC = 'ffffffffffff 021122334455';
const up: Context = { transport: 'tcp', dir: 'up' };
const down: Context = { transport: 'tcp', dir: 'down' };
const IDS = '08 8394c8f03e515708 08 f067a5502a4262b5';
const DHCP = `02 01 06 00 9abcdef0 0000 8000 00000000 0a000005 0a000001 00000000 021122334455 ${'00'.repeat(202)} 63825363
  350102 36040a000001 330400000e10 0104ffffff00 03040a000001 06040a000001 0f0174 0c0174 3d0701021122334455 370101 32040a000005 39020240 3c0174 1c040a0000ff 1a0205dc 2a040a000001 3804 6e6f2121
  3a0400000708 3b0400000c4e ff`;

const treeOf = (protocol: string, hex: string, context: Context = {}): FieldNode => {
  const codec = codecs.get(protocol);
  if (codec === undefined) throw new Error(protocol);
  return codec.fields(hex.startsWith('text:') ? utf8Bytes(hex.slice(5)) : fromHex(hex), context, 0);
};
const layersOf = (hex: string): FieldNode[] => dissect(fromHex(hex)).map(({ tree }) => tree);
const arp = (operation: number, sender: string, target: string): string => `${MAC} 0806 0001 0800 06 04 000${operation} 021122334455 ${sender} 000000000000 ${target}`;

const TREES: readonly FieldNode[] = [
  ...layersOf(arp(1, '0a000001', '0a000002')), ...layersOf(arp(1, '00000000', '0a000002')), ...layersOf(arp(1, '0a000002', '0a000002')),
  ...layersOf(`${MAC} 88a8 00c8 8100 07d1 0800`), ...layersOf(`${MAC} 0008 aaaa03 000000 0800`), ...layersOf(`${MAC} 0006 424203 000000`),
  treeOf('sll2', '0800 0000 00000003 0304 04 06 021122334455 0000'),
  ...['0800f7ff00000000', '0304f71f000005dc', '0501ab000a0000fe4500', '0b00f4ff00000000', '0c009aff14000000', '0e00ebf100010002020000000200000502000006', '1200eefb00010002ffffff00', '090059f2010207080a00000100000000'].map((hex) => treeOf('icmp', hex)),
  treeOf('icmpv6', `8600c3e8 40c80708 00007530 000003e8 0101021122334455 05010000000005dc 030440c0 00278d00 00093a80 00000000 20010db8000000000000000000000000 19030000 00000258 20010db8000000000000000000000053`),
  treeOf('icmpv6', '870012f0 00000000 fe80000000000000000000000000000b 0101021122334455'), treeOf('icmpv6', '8800b0ef 60000000 fe80000000000000000000000000000b 0201021122334455'),
  ...['8000000000010002', '02000000000005dc', '0400000000000006', '0104000000000000', '83000000 00000000 ff020000000000000000000000000005', '8f000000 00000001 04000000 ff020000000000000000000000000005', `89000000 00000000 ${'00'.repeat(32)}`].map((hex) => treeOf('icmpv6', hex)),
  treeOf('igmp', '1164ec1e00000000027d0001 0a000001'), treeOf('igmp', '22009254 00000001 04000000e0000005'), treeOf('ntp', `24 02 06 e9 ${'00'.repeat(44)} 00000008 ${'ab'.repeat(16)}`),
  treeOf('dhcp', DHCP),
  treeOf('smtp', 'text:250-a\r\n250 b\r\n', down), treeOf('smtp', 'text:MAIL FROM:<a@b>\r\n', up), treeOf('smtp', 'text:hi\r\n.\r\n', { ...up, mode: 'mail' }), ...['username', 'password', 'plain'].map((mode) => treeOf('smtp', 'text:dXNlcg==\r\n', { ...up, mode })),
  treeOf('pop', 'text:+OK hi\r\n', down), treeOf('pop', 'text:RETR 1\r\n', up), treeOf('pop', 'text:hi\r\n.\r\n', { ...down, mode: 'data' }),
  treeOf('imap', 'text:a1 LOGIN ann pw\r\n', up), treeOf('imap', 'text:a2 UID FETCH 1 FLAGS\r\n', up), treeOf('imap', 'text:a3 SELECT INBOX\r\n', up), treeOf('imap', 'text:a3 OK SELECT\r\n', down), treeOf('imap', 'text:a', down),
  treeOf('ftp', 'text:227 Passive (10,0,0,2,4,1)\r\n', down), treeOf('ftp', 'text:229 Passive (|||6446|)\r\n', down), treeOf('ftp', 'text:PORT 10,0,0,1,4,2\r\n', up), treeOf('ftp', 'text:EPRT |1|10.0.0.1|6275|\r\n', up), treeOf('ftp', 'text:EPRT |2|::1|6275|\r\n', up),
  ...['818537fa213d7f9f4d5158', '880503e8627965', '8901aa', '8a01aa', `827e0080${'00'.repeat(128)}`, '827f000000000000000100'].map((hex) => treeOf('websocket', hex)),
  treeOf('quic', `c3 00000001 ${IDS} 01 aa 04 11223344`), treeOf('quic', `80 00000000 ${IDS} 00000001`), treeOf('quic', `f0 00000001 ${IDS} aa ${'00'.repeat(16)}`), treeOf('quic', '4383'),
  treeOf('mdns', '0000 8400 0001 0001 0000 0000 016100 0001 8001 c00c 0001 8001 00000078 0004 01020304'),
];

describe.each([['en', en], ['ko', ko], ['ru', ru]])('fields in %s', (_locale, catalog) => {
  const fields = catalog['fields'] as unknown as Readonly<Record<string, unknown>> & { readonly name: Readonly<Record<string, unknown>> };
  const inspector = catalog['inspector'] as unknown as { readonly message: { readonly about: Readonly<Record<string, unknown>> } };

  it('all have a name and a sentence', () => {
    const keys = new Set(TREES.flatMap((tree) => [...walkFields(tree)].filter(({ depth }) => depth > 0).map(({ node }) => node.name.replaceAll('.', '_'))));
    expect([...keys].filter((key) => fields[key] === undefined || fields.name[key] === undefined)).toEqual([]);
    expect(keys.size).toBeGreaterThan(200);
  });

  it('messages are explained', () => {
    for (const claim of ['app:dhcp', 'app:smtp', 'app:pop', 'app:imap', 'app:ftp', 'app:websocket', 'app:quic', 'app:mdns', 'app:ntp'] satisfies Claim[]) expect(inspector.message.about[claim.slice(4)], claim).toBeDefined();
  });
});
