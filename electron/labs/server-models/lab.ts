// The lab of server models: one echo-like service by four servers, each a process of its own, and the same clients for each. Servers are in
// electron/roles/programs, clients in electron/roles/load; the data is in manifest.ts.

import type { ServerModel } from '../../../shared/trace/notes';
import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RunningRole } from '../../roles/lab';
import { createGate, createMeeting } from '../../roles/load/crowd';
import { ModelClient } from '../../roles/load/modelClient';
import { Tally } from '../../roles/load/tally';
import type { ProgramName } from '../../roles/programs/programs';
import { ActionError, perRun } from '../../roles/serverControl';
import { IN_CLASS, MODELS, manifest } from './manifest';

/** Clients of a crowd beyond class size that may be connecting at once. */
const CONNECTING = 200;
/** Threads and processes that a server makes at most; more clients are accepted and wait for a free one. */
const MOST = { threads: 200, processes: 50 } as const;

const PROGRAM: Readonly<Record<ServerModel, ProgramName>> = { iterative: 'iterativeServer', threads: 'threadServer', processes: 'processServer', multiplexed: 'multiplexedServer' };

const stateOf = perRun(() => ({ servers: new Map<ServerModel, RunningRole>(), lives: new Map<ServerModel, number>(), clients: new Map<ServerModel, number>(), starters: 1 }));

const isRunning = (lab: LabContext, model: ServerModel): boolean => lab.running(stateOf(lab).servers.get(model)?.id ?? '') !== null;

const isModel = (value: unknown): value is ServerModel => (MODELS as readonly unknown[]).includes(value);

function modelsOf(lab: LabContext): readonly ServerModel[] {
  const model = lab.text('model');
  return isModel(model) ? [model] : MODELS;
}

function modelOf(value: unknown): ServerModel {
  if (!isModel(value)) throw new RangeError(`no model of a server: ${String(value)}`);
  return value;
}

/** A new process, 'threads', then 'threads-2'; resolves when it listens, false when it could not. */
async function startServer(lab: LabContext, model: ServerModel): Promise<boolean> {
  const state = stateOf(lab);
  const life = (state.lives.get(model) ?? 0) + 1;
  state.lives.set(model, life);
  const options = {
    port: lab.endpoint(model).port, backlog: lab.number('backlog'), work: lab.number('work'), busy: lab.flag('busy'),
    ...(model === 'threads' && { most: MOST.threads }), ...(model === 'processes' && { most: MOST.processes }),
    // select() is told of each socket with every call: fine for a class, not for thousands.
    ...(model === 'multiplexed' && lab.number('clients') > IN_CLASS && { events: true }),
  };
  const server = lab.process({ id: life === 1 ? model : `${model}-${life}`, host: 'server', kind: 'server' }, PROGRAM[model], options);
  state.servers.set(model, server);
  return server.ready;
}

/** So many clients come to that server together; resolves when all have gone. */
async function bring(lab: LabContext, model: ServerModel, count: number, tally: Tally): Promise<void> {
  const state = stateOf(lab);
  const first = state.clients.get(model) ?? 0;
  state.clients.set(model, first + count);
  const large = count > IN_CLASS;
  const gate = large ? createGate(CONNECTING) : undefined;
  // Thousands of connections count only when they are there at once; only this model has as many.
  const together = large && model === 'multiplexed' && lab.flag('keep') ? createMeeting(count) : undefined;
  const roles = Array.from({ length: count }, (_unused, at) => {
    const number = first + at + 1;
    const options = {
      server: lab.endpoint(model), number, requests: lab.number('requests'), think: lab.number('think'), patience: lab.number('patience'), keep: lab.flag('keep'),
      tally, gate, together,
    };
    return lab.role({ id: `client-${model}-${number}`, host: 'client', kind: 'client' }, plainly((role) => new ModelClient(role, options).run()));
  });
  await Promise.all(roles.map(({ ended }) => ended));
}

/** Somebody with a whistle and a stop-watch: sends the crowd to each server in turn, and says how it went. */
async function start(lab: LabContext, id: string, models: readonly ServerModel[], clients: number): Promise<void> {
  const [requests, think, work] = [lab.number('requests'), lab.number('think'), lab.number('work')];
  const starter = lab.role({ id, host: 'client', kind: 'client' }, async (role) => {
    for (const model of models) {
      if (!isRunning(lab, model)) {
        role.print(`${model}: no such server runs here`);
        continue;
      }
      const tally = new Tally();
      role.note({ topic: 'model.begin', model, clients, requests, think, work });
      const began = performance.now();
      await bring(lab, model, clients, tally);
      role.note({ topic: 'model.end', model, ms: Math.round((performance.now() - began) * 10) / 10 });
      role.print(`${model}: ${tally.text()}`);
    }
    role.print('all done');
  });
  await starter.ended;
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    await Promise.all(modelsOf(lab).map((model) => startServer(lab, model)));
  },

  async play(lab) {
    await start(lab, 'starter', modelsOf(lab), lab.number('clients'));
  },

  actions: {
    'more-clients': (lab, args) => {
      const model = modelOf(args['model']);
      if (!isRunning(lab, model)) return Promise.reject(new ActionError('NO_SERVER', `no ${model} server is running`));
      const state = stateOf(lab);
      void start(lab, `starter-${++state.starters}`, [model], Number(args['clients']));
      return Promise.resolve();
    },
    'kill-server': (lab, args) => {
      const model = modelOf(args['model']);
      if (!isRunning(lab, model)) return Promise.reject(new ActionError('NO_SERVER', `no ${model} server is running`));
      stateOf(lab).servers.get(model)?.kill();
      return Promise.resolve();
    },
    'start-server': async (lab, args) => void (await startServer(lab, modelOf(args['model']))),
  },
};

export default lab;
