// The scripts of the lab, one for each scenario: who connects when, and who ends how. What each program does is in electron/roles/life.

import type { LabContext } from '../../roles/lab';
import { aborts, asks, asksTwice, asksWithPatience, closesBoth, endsInOrder, leavesUnread, listens, queues } from '../../roles/life/clients';
import { answersAtTheEnd, closesFirst, talksOn, type Service } from '../../roles/life/servers';
import { lifeRun } from './lifeRun';
import type { Scenario } from './manifest';

/** What must listen before the clients come. */
export async function serve(lab: LabContext, scenario: Scenario): Promise<void> {
  const run = lifeRun(lab);
  switch (scenario) {
    case 'refused':
      return;
    case 'timeout-accept':
    case 'timeout-backlog':
      return run.startSilent();
    case 'killed':
      return void (await run.startSlowEcho());
    case 'half-open':
      await run.startEcho();
      return void (await run.startRelay());
    case 'simultaneous':
      return void (await run.startCloser());
    case 'orderly':
    case 'reset':
    case 'time-wait':
      return void (await run.startServer(SERVICES[scenario], { served: () => servedIn(lab).tell(), enough: enoughIn(lab).signal }));
  }
}

const SERVICES: Readonly<Record<'orderly' | 'reset' | 'time-wait', Service>> = { orderly: answersAtTheEnd, reset: talksOn, 'time-wait': closesFirst };

export async function play(lab: LabContext, scenario: Scenario): Promise<void> {
  switch (scenario) {
    case 'orderly':
      return withServer(lab, () => lifeRun(lab).startClient(endsInOrder).ended);
    case 'refused':
      return refused(lab);
    case 'reset':
      for (const [id, client] of [['aborts', aborts], ['closes', closesBoth], ['leaves', leavesUnread]] as const) await withServer(lab, () => lifeRun(lab).startClient(client, 'server', id).ended);
      return;
    case 'timeout-accept':
      return void (await lifeRun(lab).startClient(asksWithPatience(lab.number('patience')), 'silent', 'patient').ended);
    case 'timeout-backlog':
      return fullQueue(lab);
    case 'killed':
      return killed(lab);
    case 'half-open':
      return halfOpen(lab);
    case 'time-wait':
      return timeWait(lab);
    case 'simultaneous':
      return void (await lifeRun(lab).closeAtOnce().ended);
  }
}

/** ms in which a process has told what it did before it is killed; and ms in which what waited in the relay has gone on. */
const BEFORE_KILL = 200;
const SETTLED = 100;

/** Ends the server that the run began with. */
const enoughIn = perLab(() => new AbortController());

/** How many clients the run's server has done with. */
const servedIn = perLab(() => new Served());

class Served {
  private count = 0;
  private readonly waiting = new Set<() => void>();

  tell(): void {
    this.count++;
    for (const look of this.waiting) look();
  }

  /** Resolves when it has done with one more than now. */
  next(): Promise<void> {
    const wanted = this.count + 1;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.count < wanted) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
    });
  }
}

function perLab<T extends object>(create: () => T): (lab: LabContext) => T {
  const known = new WeakMap<AbortSignal, T>();
  return (lab) => {
    const made = known.get(lab.signal) ?? create();
    known.set(lab.signal, made);
    return made;
  };
}

/** A client comes and goes, and the server has closed its end too. */
async function withServer(lab: LabContext, client: () => Promise<unknown>): Promise<void> {
  const served = servedIn(lab).next();
  await client();
  await served;
}

async function refused(lab: LabContext): Promise<void> {
  const run = lifeRun(lab);
  await run.startClient(endsInOrder).ended;
  await run.startServer(answersAtTheEnd, { served: () => servedIn(lab).tell() });
  await withServer(lab, () => run.startClient(endsInOrder, 'server', 'second-try').ended);
}

async function fullQueue(lab: LabContext): Promise<void> {
  const run = lifeRun(lab);
  const over = signal();
  const clients = [];
  // A queue of n holds n + 1 (Linux sk_acceptq_is_full).
  for (let n = 0; n <= lab.number('backlog'); n++) {
    const queued = signal();
    clients.push(run.startClient(queues(queued.tell, over.told), 'silent', `queued-${n + 1}`));
    await Promise.race([queued.told, clients.at(-1)?.ended]);
  }
  await run.startClient(asksWithPatience(lab.number('patience')), 'silent', 'latecomer').ended;
  over.tell();
  await Promise.all(clients.map((client) => client.ended));
}

async function killed(lab: LabContext): Promise<void> {
  const run = lifeRun(lab);
  await run.startForgetful().ended;
  const heard = signal();
  const sent = signal();
  const first = run.startClient(asks('one piece, 16 B\n', { heard: heard.tell }), 'server', 'witness-1');
  await Promise.race([heard.told, first.ended]);
  const second = run.startClient(asks('x'.repeat(95) + '\n', { sent: sent.tell }), 'server', 'witness-2');
  await Promise.race([sent.told, second.ended]);
  await lab.sleep(BEFORE_KILL);
  run.kill();
  await Promise.all([first.ended, second.ended]);
}

async function halfOpen(lab: LabContext): Promise<void> {
  const run = lifeRun(lab);
  const [heard, again] = [signal(), signal()];
  const client = run.startClient(asksTwice(lab.number('patience'), heard.tell, again.told), 'relay', 'believer');
  await Promise.race([heard.told, client.ended]);
  run.relay?.set({ stalled: true });
  await lab.sleep(BEFORE_KILL);
  const server = run.servers.at(-1);
  run.kill();
  await server?.ended;
  again.tell();
  await client.ended;
  // The network comes back, too late.
  run.relay?.set({ stalled: false });
  await lab.sleep(SETTLED);
}

async function timeWait(lab: LabContext): Promise<void> {
  const run = lifeRun(lab);
  await withServer(lab, () => run.startClient(listens).ended);
  // Beside a server that listens, SO_REUSEADDR does not help.
  await run.startServer(closesFirst);
  enoughIn(lab).abort();
  await run.servers[0]?.ended;
  await run.startServer(closesFirst, { served: () => servedIn(lab).tell() });
  await withServer(lab, () => run.startClient(listens).ended);
}

interface Signal {
  readonly told: Promise<void>;
  readonly tell: () => void;
}

function signal(): Signal {
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => (tell = resolve));
  return { told, tell: () => tell() };
}
