// What it costs to tell what the bytes mean: the application fold beside the story fold, of the same HTTP/1.1 trace. Prints µs a
// fact and exchange.
// Run: npx tsx tests/bench/app.bench.ts [facts, default 100000]

import { must } from '../../shared/base/assert';
import { utf8Bytes } from '../../shared/base/bytesText';
import { AppBuilder } from '../../shared/trace/app/appBuilder';
import { scenario } from '../../shared/trace/fixture';
import { StoryBuilder } from '../../shared/trace/fold';
import type { TraceStore } from '../../shared/trace/store';

const CONNECTIONS = 6;
const ROUNDS = 5;
/** send, recv called, recv returned, both ways. */
const FACTS_OF_EXCHANGE = 6;
const wanted = Number(process.argv[2] ?? 100_000);

const REQUEST = utf8Bytes('GET /style.css HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: looplab\r\nAccept: text/css,*/*;q=0.1\r\nAccept-Encoding: identity\r\nConnection: keep-alive\r\n\r\n');
const RESPONSE = utf8Bytes(`HTTP/1.1 200 OK\r\nDate: Tue, 01 Jan 2030 00:00:00 GMT\r\nContent-Type: text/css; charset=utf-8\r\nETag: "abc"\r\nCache-Control: max-age=60\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1000)}`);

function keepAlive(): TraceStore {
  const s = scenario('bench', '', { services: [{ protocol: 'tcp', port: 8080, wellKnown: 80 }] });
  const at = { address: '127.0.40.1', port: 8080 };
  const listener = s.role('server', at.address, 'server').listen(at.port);
  const client = s.role('client', '127.0.40.2', 'client');
  const pairs = Array.from({ length: CONNECTIONS }, () => [must(client.connect(at), 'connection'), listener.accept()] as const);
  for (let n = 0; n < wanted / FACTS_OF_EXCHANGE; n++) {
    const [c, p] = must(pairs[n % CONNECTIONS], 'pair');
    c.send(REQUEST);
    p.recv(65_536);
    p.send(RESPONSE);
    c.recv(65_536);
  }
  return s.trace();
}

const median = (values: number[]): number => must(values.sort((a, b) => a - b)[values.length >> 1], 'value');

const trace = keepAlive();
const costs = { story: [] as number[], app: [] as number[] };
let exchanges = 0;
for (let round = 0; round < ROUNDS; round++) {
  const builder = new StoryBuilder(trace);
  const begin = performance.now();
  builder.advance();
  const told = performance.now();
  const app = new AppBuilder(trace, builder.story);
  app.advance();
  costs.story.push(((told - begin) * 1000) / trace.count);
  costs.app.push(((performance.now() - told) * 1000) / trace.count);
  exchanges = app.app.exchanges.length;
}
const story = median(costs.story);
const app = median(costs.app);
console.log(`${trace.count} facts, ${exchanges} exchanges: story ${story.toFixed(2)} µs a fact, application story ${app.toFixed(2)} µs a fact (${(app / story).toFixed(1)} times)`);
