// For tests of server models: crowds at an iterative server and at one with threads, call by call, as taps and notes would tell it.

import { must } from '../../base/assert';
import { scenario, type Actor, type Scenario } from '../fixture';
import type { ListenEnd, TcpEnd } from '../fixtureTcp';
import type { ServerModel } from '../notes';

const SERVER = '127.0.70.1';
const PORTS: Readonly<Record<ServerModel, number>> = { iterative: 7020, threads: 7021, processes: 7022, multiplexed: 7023 };
/** ms that the scenes' servers work on a line. */
const WORK = 10;

export interface ModelScene {
  readonly s: Scenario;
  readonly starter: Actor;
  /** So many clients with one request each; `together`: all are accepted at once, else one after the other, each when the last has gone. */
  crowd(model: ServerModel, clients: number, together: boolean): void;
  /** A crowd that has begun and gets no further: all connected, nobody accepted. */
  stuck(model: ServerModel, clients: number): void;
}

export function modelScene(s: Scenario = scenario('server-models')): ModelScene {
  s.step = 0;
  const starter = s.role('starter', '127.0.71.1', 'client', 'client');
  const servers = new Map<ServerModel, { readonly actor: Actor; readonly listener: ListenEnd }>();
  const serverOf = (model: ServerModel): { readonly actor: Actor; readonly listener: ListenEnd } => {
    const actor = s.role(model, SERVER, 'server', 'server');
    const made = servers.get(model) ?? { actor, listener: actor.listen(PORTS[model]) };
    servers.set(model, made);
    return made;
  };
  const to = (model: ServerModel): string => `${SERVER}:${PORTS[model]}`;
  const sampled = (model: ServerModel, depth: number): void =>
    void s.fact('socket.sampled', { role: 0, sock: servers.get(model)?.listener.sock ?? 0, a: 0, b: depth, local: { address: SERVER, port: PORTS[model] }, text: 'LISTEN' });
  const come = (model: ServerModel, clients: number): { readonly client: Actor; readonly end: TcpEnd }[] => {
    starter.note({ topic: 'model.begin', model, clients, requests: 1, think: 0, work: WORK });
    return Array.from({ length: clients }, (_unused, at) => {
      const client = s.role(`client-${model}-${at + 1}`, '127.0.71.1', 'client', 'client');
      client.note({ topic: 'service.asked', number: 1, to: to(model) });
      return { client, end: must(client.connect({ address: SERVER, port: PORTS[model] }), 'connection') };
    });
  };
  return {
    s, starter,
    crowd: (model, clients, together) => {
      const { actor, listener } = serverOf(model);
      s.wait(1000);
      const begun = s.now;
      const queue = come(model, clients);
      sampled(model, clients);
      const accepted = together ? queue.map(() => listener.accept()) : [];
      actor.note({ topic: 'process.sampled', memory: 50_000_000 + clients * 1_000_000, threads: together ? clients + 1 : 1, processes: 1, open: together ? clients : 1 });
      if (together) s.wait(WORK * 1000);
      queue.forEach(({ client, end }, at) => {
        const server = together ? must(accepted[at], 'accepted') : listener.accept();
        if (!together) {
          sampled(model, clients - at - 1);
          s.wait(WORK * 1000);
        }
        client.note({ topic: 'service.ended', number: 1, to: to(model), how: 'ok', by: '', status: 0, ms: (s.now - begun) / 1000 });
        end.close();
        server.close();
        client.end();
      });
      starter.note({ topic: 'model.end', model, ms: (s.now - begun) / 1000 });
      s.wait(5000);
    },
    stuck: (model, clients) => {
      serverOf(model);
      come(model, clients);
      sampled(model, clients);
    },
  };
}

/** Four clients, one after the other, then four with a thread each. */
export function twoModels(): ModelScene {
  const scene = modelScene();
  scene.crowd('iterative', 4, false);
  scene.crowd('threads', 4, true);
  return scene;
}
