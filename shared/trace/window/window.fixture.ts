// For tests: a sender whose send() has to wait, since nobody reads, with what the kernel's table said meanwhile.

import { must } from '../../base/assert';
import { scenario, type Scenario } from '../fixture';
import type { StoryBuilder } from '../fold';
import type { TraceStore } from '../store';
import { FlowReader, flowsOf, type Flow } from './flow';

const RECEIVER = { address: '127.0.77.2', port: 7080 };

export interface StalledScene {
  readonly scene: Scenario;
  readonly trace: TraceStore;
  readonly story: StoryBuilder['story'];
  readonly builder: StoryBuilder;
  readonly reader: FlowReader;
  readonly flow: Flow;
  /** µs at which things happened. */
  readonly at: Readonly<Record<'stalled' | 'probed' | 'read' | 'goesOn', number>>;
  /** One more send() that is taken whole. */
  send(size: number): void;
}

/** `sampled` false: the kernel's table was not read. */
export function stalledScene(sampled = true): StalledScene {
  const s = scenario('flow-control');
  const listener = s.role('receiver', RECEIVER.address, 'server').listen(RECEIVER.port);
  const sender = s.role('sender', '127.0.77.1', 'client');
  const { sock } = must(sender.connect(RECEIVER), 'connected');
  const accepted = listener.accept();
  const { role } = sender;
  const local = { address: '127.0.77.1', port: 40_001 };
  const ask = (of: number, a: number, b: number, size: number): void => {
    if (sampled) s.fact('socket.sampled', { sock: of, local: of === sock ? local : RECEIVER, remote: of === sock ? RECEIVER : local, a, b, size, offset: size === 0 ? 0 : 200, text: 'ESTABLISHED' });
  };
  let offset = 0;
  const send = (size: number, a = size): void => {
    s.fact('bytes.sent', { role, sock, a, size, offset, bytes: new Uint8Array(size) });
    offset += size;
  };
  const now = (): number => s.now - s.step;
  send(1000);
  send(2000, 1500);
  const stalled = now();
  s.wait(200_000);
  ask(accepted.sock, 0, 600, 0);
  ask(sock, 1900, 0, 4);
  const probed = now();
  s.wait(800_000);
  s.fact('bytes.received', { role: 1, sock: accepted.sock, a: 1000, offset: 0, bytes: new Uint8Array(600) });
  const read = now();
  s.wait(50_000);
  s.fact('send.ended', { role, sock, a: 500, offset: 3000 });
  ask(sock, 0, 0, 0);
  const goesOn = now();
  const told = s.told();
  const [one] = flowsOf(told.story);
  const reader = new FlowReader(told.story, told.trace, must(one, 'flow').conn, 'up');
  return { scene: s, ...told, reader, flow: must(reader.advance(), 'flow'), at: { stalled, probed, read, goesOn }, send };
}
