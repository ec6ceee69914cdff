// Packets of a capture as a run of our own, so that the stage and every other view of a run plays them: a run file in a private folder of the
// system's temporary one, which whoever opens it removes. Hosts are made from addresses; there are no socket calls, and nothing is made up for them.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StagedRun } from '../../../shared/packets/session';
import { parseKeyLine } from '../../../shared/codec/tls/decrypt/keyLog';
import { TLS_LIMITS } from '../../../shared/codec/tls/limits';
import { LIMITS } from '../../../shared/trace/limits';
import { traceOfPackets, type PacketTaken } from '../../../shared/trace/packetsStory/packetsStory';
import { NO_NOTES } from '../../../shared/trace/runFile/meta';
import { StoryBuilder } from '../../../shared/trace/fold';
import { runFileBlocks } from '../../../shared/trace/runFile/write';
import { OutFile } from '../../outFile';
import { EngineError } from '../../runtime/engineError';

/** `keyLog`: the capture's own, which goes with its packets as far as its lines are keys. Rejects with NOTHING_TO_PLAY when no packet has a place in a story (no TCP, no UDP), and with an errno. */
export async function stageRun(packets: Iterable<PacketTaken>, name: string, keyLog = ''): Promise<StagedRun> {
  const keys = keyLog.split('\n', TLS_LIMITS.keyLines).map((line) => line.trim()).filter((line) => parseKeyLine(line) !== null);
  const trace = traceOfPackets(packets, LIMITS, keys);
  const builder = new StoryBuilder(trace);
  builder.advance();
  const { story } = builder;
  if (story.segments.count === 0) throw new EngineError('NOTHING_TO_PLAY', 'none of these packets is a TCP segment or a UDP datagram', name);
  const folder = await mkdtemp(join(tmpdir(), 'looplab-stage-'));
  try {
    const path = join(folder, 'stage.pcapng');
    const file = await OutFile.open(path);
    await file.save(runFileBlocks({ story, trace, notes: NO_NOTES }, { format: 'looplab-run', application: 'Looplab', lab: '', order: 'saved', packets: 'none', keys: true }));
    return { folder, path, packets: trace.count - keys.length };
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}
