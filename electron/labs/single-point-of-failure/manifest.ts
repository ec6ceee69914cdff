// What the lab of the single point of failure says of itself. Pure data; the code that runs is in lab.ts and its neighbours, the words in
// lesson.<locale>.md. Programs that are started again are new roles on the same host: 'server-1', then 'server-1-2'.

import type { LabManifest, Parameter } from '../../../shared/lab/manifest';
import type { ServiceOutcome } from '../../../shared/trace/notes';
import type { Condition, Matcher } from '../../../shared/trace/match';

/** How many there may be; their addresses follow one another. */
export const MOST = { clients: 20, servers: 6, balancers: 2 } as const;

export const ARCHITECTURES = ['one-server', 'two-servers', 'three-servers', 'two-balancers', 'overload', 'swarm'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];
/** Those with a balancer before the servers. */
const BALANCED: readonly Architecture[] = ['two-servers', 'three-servers', 'two-balancers'];
export const BLOWS = ['none', 'kill-server', 'kill-balancer', 'hang-server', 'reset-server', 'drain'] as const;
export type Blow = (typeof BLOWS)[number];

const noted = (text: string, role?: string): Matcher => ({ fact: 'role.noted', text, ...(role !== undefined && { role }) });
/** Only `service.ended` has a "how" in this lab. */
const ended = (how: ServiceOutcome): Matcher => noted(`"how":"${how}"`, 'client*');
const killed = (role: string): Matcher => ({ fact: 'role.ended', role, text: 'killed' });
const lost = { count: { fact: 'role.printed', role: 'client*', text: ': lost, ' } } as const;
const asked = { count: noted('"service.ended"', 'client*') } as const;
const clients = { count: { fact: 'role.started', role: 'client*' } } as const;
/** Something was struck: dead, hung or resetting. */
const STRUCK: Condition = { any: [{ exists: { fact: 'role.ended', text: 'killed' } }, { exists: { fact: 'role.printed', role: 'server*', text: 'hangs: ' } }, { exists: { fact: 'role.printed', role: 'server*', text: 'resets ' } }] };

const FAILURES = ['refused', 'reset', 'timeout', 'error', 'cut'] as const;
/** That kind of failure came before every other kind. */
const first = (how: (typeof FAILURES)[number]): Condition => ({
  all: [{ exists: ended(how) }, ...FAILURES.filter((other) => other !== how).map((other): Condition => ({ not: { before: [ended(other), ended(how)] } }))],
});

const SERVER: Parameter = { type: 'integer', id: 'server', min: 1, max: MOST.servers, value: 1 };
const BALANCER: Parameter = { type: 'integer', id: 'balancer', min: 1, max: MOST.balancers, value: 1 };

