// For tests of availability: clients that ask a balancer before two servers, one of which is killed and started again, as their notes tell it.

import type { Note, ServiceOutcome } from '../notes';
import { scenario, type Actor, type Scenario } from '../fixture';

const BALANCER = '127.0.65.1:8080';

export interface ServiceScene {
  readonly s: Scenario;
  note(role: number, note: Note): number;
  /** A client's request from now on: `ms` later it ends so. Time stands at its end afterwards. */
  request(client: Actor, number: number, how: ServiceOutcome, ms: number, by?: string): void;
}

export function serviceScene(s: Scenario = scenario('single-point-of-failure')): ServiceScene {
  s.step = 0;
  const note = (role: number, said: Note): number => s.fact('role.noted', { role, text: JSON.stringify(said) });
  return {
    s,
    note,
    request: (client, number, how, ms, by = '') => {
      note(client.role, { topic: 'service.asked', number, to: BALANCER });
      s.wait(ms * 1000);
      note(client.role, { topic: 'service.ended', number, to: BALANCER, how, by, status: how === 'error' ? 503 : by === '' ? 0 : 200, ms });
    },
  };
}

/** Every outcome once, a kill, a restart, health checks that see both, a drain and a fail-over. */
export function everyOutcome(): ServiceScene {
  const scene = serviceScene();
  const { s, note, request } = scene;
  const balancer = s.role('balancer-1', '127.0.65.1', 'server');
  const killed = s.role('server-1', '127.0.66.1', 'server');
  const second = s.role('server-2', '127.0.66.2', 'server');
  const [a, b] = [s.role('client-1', '127.0.64.1', 'client'), s.role('client-2', '127.0.64.2', 'client')];
  const chose = (server: string, client: string): number => note(balancer.role, { topic: 'lb.chose', server, client, why: 'round-robin', open: 1 });
  s.wait(10_000);
  chose('server-1', '127.0.64.1:40001');
  request(a, 1, 'ok', 20, 'server-1');
  chose('server-2', '127.0.64.2:40002');
  request(b, 1, 'slow', 300, 'server-2');
  killed.end('killed');
  request(a, 2, 'reset', 5);
  note(balancer.role, { topic: 'lb.health', server: 'server-1', what: 'down', why: 'refused', failures: 2 });
  request(b, 2, 'error', 3, 'balancer-1');
  note(b.role, { topic: 'service.failover', from: BALANCER, to: '127.0.65.2:8080', why: 'error' });
  request(a, 3, 'refused', 1);
  note(second.role, { topic: 'service.state', what: 'hangs' });
  request(b, 3, 'timeout', 1000);
  note(second.role, { topic: 'service.state', what: 'answers' });
  s.role('server-1-2', '127.0.66.1', 'server', 'server-1');
  note(balancer.role, { topic: 'lb.health', server: 'server-1', what: 'up', why: 'answered', failures: 0 });
  note(balancer.role, { topic: 'lb.drain', server: 'server-2', what: 'begun', open: 1 });
  request(a, 4, 'cut', 40);
  note(balancer.role, { topic: 'lb.drain', server: 'server-2', what: 'ended', open: 0 });
  chose('server-1', '127.0.64.2:40003');
  request(b, 4, 'ok', 15, 'server-1-2');
  note(a.role, { topic: 'service.asked', number: 5, to: BALANCER });
  s.wait(50_000);
  return scene;
}
