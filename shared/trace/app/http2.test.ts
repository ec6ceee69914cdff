import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { concatBytes } from '../../base/bytes';
import { utf8Bytes, utf8Text } from '../../base/bytesText';
import { findField } from '../../codec/field';
import { encodeFrame, PREFACE, type FramePayload } from '../../codec/http2/frame';
import { HpackEncoder } from '../../codec/http2/hpack/encoder';
import { FLAGS } from '../../codec/http2/names';
import { dialled, folded, webScene } from './appScene.fixture';

const { END_STREAM, END_HEADERS, ACK } = FLAGS;
const frame = (streamId: number, payload: FramePayload, flags = 0): Uint8Array => encodeFrame({ ...payload, flags, reserved: false, streamId });
const settings = frame(0, { type: 'SETTINGS', settings: [{ id: 3, value: 100 }] });
const acked = frame(0, { type: 'SETTINGS', settings: [] }, ACK);
const data = (stream: number, text: string, flags = 0): Uint8Array => frame(stream, { type: 'DATA', padding: null, data: utf8Bytes(text) }, flags);

/** One end's frames: its encoder remembers. */
function end() {
  const encoder = new HpackEncoder();
  return (stream: number, fields: Readonly<Record<string, string>>, flags: number = END_HEADERS): Uint8Array =>
    frame(stream, { type: 'HEADERS', padding: null, priority: null, fragment: encoder.encode(Object.entries(fields).map(([name, value]) => ({ name, value }))) }, flags);
}

const GET = { ':method': 'GET', ':scheme': 'http', ':authority': 'www.example.test', ':path': '/posts' };

function opened(s = webScene()) {
  const line = dialled(8080, s);
  line.client.send(concatBytes(PREFACE, settings));
  line.server.recv();
  line.server.send(concatBytes(settings, acked));
  line.client.recv();
  line.client.send(acked);
  line.server.recv();
  return { ...line, ask: end(), tell: end() };
}

describe('HTTP/2', () => {
  it('has a message for each frame and an exchange for each stream', () => {
    const { s, client, server, ask, tell } = opened();
    client.send(ask(1, GET, END_HEADERS | END_STREAM));
    client.send(concatBytes(ask(3, { ...GET, ':method': 'POST', ':path': '/form' }), data(3, 'name=value', END_STREAM)));
    server.recv();
    server.send(concatBytes(tell(3, { ':status': '404' }, END_HEADERS | END_STREAM), tell(1, { ':status': '103' }), tell(1, { ':status': '200', 'content-type': 'text/plain' })));
    server.send(concatBytes(data(1, 'hello '), data(1, 'world'), tell(1, { 'x-sum': '11' }, END_HEADERS | END_STREAM)));
    client.recv();
    const { app, text } = folded(s);
    expect(app.messages.map(({ dir, summary }) => `${dir === 'up' ? '>' : '<'} ${summary}`)).toEqual([
      '> Magic', '> SETTINGS[0]', '< SETTINGS[0]', '< SETTINGS[0] ACK', '> SETTINGS[0] ACK', '> HEADERS[1] GET /posts', '> HEADERS[3] POST /form', '> DATA[3]',
      '< HEADERS[3] 404', '< HEADERS[1] 103', '< HEADERS[1] 200', '< DATA[1]', '< DATA[1]', '< HEADERS[1] trailers',
    ]);
    expect(text).toBe([
      'http #1.1 client -> server 127.0.40.1:8080 HTTP/2 GET http://www.example.test/posts -> 103, 200, 11 B end-stream',
      'http #1.3 client -> server 127.0.40.1:8080 HTTP/2 POST http://www.example.test/form, 10 B end-stream -> 404', '',
    ].join('\n'));
    const [first, second] = app.exchanges;
    expect(first).toMatchObject({ version: 'HTTP/2', stream: 1, outcome: 'complete', response: { trailers: [{ name: 'x-sum', value: '11' }], messages: [10, 11, 12, 13] }, interim: [{ head: { status: 103 } }] });
    expect(first?.request.headers).toEqual(Object.entries(GET).map(([name, value]) => ({ name, value })));
    expect(utf8Text(app.body(0, 'response').bytes)).toBe('hello world');
    expect(utf8Text(app.body(1, 'request').bytes)).toBe('name=value');
    expect(second?.timing.connect).toBe(null);
    expect(app.exchangeOf(12)).toBe(first);
    // The header block of a later frame needs the table of the earlier ones.
    expect(findField(must(app.fields(6), 'tree'), 'http2.headers.path')?.value).toBe('/form');
    expect(app.messages[8]?.trouble).toBe(true);
  });

  it('puts a header block together from CONTINUATION frames', () => {
    const { s, client, server, ask } = opened();
    const whole = ask(1, GET, END_HEADERS | END_STREAM).subarray(9);
    client.send(frame(1, { type: 'HEADERS', padding: null, priority: null, fragment: whole.slice(0, 5) }, END_STREAM));
    expect(folded(s).app.exchanges).toEqual([]);
    client.send(frame(1, { type: 'CONTINUATION', fragment: whole.slice(5) }, END_HEADERS));
    server.recv();
    const { app } = folded(s);
    expect(app.exchanges).toMatchObject([{ request: { messages: [5, 6], complete: true }, outcome: 'waiting' }]);
  });

  it('shows resets, GOAWAY, and frames that are no frames', () => {
    const { s, client, server, ask, tell } = opened();
    client.send(concatBytes(ask(1, GET, END_HEADERS | END_STREAM), ask(3, GET, END_HEADERS | END_STREAM), ask(5, GET, END_HEADERS | END_STREAM)));
    server.recv();
    server.send(concatBytes(tell(1, { ':status': '200' }), frame(1, { type: 'RST_STREAM', error: 8 }), frame(0, { type: 'GOAWAY', lastStream: 3, lastReserved: false, error: 0, debug: new Uint8Array(0) })));
    client.recv();
    server.send(Uint8Array.of(0, 0, 5, 4, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5));
    const { app } = folded(s);
    expect(app.exchanges.map(({ outcome }) => outcome)).toEqual(['reset', 'waiting', 'reset']);
    expect(app.messages.slice(-3)).toMatchObject([
      { summary: 'RST_STREAM[1] CANCEL', trouble: true }, { summary: 'GOAWAY[0] NO_ERROR', trouble: false }, { state: 'malformed', why: 'FRAME_SIZE_ERROR: SETTINGS of 5 bytes, not a multiple of 6' },
    ]);
  });

  it('goes on behind data that the trace does not keep', () => {
    const { s, client, server, ask, tell } = opened(webScene({ limits: { payloadPreview: 500, payloadTotal: 1e9, thinnedPreview: 64, events: 1e6 } }));
    client.send(ask(1, GET, END_HEADERS | END_STREAM));
    server.recv();
    server.send(tell(1, { ':status': '200' }));
    server.send(data(1, 'x'.repeat(2000)));
    client.recv(4000);
    server.send(data(1, 'end', END_STREAM));
    client.recv();
    const { app } = folded(s);
    expect(app.exchanges).toMatchObject([{ outcome: 'complete', response: { bodySize: 2003 } }]);
    expect(app.body(0, 'response')).toMatchObject({ kept: 491, size: 2003 });
  });
});
