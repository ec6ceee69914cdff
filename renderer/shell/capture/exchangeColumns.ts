// The columns of the HTTP exchanges of a capture. Words and numbers come from the page's language; what peers chose is made visible.

import { visibleText } from '../../../shared/codec/text';
import { EXCHANGE_PHASES, type Exchange, type MessagePackets } from '../../../shared/packets/exchanges/exchange';
import { sizeText } from '../../inspector/parts/size';
import { secondsText, spanText } from '../../ui/numbers';
import { timeExtra } from '../../views/packets/columns';
import type { FactColumn } from '../../views/packets/factColumns';
import type { Words } from './bookColumns';

/** ns of all its steps. */
export const tookOf = ({ phases }: Exchange): number => EXCHANGE_PHASES.reduce((sum, phase) => sum + (phases[phase] ?? 0), 0);

/** `longest`: of the list, in ns: bars are drawn as long as they last beside it. `span`: s from the earliest packet of the capture to the latest. */
export function exchangeColumns({ t, n }: Words, longest: number, span: number): readonly FactColumn<Exchange>[] {
  const text = (id: string, width: string, value: (row: Exchange) => string): FactColumn<Exchange> => ({ id, title: t(`capture.exchanges.${id}`), width, numeric: false, text: (row) => visibleText(value(row)), value });
  const packets = (id: string, of: (row: Exchange) => MessagePackets | null): FactColumn<Exchange> => ({
    id, title: t(`capture.exchanges.${id}`), width: '88px', numeric: true, value: (row) => of(row)?.first ?? -1,
    text: (row) => {
      const at = of(row);
      return at === null ? '' : at.first === at.last ? n(at.first + 1) : `${n(at.first + 1)}–${n(at.last + 1)}`;
    },
  });
  const split = (row: Exchange): string => EXCHANGE_PHASES.flatMap((phase) => (row.phases[phase] === null ? [] : [`${t(`exchange.phase.${phase}`)} ${spanText(row.phases[phase])}`])).join(', ');
  return [
    { id: 'start', title: t('capture.exchanges.start'), width: `${86 + timeExtra(false, span)}px`, numeric: true, text: ({ start }) => secondsText(start, 6), value: ({ start }) => start },
    text('method', '62px', ({ method }) => method || t('capture.exchanges.unknown')),
    text('status', '80px', ({ status, outcome }) => [...(status === null ? [] : [String(status)]), ...(outcome === 'complete' ? [] : [t(`capture.exchanges.state.${outcome}`)])].join(' ')),
    { ...text('url', 'minmax(140px, 2.4fr)', ({ url }) => url), mono: true },
    text('type', 'minmax(72px, 0.6fr)', ({ contentType }) => contentType.split(';', 1)[0] ?? ''),
    { id: 'size', title: t('capture.exchanges.size'), width: '74px', numeric: true, text: ({ size }) => (size === null ? '' : sizeText(size, n)), value: ({ size }) => size ?? -1 },
    packets('request', ({ request }) => request),
    packets('response', ({ response }) => response),
    { id: 'took', title: t('capture.exchanges.took'), width: '74px', numeric: true, text: (row) => spanText(tookOf(row)), value: tookOf },
    {
      id: 'split', title: t('capture.exchanges.split'), width: 'minmax(96px, 1fr)', numeric: false, text: split, value: tookOf,
      parts: ({ phases }) => EXCHANGE_PHASES.flatMap((phase) => (phases[phase] === null || phases[phase] === 0 ? [] : [{ style: `phase-${phase}`, share: phases[phase] / Math.max(longest, 1) }])),
    },
  ];
}
