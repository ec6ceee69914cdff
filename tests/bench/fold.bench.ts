// How fast facts become a story, and how fast a picture is found in it. Prints facts/s and µs a snapshot.
// Run: npx tsx tests/bench/fold.bench.ts [round trips, default 100000]

import { must } from '../../shared/base/assert';
import { scenario } from '../../shared/trace/fixture';
import { StoryBuilder } from '../../shared/trace/fold';
import { snapshotAt } from '../../shared/trace/snapshot';
import type { TraceStore } from '../../shared/trace/store';

const CONNECTIONS = 4;
const ROUNDS = 5;
const trips = Number(process.argv[2] ?? 100_000);

function pingPong(): TraceStore {
  const s = scenario();
  const at = { address: '127.0.20.1', port: 7 };
  const listener = s.role('server', at.address, 'server').listen(at.port);
  const client = s.role('client', '127.0.20.2', 'client');
  const pairs = Array.from({ length: CONNECTIONS }, () => [must(client.connect(at), 'connection'), listener.accept()] as const);
  for (let n = 0; n < trips; n++) {
    const [c, p] = must(pairs[n % CONNECTIONS], 'pair');
    c.send('ping');
    p.recv(16);
    p.send('pong');
    c.recv(16);
  }
  return s.trace();
}

const median = (values: number[]): number => must(values.sort((a, b) => a - b)[values.length >> 1], 'value');

const trace = pingPong();
const folded: number[] = [];
const pictures: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const builder = new StoryBuilder(trace);
  const begin = performance.now();
  builder.advance();
  folded.push(trace.count / ((performance.now() - begin) / 1000));
  const { story } = builder;
  const from = performance.now();
  for (let n = 0; n < 1000; n++) snapshotAt(story, trace, (story.moments.count * n) / 1000);
  pictures.push(performance.now() - from);
}
console.log(`${trace.count} facts, ${CONNECTIONS} connections: ${Math.round(median(folded))} facts/s folded; a snapshot takes ${median(pictures).toFixed(1)} µs`);
