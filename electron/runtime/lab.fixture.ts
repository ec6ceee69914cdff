// For tests: a tiny lab on real sockets, whose parameters choose what goes wrong, and an engine that keeps what it is told.

import { StoryBuilder } from '../../shared/trace/fold';
import type { Fact } from '../../shared/trace/event';
import { TraceStore } from '../../shared/trace/store';
import type { Lab, LabContext } from '../roles/lab';
import { Changes } from './changes.fixture';
import type { FoundLab } from './discovery';
import { Engine, type LabState } from './engine';

/** A lab whose server echoes one chunk per client. `address`: one of the test file's own. */
export function tinyLab(address: string, port: number): Lab {
  const serve = async (lab: LabContext): Promise<void> => {
    if (lab.text('server') === 'absent') return;
    const server = lab.role({ id: 'server', host: 'server', kind: 'server' }, async (role) => {
      const listening = await role.host.net.listen({ port: lab.endpoint('server').port });
      role.listening({ protocol: 'tcp', ...listening.endpoint });
      for (;;) {
        const connected = await listening.accept();
        await connected.sendAll(await connected.recv(64));
        connected.close();
      }
    });
    await server.ready;
  };
  return {
    manifest: {
      id: 'tiny', group: 'sockets', order: 1, steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [],
      parameters: [
        { type: 'choice', id: 'server', options: ['runs', 'absent'], value: 'runs' },
        { type: 'choice', id: 'script', options: ['asks', 'throws', 'hangs', 'leaks'], value: 'asks' },
        { type: 'integer', id: 'clients', min: 1, max: 8, value: 1 },
        { type: 'text', id: 'line', maxLength: 64, value: 'hello' },
      ],
      hosts: [{ id: 'client', address }, { id: 'server', address }],
      endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port }],
      actions: [{ id: 'ask', arguments: [{ type: 'text', id: 'line', maxLength: 8, value: 'again' }] }, { id: 'kill-server', arguments: [] }, { id: 'fail', arguments: [] }],
    },
    serve,
    async play(lab) {
      const script = lab.text('script');
      if (script === 'throws') throw Object.assign(new Error('the script is broken'), { code: 'EBROKEN' });
      // An error that nobody catches, in a callback of a program.
      if (script === 'leaks') setImmediate(() => { throw new Error('nobody caught this'); });
      if (script === 'hangs' || script === 'leaks') return lab.sleep(600_000);
      const clients = Array.from({ length: lab.number('clients') }, (_, index) => ask(lab, `client-${index + 1}`, lab.text('line')));
      await Promise.all(clients.map((client) => client.ended));
    },
    actions: {
      ask: async (lab, args) => void (await ask(lab, 'asker', String(args['line'])).ended),
      'kill-server': async (lab) => lab.running('server')?.kill(),
      fail: () => Promise.reject(new Error('this action always fails')),
    },
  };
}

const ask = (lab: LabContext, id: string, line: string) =>
  lab.role({ id, host: 'client', kind: 'client' }, async (role) => {
    const socket = await role.host.net.dial(lab.endpoint('server'));
    await socket.sendAll(new TextEncoder().encode(line));
    role.print(new TextDecoder().decode(await socket.recv(64)));
    socket.close();
  });

export interface Observed {
  readonly engine: Engine;
  readonly states: LabState[];
  /** Facts of the run that was started last. */
  facts(): readonly Fact[];
  story(): StoryBuilder['story'];
  trace(): TraceStore;
  /** Resolves with the first state, from now on or already told, that fits. */
  until(fits: (state: LabState) => boolean): Promise<LabState>;
}

/** An engine with these labs that remembers its states and facts. */
export function observe(labs: readonly Lab[]): Observed {
  const states: LabState[] = [];
  const changes = new Changes();
  let store = new TraceStore();
  let run = 0;
  const found: FoundLab[] = labs.map((lab) => ({ lab, lessons: new Map() }));
  const engine = new Engine(found, {
    onBatch: (id, batch) => {
      if (id !== run) store = new TraceStore();
      run = id;
      store.append(batch);
    },
    onState: (state) => {
      states.push(state);
      changes.tell();
    },
  });
  return {
    engine,
    states,
    trace: () => store,
    facts: () => Array.from({ length: store.count }, (_, seq) => store.at(seq)),
    story: () => {
      const builder = new StoryBuilder(store);
      builder.advance();
      return builder.story;
    },
    until: (fits) => changes.find(() => states.find(fits)),
  };
}
