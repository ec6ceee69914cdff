// The columns of the tables of a capture: conversations, endpoints, protocols. Words and numbers come from the page's language.

import { visibleText } from '../../../shared/codec/text';
import type { Conversation, EndpointRow, HierarchyNode, TableEnd } from '../../../shared/packets/session';
import { sizeText } from '../../inspector/parts/size';
import { hueOf, timeExtra } from '../../views/packets/columns';
import { secondsText, spanText } from '../../ui/numbers';
import type { FactColumn } from '../../views/packets/factColumns';

export interface Words {
  t(key: string): string;
  n(value: number): string;
}

/** '127.0.0.1:80', '[::1]:80', 'name.test:80', or without a port. */
export const endText = ({ address, port, name = address }: TableEnd): string => visibleText(port === null ? name : name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`);
const number = <T>(id: string, title: string, value: (row: T) => number, { n }: Words, width = '90px'): FactColumn<T> => ({ id, title, width, numeric: true, text: (row) => n(value(row)), value });
const size = <T>(id: string, title: string, value: (row: T) => number, { n }: Words, width = '96px'): FactColumn<T> => ({ id, title, width, numeric: true, text: (row) => sizeText(value(row), n), value });

/** `span`: s from the earliest packet of the capture to the latest. */
export function conversationColumns(words: Words, span: number): readonly FactColumn<Conversation>[] {
  const { t } = words;
  return [
    { id: 'a', title: t('capture.table.a'), width: 'minmax(150px, 1fr)', numeric: false, mono: true, text: ({ a }) => endText(a), value: ({ a }) => endText(a) },
    { id: 'b', title: t('capture.table.b'), width: 'minmax(150px, 1fr)', numeric: false, mono: true, text: ({ b }) => endText(b), value: ({ b }) => endText(b) },
    number('ahead', t('capture.table.packetsAB'), ({ packets }) => packets[0], words, '84px'),
    number('back', t('capture.table.packetsBA'), ({ packets }) => packets[1], words, '84px'),
    size('bytesAhead', t('capture.table.bytesAB'), ({ bytes }) => bytes[0], words),
    size('bytesBack', t('capture.table.bytesBA'), ({ bytes }) => bytes[1], words),
    { id: 'start', title: t('capture.table.start'), width: `${104 + timeExtra(false, span)}px`, numeric: true, text: ({ start }) => secondsText(start, 6), value: ({ start }) => start },
    { id: 'length', title: t('capture.table.length'), width: '92px', numeric: true, text: ({ start, end }) => spanText(end - start), value: ({ start, end }) => end - start },
  ];
}

export function endpointColumns(words: Words): readonly FactColumn<EndpointRow>[] {
  const { t } = words;
  return [
    { id: 'address', title: t('capture.table.address'), width: 'minmax(180px, 1fr)', numeric: false, mono: true, text: endText, value: endText },
    number('packets', t('capture.table.packets'), ({ packets }) => packets, words, '110px'),
    size('bytes', t('capture.table.bytes'), ({ bytes }) => bytes, words, '110px'),
    size('sent', t('capture.table.sent'), ({ sent }) => sent, words, '110px'),
    size('received', t('capture.table.received'), ({ received }) => received, words, '110px'),
  ];
}

/** A protocol with its depth, and the packets of the whole file. */
export interface FlatNode extends Omit<HierarchyNode, 'children'> {
  readonly depth: number;
  readonly of: number;
}

/** The tree as rows, parents before children. */
export function flatNodes(nodes: readonly HierarchyNode[], depth = 0, of = Math.max(...nodes.map(({ packets }) => packets), 1)): FlatNode[] {
  return nodes.flatMap(({ children, ...node }) => [{ ...node, depth, of }, ...flatNodes(children, depth + 1, of)]);
}

/** What the packets are about: each protocol with the packets in which it is the innermost, most of them first. */
export function innermost(nodes: readonly HierarchyNode[]): { readonly protocol: string; readonly packets: number }[] {
  const sums = new Map<string, number>();
  for (const { protocol, endPackets } of flatNodes(nodes)) if (endPackets > 0) sums.set(protocol, (sums.get(protocol) ?? 0) + endPackets);
  return [...sums].map(([protocol, packets]) => ({ protocol, packets })).sort((a, b) => b.packets - a.packets);
}

export function protocolColumns(words: Words): readonly FactColumn<FlatNode>[] {
  const { t, n } = words;
  return [
    { id: 'protocol', title: t('capture.column.protocol'), width: 'minmax(200px, 1fr)', numeric: false, mono: true, text: ({ protocol }) => visibleText(protocol), value: ({ protocol }) => protocol, hue: ({ protocol }) => hueOf(protocol), indent: ({ depth }) => depth },
    { id: 'share', title: t('capture.table.share'), width: '150px', numeric: true, text: ({ packets, of }) => `${n(Math.round((packets / of) * 1000) / 10)} %`, value: ({ packets }) => packets, share: ({ packets, of }) => packets / of },
    number('packets', t('capture.table.packets'), ({ packets }) => packets, words, '110px'),
    size('bytes', t('capture.table.bytes'), ({ bytes }) => bytes, words, '110px'),
    number('end', t('capture.table.endPackets'), ({ endPackets }) => endPackets, words, '130px'),
  ];
}
