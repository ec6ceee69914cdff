import { describe, expect, it } from 'vitest';
import { exchangeOfSelection } from '../../../shared/trace/app/choose';
import { chunksOf } from './chunks';
import { currentExchange, exchangeList, stateAt, type ExchangeRow } from './layout';
import { progressOf } from './message';
import { timingParts } from './timing';
import { header, threeExchanges, WebScene } from './webScene.fixture';

const rowsOf = (props: ReturnType<WebScene['props']>, position: number): ExchangeRow[] => exchangeList(props.app, props.story, position).items.filter((item) => item.type === 'exchange');

describe('the list of exchanges', () => {
  it('has nothing that has not begun, and says how many are to come', () => {
    const { app, story } = threeExchanges().props();
    expect(exchangeList(app, story, 0)).toEqual({ items: [], later: 3 });
    const sent = story.momentOfFact(app.messages[0]?.sentSeq ?? -1);
    expect(exchangeList(app, story, sent).later).toBe(3);
    expect(exchangeList(app, story, sent + 1).items.map((item) => item.type)).toEqual(['group', 'exchange']);
  });

  it('shows each in the state it has come to', () => {
    const props = threeExchanges().props();
    const { app, story } = props;
    const [request, response] = app.messages;
    const states = new Map<string, ExchangeRow>();
    for (let position = 0; position <= story.momentOfFact(response?.arriveSeq ?? -1) + 1; position++) {
      const [row] = rowsOf(props, position);
      if (row !== undefined && !states.has(row.state)) states.set(row.state, row);
    }
    expect([...states.keys()]).toEqual(['waiting', 'receiving', 'complete']);
    expect(states.get('waiting')).toMatchObject({ method: 'GET', target: '/api/user', status: null, size: null });
    expect(states.get('receiving')).toMatchObject({ status: 200, size: null });
    expect(states.get('complete')).toMatchObject({ status: 200, size: 24, trouble: false });
    expect(request?.arriveSeq).not.toBeNull();
  });

  it('marks trouble, relays, and answers of a cache', () => {
    const web = new WebScene();
    const proxy = web.role('proxy', '127.0.30.3', 'server');
    const client = web.role('client', '127.0.30.2', 'client');
    const line = web.line(client, proxy.listen(8080));
    web.exchange(line, { target: '/a', status: 404 });
    web.exchange(line, { target: '/b', status: 304, relayed: true });
    const rows = rowsOf(web.props(), web.props().position);
    expect(rows.map(({ trouble, badges }) => [trouble, badges])).toEqual([[true, []], [false, ['relayed', 'notModified']]]);
    const props = web.props();
    const [first] = props.app.exchanges;
    if (first === undefined) throw new Error('no exchange');
    const note = { seq: first.request.depart, t: first.response?.depart, role: first.serverRole, note: { topic: 'http.cache', what: 'hit', url: 'http://web.test/a', age: 1, lifetime: 60, etag: '' } };
    expect(rowsOf({ ...props, app: { ...props.app, notes: [note] as never } }, props.position)[0]?.badges).toEqual(['fromCache']);
  });

  it('breaks off when the connection does', () => {
    const props = threeExchanges().props();
    const exchange = props.app.exchanges[0];
    if (exchange === undefined || exchange.response === null) throw new Error('no exchange');
    const cut = { ...exchange, outcome: 'cut' as const, response: { ...exchange.response, complete: false, arrive: null } };
    expect(stateAt(props.app, props.story, cut, props.position)).toBe('cut');
    expect(stateAt(props.app, props.story, cut, props.story.momentOfFact(props.app.messages[0]?.arriveSeq ?? -1) + 1)).toBe('waiting');
  });
});

describe('which exchange is shown', () => {
  it('is the chosen one, by message or by the call that carried it', () => {
    const { app } = threeExchanges().props();
    expect(exchangeOfSelection(app, { type: 'message', id: 3 })?.id).toBe(1);
    expect(exchangeOfSelection(app, { type: 'fact', seq: app.messages[4]?.sentSeq ?? -1 })?.id).toBe(2);
    expect(exchangeOfSelection(app, { type: 'none' })).toBeNull();
  });

  it('else the one in which something happened last', () => {
    const { app, story, position } = threeExchanges().props();
    expect(currentExchange(app, story, 0)).toBeNull();
    expect(currentExchange(app, story, story.momentOfFact(app.messages[2]?.sentSeq ?? -1) + 1)?.id).toBe(1);
    expect(currentExchange(app, story, position)?.id).toBe(2);
  });
});

describe('how much of a message has come', () => {
  it('grows piece by piece', () => {
    const { app, story, trace, position } = threeExchanges().props();
    const [exchange] = app.exchanges;
    if (exchange === undefined) throw new Error('no exchange');
    const seen: string[] = [];
    for (let at = 0; at <= position; at++) {
      const { state, body } = progressOf(app, story, trace, exchange, 'response', at);
      const said = `${state} ${body}`;
      if (seen.at(-1) !== said) seen.push(said);
    }
    const head = exchange.response?.headSize ?? 0;
    expect(seen).toEqual(['none 0', 'sent 0', `head 0`, 'whole 24']);
    expect(head).toBeGreaterThan(90);
  });

  it('shows the bytes of the body that the client has read', () => {
    const web = new WebScene();
    const line = web.line(web.role('client', '127.0.30.2', 'client'), web.role('server', '127.0.30.1', 'server').listen(80));
    web.exchange(line, { target: '/long', answer: [header('Content-Length', '60')], answerBody: 'x'.repeat(60), pieces: 50 });
    const { app, story, trace, position } = web.props();
    const [exchange] = app.exchanges;
    if (exchange === undefined) throw new Error('no exchange');
    const bodies = new Set(Array.from({ length: position + 1 }, (_unused, at) => progressOf(app, story, trace, exchange, 'response', at).body));
    expect([...bodies]).toEqual([0, 50 - (exchange.response?.headSize ?? 0), 60]);
  });

  it('marks the chunks that are there', () => {
    const { app, story, trace, position } = threeExchanges().props();
    const exchange = app.exchanges[1];
    if (exchange === undefined) throw new Error('no exchange');
    expect(progressOf(app, story, trace, exchange, 'response', position).chunks?.map((chunk) => chunk.size)).toEqual([5, 5, 2]);
    expect(progressOf(app, story, trace, exchange, 'request', position)).toEqual({ state: 'whole', body: 0, chunks: null });
  });
});

it('chunks are found without being judged', () => {
  const bytes = new TextEncoder().encode('HEAD5;x=1\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n');
  expect(chunksOf(bytes, 4)).toEqual([{ size: 5, at: 11, start: 0 }, { size: 10, at: 21, start: 5 }]);
  expect(chunksOf(bytes.subarray(0, 8), 4)).toEqual([]);
  expect(chunksOf(new TextEncoder().encode('zz\r\n'), 0)).toEqual([]);
});

it('the time bar fills as the playhead goes', () => {
  const span = (start: number, end: number) => ({ start, end }) as never;
  const timing = { blocked: null, lookup: null, connect: span(0, 10), tls: null, send: span(10, 20), wait: span(20, 80), receive: span(80, 100) };
  expect(timingParts(timing, 50)).toEqual([
    { phase: 'connect', from: 0, share: 0.1, took: 10, done: true }, { phase: 'send', from: 0.1, share: 0.1, took: 10, done: true }, { phase: 'wait', from: 0.2, share: 0.3, took: 30, done: false },
  ]);
  expect(timingParts(timing, Number.NEGATIVE_INFINITY)).toEqual([]);
});
