// One saving of a run in a process of its own: a ping-pong of so many facts, saved as a pcapng of its packets and as a run file. Prints a line of JSON with
// what each took, and what editcap took to copy it; leaves the files. Started by save.bench.ts.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { OutFile } from '../../../electron/outFile';
import { must } from '../../../shared/base/assert';
import { pcapngBlocks } from '../../../shared/trace/export/pcapng';
import { scenario } from '../../../shared/trace/fixture';
import { StoryBuilder } from '../../../shared/trace/fold';
import { NO_NOTES } from '../../../shared/trace/runFile/meta';
import { runFileBlocks } from '../../../shared/trace/runFile/write';

const CONNECTIONS = 16;
const [folder = '', given = '1000000', size = '400', times = '3'] = process.argv.slice(2);
const facts = Number(given);

const s = scenario();
const at = { address: '127.0.20.1', port: 7 };
const listener = s.role('server', at.address, 'server').listen(at.port);
const client = s.role('client', '127.0.20.2', 'client');
const pairs = Array.from({ length: CONNECTIONS }, () => [must(client.connect(at), 'connection'), listener.accept()] as const);
const message = 'x'.repeat(Number(size));
for (let n = 0; n < facts / 4; n++) {
  const [c, p] = must(pairs[n % CONNECTIONS], 'pair');
  c.send(message);
  p.recv(message.length);
  p.send(message);
  c.recv(message.length);
}
const trace = s.trace();
const builder = new StoryBuilder(trace);
builder.advance();
const { story } = builder;

interface Taken {
  /** Until all of it is given to the system, as editcap leaves it; until it lies on the disk, as a save of ours does. */
  readonly ms: number;
  readonly synced: number;
  /** What editcap took to copy it. */
  readonly copied: number;
}

const packetsPath = join(folder, 'packets.pcapng');

async function timed(path: string, blocks: () => Iterable<Uint8Array>): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (let round = 0; round < Number(times); round++) {
    const began = performance.now();
    const file = await OutFile.open(path);
    let given = began;
    await file.save((function* told() {
      yield* blocks();
      given = performance.now();
    })());
    const synced = performance.now() - began;
    const from = performance.now();
    // A run file has blocks that editcap refuses to copy: of it, the packets alone.
    const ran = spawnSync('editcap', [packetsPath, `${packetsPath}.copy`]);
    if (ran.status !== 0) throw new Error(`editcap: ${ran.stderr.toString()}`);
    taken.push({ ms: given - began, synced, copied: performance.now() - from });
  }
  return taken;
}

const packets = await timed(packetsPath, () => pcapngBlocks(story, trace, { application: 'looplab bench', keys: false }));
const run = await timed(join(folder, 'run.pcapng'), () => runFileBlocks({ story, trace, notes: NO_NOTES }, { format: 'looplab-run', application: 'looplab bench', lab: '', order: 'saved', packets: 'reconstructed', keys: false }));
console.log(JSON.stringify({ facts: trace.count, segments: story.segments.count, packets, run }));
