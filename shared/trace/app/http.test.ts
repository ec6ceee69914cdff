import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { utf8Text } from '../../base/bytesText';
import { findField } from '../../codec/field';
import { scenario, type Scenario } from '../fixture';
import type { ListenEnd, TcpEnd } from '../fixtureTcp';
import { AppBuilder } from './appBuilder';
import { appLadder } from './describeApp';
import type { AppStory } from './appStory';

const WEB = { address: '127.0.40.1', port: 8080 };
const services = [{ protocol: 'tcp', port: 8080, wellKnown: 80 }] as const;

/** A server on port 80's stand-in, and a connection to it. */
function line(s: Scenario = scenario('http', '', { services })): { readonly s: Scenario; readonly listener: ListenEnd; readonly client: TcpEnd; readonly server: TcpEnd } {
  const listener = s.role('server', WEB.address, 'server').listen(WEB.port);
  const client = must(s.role('client', '127.0.40.2', 'client').connect(WEB), 'connection');
  return { s, listener, client, server: listener.accept() };
}

const fold = (s: Scenario): { readonly app: AppStory; readonly text: string; readonly story: ReturnType<Scenario['told']>['story'] } => {
  const { trace, story } = s.told();
  const builder = new AppBuilder(trace, story);
  builder.advance();
  return { app: builder.app, story, text: appLadder(builder.app, story) };
};

const GET = 'GET /api/user HTTP/1.1\r\nHost: www.example.test\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';

