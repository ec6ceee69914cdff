// What a swarm costs to watch. Tapped: bytes that five leechers get a second on loopback with everything recorded, against the same roles on
// the same network with recording off. Told: the swarm's story beside the folds that it stands on, of 200 peers and 1,000 pieces, and what
// it takes to know it at an instant. Run: npx tsx --expose-gc tests/bench/swarm.bench.ts [rounds] [tap|fold|all] [cpu]

import { micros } from '../../shared/base/brand';
import { createRandom } from '../../shared/base/random';
import { AppBuilder } from '../../shared/trace/app/appBuilder';
import { APP_LIMITS } from '../../shared/trace/app/limits';
import { StoryBuilder } from '../../shared/trace/fold';
import { SwarmBuilder } from '../../shared/trace/swarm/swarmBuilder';
import { createClock } from '../../electron/capture/clock';
import { Recorder } from '../../electron/capture/recorder';
import { compare, median, percentile, print } from './rounds';
import { largeSwarm, realSwarm } from './swarmBench';

const rounds = Number(process.argv[2] ?? 7);
const only = process.argv[3] ?? 'all';
const usage = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
const now = process.argv[4] === 'cpu' ? usage : () => performance.now();
const LEECHERS = 5;

async function tapped(): Promise<void> {
  let facts = 0;
  let thinned = false;
  /** A trace of its own for each swarm, which ends as batches that nobody keeps. */
  const recording = (): Recorder => new Recorder({
    clock: createClock(),
    onBatch: (batch) => {
      facts += batch.count;
      thinned ||= batch.thinned;
    },
  });
  const rate = (make: () => Recorder | null) => async (ms: number): Promise<number> => {
    let bytes = 0;
    let spent = 0;
    while (spent < ms) {
      const done = await realSwarm(make(), LEECHERS, now);
      bytes += done.bytes;
      spent += done.ms;
    }
    return (bytes / spent) * 1000;
  };
  const results = await compare([{ name: 'tap off', run: rate(() => null) }, { name: 'tap on', run: rate(recording) }], rounds, 400);
  // Blocks are long: the bar is that of the echo of 64 KiB with all bytes kept (tap.bench.ts).
  print(`A swarm of one seeder and ${LEECHERS} leechers, 16 MiB, no caps`, 'bytes/s', results, { 'tap on': 0.84 });
  console.log(`  ${facts.toLocaleString('en-US')} facts recorded, ${thinned ? 'NOT ' : ''}every byte of them kept`);
}

function told(): void {
  const trace = largeSwarm(200, 1000, 6);
  const costs = { story: [] as number[], app: [] as number[], swarm: [] as number[] };
  const jumps: number[] = [];
  const steps: number[] = [];
  let said = '';
  for (let round = 0; round < 3; round++) {
    const begin = performance.now();
    const builder = new StoryBuilder(trace);
    builder.advance();
    const atApp = performance.now();
    const apps = new AppBuilder(trace, builder.story, { ...APP_LIMITS, messages: 5_000_000, notes: 5_000_000 });
    apps.advance();
    const atSwarm = performance.now();
    const swarms = new SwarmBuilder(apps.app, builder.story);
    swarms.advance();
    const end = performance.now();
    const messages = apps.app.messages.length;
    costs.story.push(atApp - begin);
    costs.app.push(atSwarm - atApp);
    costs.swarm.push(((end - atSwarm) * 1000) / messages);
    const { swarm } = swarms;
    said = `${trace.count.toLocaleString('en-US')} facts, ${messages.toLocaleString('en-US')} messages, ${apps.app.notes.length.toLocaleString('en-US')} notes, ${swarm.transfers.count.toLocaleString('en-US')} blocks`;
    const last = builder.story.momentTime(builder.story.moments.count - 1);
    const timed = (t: number): number => {
      const before = performance.now();
      swarm.at(micros(t));
      return performance.now() - before;
    };
    const first = timed(last);
    const random = createRandom(round);
    for (let n = 0; n < 300; n++) jumps.push(timed(random.below(Math.ceil(last))));
    // A minute of frames from the beginning to the end.
    for (let n = 0; n <= 3600; n++) steps.push(timed((n / 3600) * last));
    console.log(`  round ${round + 1}: first look at the end ${first.toFixed(1)} ms`);
  }
  console.log(`\nThe story of ${said}`);
  console.log(`  story ${median(costs.story).toFixed(0)} ms, application story ${median(costs.app).toFixed(0)} ms, swarm ${median(costs.swarm).toFixed(2)} µs a message`);
  console.log(`  at(t), any jump: median ${median(jumps).toFixed(2)} ms, p95 ${percentile(jumps, 0.95).toFixed(2)} ms, most ${Math.max(...jumps).toFixed(2)} ms`);
  console.log(`  at(t), frame by frame: median ${median(steps).toFixed(3)} ms, p95 ${percentile(steps, 0.95).toFixed(3)} ms`);
}

console.log(`Node ${process.version}, ${rounds} rounds`);
if (only !== 'fold') await tapped();
if (only !== 'tap') told();
