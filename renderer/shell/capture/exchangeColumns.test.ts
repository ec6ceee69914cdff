// The rows of the table of exchanges: texts, packets from 1, and a bar as long as the exchange lasts beside the longest.
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../shared/packets/exchanges/exchange';
import { exchangeColumns, tookOf } from './exchangeColumns';

const words = { t: (key: string) => key.replace(/^.*\./, ''), n: (value: number) => String(value) };
const exchange: Exchange = {
  flow: 1, stream: 0, substream: null, version: 'HTTP/1.1', tls: false, method: 'GET', host: 'web.test', url: 'http://web.test/\u202ea', status: 200, contentType: 'text/html; charset=utf-8', requestSize: 0, size: 8,
  request: { first: 3, last: 3 }, response: { first: 4, last: 6 }, start: 3e6, phases: { connect: 2e6, tls: null, send: 0, wait: 1e6, receive: 1e6 }, outcome: 'complete',
};
const cells = (row: Exchange): Record<string, string> => Object.fromEntries(exchangeColumns(words, 8e6, 1).map(({ id, text }) => [id, text(row)]));

describe('the columns of exchanges', () => {
  it('show what was asked and answered, and where', () => {
    expect(cells(exchange)).toEqual({
      start: '0.003000', method: 'GET', status: '200', url: 'http://web.test/·a', type: 'text/html', size: '8 B', request: '4', response: '5–7', took: '4.00\u00a0ms',
      split: 'connect 2.00\u00a0ms, send 0\u00a0µs, wait 1.00\u00a0ms, receive 1.00\u00a0ms',
    });
  });

  it('say what is not in the capture', () => {
    const cut: Exchange = { ...exchange, method: '', request: null, outcome: 'cut' };
    expect(cells(cut)).toMatchObject({ method: 'unknown', request: '', status: '200 cut' });
    expect(cells({ ...exchange, status: null, response: null, size: null, outcome: 'unanswered' })).toMatchObject({ status: 'unanswered', response: '', size: '' });
  });

  it('draw the steps that took time', () => {
    expect(tookOf(exchange)).toBe(4e6);
    expect(exchangeColumns(words, 8e6, 1).find(({ id }) => id === 'split')?.parts?.(exchange)).toEqual([{ style: 'phase-connect', share: 0.25 }, { style: 'phase-wait', share: 0.125 }, { style: 'phase-receive', share: 0.125 }]);
  });
});