describe('an exchange of HTTP/1', () => {
  it('is a request and its response, with what carried them', () => {
    const { s, client, server } = line();
    const sent = client.send(GET);
    server.recv();
    const answered = server.send(OK);
    client.recv();
    const { app, story, text } = fold(s);
    expect(text).toBe('http #1 client -> server 127.0.40.1:8080 HTTP/1.1 GET http://www.example.test/api/user -> 200 OK, 5 B content-length\n');
    const [exchange] = app.exchanges;
    const [request, response] = app.messages;
    expect(request).toMatchObject({ id: 0, protocol: 'http', kind: 'request', carrier: 'tcp', dir: 'up', state: 'complete', start: 0, end: GET.length, summary: 'GET /api/user', sentSeq: sent, trouble: false });
    expect(response).toMatchObject({ kind: 'response', dir: 'down', state: 'complete', end: OK.length, summary: '200 OK', sentSeq: answered });
    expect(request?.fromHost).toBe(story.connections.at(0).client.host);
    expect(response?.segments.map((id) => [story.segments.at(id).kind, story.segments.at(id).dir])).toEqual([['data', 'down']]);
    expect(app.messagesOfFact(sent)).toEqual([0]);
    expect(app.messagesOfFact(must(response?.arriveSeq, 'read'))).toEqual([1]);
    expect(app.messagesOfSegment(must(request?.segments[0], 'segment'))).toEqual([0]);
    expect(app.exchangeOf(1)).toBe(exchange);
    expect(exchange).toMatchObject({ outcome: 'complete', first: true, secure: false, relayed: false, stream: null, interim: [] });
    expect(utf8Text(app.body(0, 'response').bytes)).toBe('hello');
    expect(findField(must(app.fields(1), 'tree'), 'http.response.code')?.display).toBe('200');
    expect(utf8Text(must(app.bytes(0), 'bytes'))).toBe(GET);
  });

  it('splits its time into connecting, sending, waiting and receiving', () => {
    const { s, client, server } = line();
    client.send(GET);
    server.recv();
    s.wait(1000);
    server.send(OK.slice(0, 30));
    client.recv();
    s.wait(500);
    server.send(OK.slice(30));
    client.recv();
    const timing = must(fold(s).app.exchanges[0], 'exchange').timing;
    const length = (span: { readonly start: number; readonly end: number } | null): number | null => (span === null ? null : span.end - span.start);
    expect(timing.blocked).toBe(null);
    expect(timing.lookup).toBe(null);
    expect(timing.tls).toBe(null);
    expect(length(timing.connect)).toBeGreaterThan(0);
    expect(length(timing.wait)).toBeGreaterThanOrEqual(1000);
    expect(length(timing.receive)).toBeGreaterThanOrEqual(500);
    expect(timing.wait?.end).toBe(timing.receive?.start);
  });

  it('counts as blocked the time since the client said that it wants the URL, and knows relays', () => {
    const s = scenario('http', '', { services });
    const listener = s.role('server', WEB.address, 'server').listen(WEB.port);
    const actor = s.role('relay', '127.0.40.3', 'relay');
    actor.note({ topic: 'page.met', element: 'img', url: 'http://www.example.test/api/user', offset: 20 });
    const wanted = s.now - s.step;
    s.wait(700);
    const client = must(actor.connect(WEB), 'connection');
    listener.accept();
    client.send(GET);
    client.send(GET);
    const { app } = fold(s);
    const [first, second] = app.exchanges;
    expect(first).toMatchObject({ relayed: true, timing: { blocked: { start: wanted, end: first?.timing.connect?.start } } });
    expect(second?.timing.blocked).toBe(null);
  });

  it('knows connecting for the first of a connection only', () => {
    const { s, client, server } = line();
    for (let n = 0; n < 2; n++) {
      client.send(GET);
      server.recv();
      server.send(OK);
      client.recv();
    }
    const { app } = fold(s);
    expect(app.exchanges.map((exchange) => [exchange.first, exchange.timing.connect !== null])).toEqual([[true, true], [false, false]]);
  });

  it('pairs pipelined requests in order, whatever their bodies', () => {
    const { s, client, server } = line();
    client.send('GET /1 HTTP/1.1\r\nHost: h\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: h\r\n\r\nPOST /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc');
    server.recv();
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n');
    client.recv();
    expect(fold(s).text).toBe([
      'http #1 client -> server 127.0.40.1:8080 HTTP/1.1 GET http://h/1 -> 200 OK, 1 B content-length',
      'http #1 client -> server 127.0.40.1:8080 HTTP/1.1 HEAD http://h/2 -> 200 OK',
      'http #1 client -> server 127.0.40.1:8080 HTTP/1.1 POST http://h/3, 3 B content-length -> 100, 304 Not Modified',
      '',
    ].join('\n'));
  });

  it('puts a chunked body together, and finds the end of one that the close ends', () => {
    const { s, client, server } = line();
    client.send(`${GET}${GET}`);
    server.recv();
    server.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Sum: 7\r\n\r\n');
    server.send('HTTP/1.1 200 OK\r\n\r\nto the end');
    client.recv();
    const open = fold(s).app;
    expect(open.exchanges.map((exchange) => [exchange.response?.framing, exchange.outcome])).toEqual([['chunked', 'complete'], ['until-close', 'receiving']]);
    expect(utf8Text(open.body(0, 'response').bytes)).toBe('abcdefg');
    expect(open.exchanges[0]?.response?.trailers).toEqual([{ name: 'X-Sum', value: '7' }]);
    server.close();
    client.recv();
    const { app } = fold(s);
    expect(app.exchanges[1]).toMatchObject({ outcome: 'complete', response: { bodySize: 10, complete: true } });
  });

  it('is cut when the connection ends under it, and reset when it is reset', () => {
    const cut = line();
    cut.client.send(GET);
    cut.server.recv();
    cut.server.send(OK.slice(0, -2));
    cut.server.close();
    cut.client.recv();
    cut.client.recv();
    cut.client.close();
    expect(fold(cut.s).app.exchanges[0]).toMatchObject({ outcome: 'cut', response: { bodySize: 3, complete: false } });
    const reset = line();
    reset.client.send(GET);
    reset.server.recv();
    reset.server.abort();
    reset.client.recv();
    expect(fold(reset.s).app.exchanges[0]).toMatchObject({ outcome: 'reset', response: null });
  });

  it('shows a malformed request with the 400 that answers it', () => {
    const { s, client, server } = line();
    client.send('GET / HTTP/1.1\r\nbad header\r\n\r\n');
    server.recv();
    server.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    client.recv();
    const { app } = fold(s);
    expect(app.messages.map((message) => [message.kind, message.state, message.summary, message.trouble])).toEqual([
      ['request', 'malformed', 'malformed request', true], ['response', 'complete', '400 Bad Request', true],
    ]);
    expect(app.exchanges[0]?.response?.head.status).toBe(400);
  });

  it('is left alone after 101: what follows is another protocol', () => {
    const { s, client, server } = line();
    client.send('GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n');
    server.recv();
    server.send('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello');
    client.recv();
    client.send('\x81\x05HELLO');
    const { app } = fold(s);
    expect(app.messages.map((message) => message.summary)).toEqual(['GET /chat', '101 Switching Protocols']);
  });
});