export const manifest: LabManifest = {
  id: 'single-point-of-failure',
  group: 'architectures',
  order: 3,
  parameters: [
    { type: 'choice', id: 'architecture', options: ARCHITECTURES, value: 'one-server' },
    { type: 'choice', id: 'blow', options: BLOWS, value: 'kill-server' },
    { type: 'integer', id: 'blow-at', min: 0, max: 60_000, value: 1000, unit: 'ms' },
    { type: 'integer', id: 'restart-after', min: 0, max: 60_000, value: 1000, unit: 'ms' },
    { type: 'integer', id: 'duration', min: 200, max: 120_000, value: 3000, unit: 'ms' },
    { type: 'integer', id: 'clients', min: 1, max: MOST.clients, value: 6 },
    { type: 'integer', id: 'think', min: 0, max: 5000, value: 150, unit: 'ms' },
    { type: 'integer', id: 'time-out', min: 50, max: 10_000, value: 500, unit: 'ms' },
    { type: 'integer', id: 'slow', min: 10, max: 10_000, value: 150, unit: 'ms' },
    { type: 'boolean', id: 'keep-alive', value: false },
    { type: 'choice', id: 'algorithm', options: ['round-robin', 'least-connections'], value: 'round-robin' },
    { type: 'integer', id: 'check-interval', min: 0, max: 10_000, value: 200, unit: 'ms' },
    { type: 'integer', id: 'failures', min: 1, max: 10, value: 2 },
    { type: 'boolean', id: 'retry', value: true },
    { type: 'integer', id: 'service-time', min: 0, max: 5000, value: 60, unit: 'ms' },
    { type: 'integer', id: 'workers', min: 1, max: 20, value: 4 },
    { type: 'integer', id: 'provision', min: 1, max: MOST.servers, value: 1 },
  ],
  hosts: [
    { id: 'client', address: '127.0.64.1', count: MOST.clients },
    { id: 'balancer', address: '127.0.65.1', count: MOST.balancers },
    { id: 'server', address: '127.0.66.1', count: MOST.servers },
    { id: 'tracker', address: '127.0.65.11', count: 1 },
    { id: 'seeder', address: '127.0.66.11', count: 1 },
  ],
  endpoints: [
    { role: 'balancer', host: 'balancer', protocol: 'tcp', port: 8100, wellKnown: 80, optional: true },
    { role: 'server', host: 'server', protocol: 'tcp', port: 8200, wellKnown: 80, optional: true },
    { role: 'tracker', host: 'tracker', protocol: 'tcp', port: 6969, optional: true },
    { role: 'seeder', host: 'seeder', protocol: 'tcp', port: 6881, optional: true },
    // In the swarm every client listens too: that is the point.
    { role: 'client', host: 'client', protocol: 'tcp', port: 6881, optional: true },
  ],
  actions: [
    { id: 'kill-server', arguments: [SERVER] },
    { id: 'start-server', arguments: [SERVER] },
    { id: 'hang-server', arguments: [SERVER] },
    { id: 'resume-server', arguments: [SERVER] },
    { id: 'drain', arguments: [SERVER] },
    { id: 'undrain', arguments: [SERVER] },
    { id: 'kill-balancer', arguments: [BALANCER] },
    { id: 'start-balancer', arguments: [BALANCER] },
    { id: 'add-server', arguments: [] },
    { id: 'more-clients', arguments: [{ type: 'integer', id: 'clients', min: 1, max: MOST.clients, value: 4 }, { type: 'integer', id: 'seconds', min: 1, max: 600, value: 10, unit: 's' }] },
  ],
  steps: [
    { id: 'asked', match: ended('ok'), predict: 'lost' },
    { id: 'chose', match: noted('"lb.chose"', 'balancer*'), only: { architecture: BALANCED } },
    { id: 'killed', match: { fact: 'role.ended', text: 'killed' }, predict: 'instant', only: { blow: BLOWS.filter((blow) => blow !== 'none') } },
    { id: 'hangs', match: { fact: 'role.printed', role: 'server*', text: 'hangs: ' }, only: { blow: ['hang-server'] } },
    { id: 'refused', match: ended('refused'), only: { blow: ['kill-server', 'kill-balancer'] } },
    { id: 'reset', match: ended('reset'), only: { blow: ['reset-server', 'kill-server', 'hang-server'] } },
    { id: 'cut', match: ended('cut'), only: { blow: ['kill-server', 'kill-balancer', 'reset-server'] } },
    { id: 'timeout', match: ended('timeout'), only: { blow: ['hang-server'] } },
    { id: 'error', match: ended('error'), only: { architecture: BALANCED, blow: ['hang-server'] } },
    { id: 'slow', match: ended('slow') },
    { id: 'retry', match: noted('"why":"retry"', 'balancer*'), only: { architecture: BALANCED, retry: [true] } },
    { id: 'down', match: noted('"what":"down"', 'balancer*'), only: { architecture: BALANCED } },
    { id: 'drain', match: noted('"lb.drain"', 'balancer*'), only: { blow: ['drain'] } },
    { id: 'none', match: noted('"lb.none"', 'balancer*'), only: { architecture: BALANCED } },
    { id: 'failover', match: noted('"service.failover"', 'client*'), only: { architecture: ['two-balancers'] } },
    { id: 'back', match: noted('"by":"server-1-2"', 'client*') },
    { id: 'pieces', match: noted('"bt.done"', 'client*'), only: { architecture: ['swarm'] } },
    { id: 'reckoning', match: { fact: 'role.printed', role: 'client*', text: 'available' }, predict: 'stands' },
  ],
  predictions: [
    {
      id: 'instant',
      options: [...FAILURES.map((how) => ({ id: how, when: first(how) })), { id: 'nothing', when: { always: true } }],
    },
    {
      id: 'lost',
      options: [
        { id: 'none', when: { compare: '=', left: lost, right: 0 } },
        { id: 'one-each', when: { compare: '<=', left: lost, right: clients } },
        { id: 'some', when: { compare: '<', left: lost, right: asked } },
        { id: 'all', when: { always: true } },
      ],
    },
    {
      id: 'stands',
      options: [
        { id: 'all', when: { not: STRUCK } },
        { id: 'swarm', when: { exists: noted('"bt.done"', 'client*') } },
        { id: 'other-balancer', when: { exists: noted('"service.failover"', 'client*') } },
        { id: 'nobody-balancer', when: { exists: killed('balancer*') } },
        { id: 'other-servers', when: { all: [{ exists: noted('"lb.chose"', 'balancer*') }, { not: { exists: noted('"lb.none"', 'balancer*') } }] } },
        { id: 'nobody', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'balancer', endpoint: 'balancer-1', command: "while sleep 0.3; do curl -s -m 1 -o /dev/null -w '%{exitcode} %{http_code} %{time_total} s %header{x-served-by}\\n' http://{address}:{port}/time; done" },
    { id: 'server', endpoint: 'server-1', command: "for i in 1 2 3 4 5; do curl -s -m 1 -w '%{exitcode} %{http_code} %{time_total} s\\n' http://{address}:{port}/time; sleep 0.3; done" },
    { id: 'health', endpoint: 'server-1', command: 'curl -i -m 1 http://{address}:{port}/health' },
    { id: 'headers', endpoint: 'balancer-1', command: 'curl -i -m 1 http://{address}:{port}/headers' },
  ],
  stage: ['availability', 'hosts', 'exchange', 'stack'],
  pacing: { axis: 'true', slowness: 2 },
  specifications: ['RFC 9110', 'RFC 9112', 'RFC 9293', 'BEP 3'],
};