describe('the protocol of a connection', () => {
  it('is told by its first bytes, never guessed: GET READY to an echo server is no HTTP', () => {
    const s = scenario();
    const at = { address: '127.0.20.1', port: 7007 };
    const listener = s.role('server', at.address, 'server').listen(at.port);
    const client = must(s.role('client', '127.0.20.2', 'client').connect(at), 'connection');
    const server = listener.accept();
    client.send('GET READY\n');
    server.recv();
    server.send('GET READY\n');
    client.recv();
    expect(fold(s).app.messages).toEqual([]);
  });

  it('is HTTP on any port where a whole request line says so', () => {
    const s = scenario();
    const at = { address: '127.0.20.1', port: 9999 };
    const listener = s.role('server', at.address, 'server').listen(at.port);
    const client = must(s.role('client', '127.0.20.2', 'client').connect(at), 'connection');
    const server = listener.accept();
    client.send('GET / HT');
    expect(fold(s).app.messages).toEqual([]);
    client.send('TP/1.1\r\nHost: h\r\n');
    server.recv();
    expect(fold(s).app.messages).toMatchObject([{ summary: 'request', state: 'partial', end: 25 }]);
    expect(fold(s).app.exchanges).toEqual([]);
    client.send('\r\n');
    expect(fold(s).app.messages).toMatchObject([{ summary: 'GET /', state: 'complete', end: 27, start: 0, arrive: null }]);
    expect(fold(s).app.exchanges).toMatchObject([{ outcome: 'waiting' }]);
  });
});

describe('programs that are not ours', () => {
  it('are known by what our socket received and sent', () => {
    const s = scenario('http', '', { services });
    const listener = s.role('server', WEB.address, 'server').listen(WEB.port);
    const curl = s.foreignClient(listener);
    const server = listener.accept();
    curl.send(GET);
    server.recv();
    server.send(OK);
    const { app, story, text } = fold(s);
    expect(text).toBe('http #1 foreign -> server 127.0.40.1:8080 HTTP/1.1 GET http://www.example.test/api/user -> 200 OK, 5 B content-length\n');
    const [request] = app.messages;
    expect(request).toMatchObject({ fromSock: null, sentSeq: request?.arriveSeq });
    expect(story.segments.at(must(request?.segments[0], 'segment'))).toMatchObject({ kind: 'data', dir: 'up', size: GET.length });
    expect(app.messagesOfSegment(must(request?.segments[0], 'segment'))).toEqual([0]);
    expect(app.exchanges[0]).toMatchObject({ clientRole: null, outcome: 'complete' });
  });
});

describe('bytes that the trace does not keep', () => {
  const limits = { payloadPreview: 200, payloadTotal: 1e9, thinnedPreview: 64, events: 1e6 };

  it('are skipped inside a body whose length is known', () => {
    const { s, client, server } = line(scenario('http', '', { services, limits }));
    client.send(GET);
    server.recv();
    server.send(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1000)}${OK}`);
    client.recv(2000);
    client.send(GET);
    const { app } = fold(s);
    expect(app.exchanges[0]).toMatchObject({ outcome: 'complete', response: { bodySize: 1000, complete: true } });
    expect(app.body(0, 'response')).toMatchObject({ size: 1000, kept: 200 - 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'.length });
    // What follows in the same send() was not kept either: it is not read, and nothing is made up.
    expect(app.messages).toHaveLength(3);
  });

  it('may be kept at the other end', () => {
    const { s, client, server } = line(scenario('http', '', { services, limits }));
    client.send(`GET /${'a'.repeat(300)} HTTP/1.1\r\nHost: h\r\n\r\n`);
    expect(fold(s).app.messages).toMatchObject([{ state: 'partial' }]);
    server.recv(150);
    server.recv(150);
    server.recv(150);
    expect(fold(s).app.messages).toMatchObject([{ state: 'complete' }]);
  });

  it('end the reading where they are needed', () => {
    const { s, client, server } = line(scenario('http', '', { services, limits }));
    client.send(`GET /${'a'.repeat(300)} HTTP/1.1\r\nHost: h\r\n\r\n`);
    server.recv(1000);
    expect(fold(s).app.messages).toMatchObject([{ state: 'partial', why: 'bytes are missing from the trace' }]);
  });
});
