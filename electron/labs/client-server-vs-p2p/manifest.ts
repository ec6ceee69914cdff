// What the lab of two architectures says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Condition, Matcher, Quantity } from '../../../shared/trace/match';
import type { DistributionWay } from '../../../shared/trace/notes';

/** Receivers that there are addresses for. */
export const MOST_RECEIVERS = 30;
/** Seconds that the formulas may give for all runs of a script together; what is beyond is left out, and said. */
export const LONGEST = 60;

const noted = (text: string, nth = 1): Matcher => ({ fact: 'role.noted', role: 'conductor', text, nth });
const begun = (way: DistributionWay, nth = 1): Matcher => noted(`"dist.begin","way":"${way}"`, nth);
const ended = (way: DistributionWay, receivers: number): Matcher => noted(`"dist.end","way":"${way}","receivers":${receivers},`);
/** The distribution time, ms. */
const took = (way: DistributionWay, receivers: number): Quantity => ({ number: 'ms', of: ended(way, receivers) });
const atLeast = (left: Quantity, times: number, what: Quantity): Condition => ({ compare: '>=', left, right: { times, what } });

export const manifest: LabManifest = {
  id: 'client-server-vs-p2p',
  group: 'architectures',
  order: 1,
  parameters: [
    { type: 'choice', id: 'ways', options: ['both', 'server', 'swarm'], value: 'both' },
    { type: 'text', id: 'receivers', maxLength: 60, value: '1, 2, 5, 10' },
    { type: 'integer', id: 'size', min: 16, max: 4096, value: 128, unit: 'KiB' },
    { type: 'integer', id: 'server-up', min: 32, max: 65_536, value: 512, unit: 'KiB/s' },
    { type: 'integer', id: 'receiver-up', min: 16, max: 65_536, value: 128, unit: 'KiB/s' },
    { type: 'integer', id: 'receiver-down', min: 32, max: 65_536, value: 1024, unit: 'KiB/s' },
    { type: 'choice', id: 'up-links', options: ['alike', 'mixed'], value: 'alike' },
    { type: 'choice', id: 'piece-size', options: ['2', '4', '8', '16', '32'], value: '4' },
    { type: 'integer', id: 'seed', min: 1, max: 999, value: 1 },
  ],
  hosts: [
    { id: 'server', address: '127.0.62.1' },
    { id: 'tracker', address: '127.0.62.2' },
    { id: 'receiver', address: '127.0.63.1', count: MOST_RECEIVERS },
  ],
  endpoints: [
    { role: 'server', host: 'server', protocol: 'tcp', port: 8062, wellKnown: 80 },
    { role: 'tracker', host: 'tracker', protocol: 'udp', port: 6969 },
    // In the swarm the server's computer is the first peer, with the same up-link; each run has a seed and peers of its own.
    { role: 'seed', host: 'server', protocol: 'tcp', port: 6881, optional: true },
    { role: 'peer', host: 'receiver', protocol: 'tcp', port: 6881, optional: true },
  ],
  roles: ['client', 'conductor'],
  actions: [
    {
      id: 'run',
      arguments: [
        { type: 'choice', id: 'way', options: ['server', 'swarm'], value: 'swarm' },
        { type: 'integer', id: 'receivers', min: 1, max: MOST_RECEIVERS, value: 20 },
      ],
    },
    {
      id: 'change-links',
      arguments: [
        { type: 'integer', id: 'server-up', min: 32, max: 65_536, value: 256, unit: 'KiB/s' },
        { type: 'integer', id: 'receiver-up', min: 16, max: 65_536, value: 128, unit: 'KiB/s' },
        { type: 'integer', id: 'receiver-down', min: 32, max: 65_536, value: 1024, unit: 'KiB/s' },
      ],
    },
  ],
  steps: [
    { id: 'server', match: { fact: 'socket.listened', role: 'server' } },
    { id: 'one', match: ended('server', 1) },
    { id: 'crowd', match: begun('server', 2), predict: 'server-growth' },
    { id: 'ten', match: ended('server', 10) },
    { id: 'swarm', match: begun('swarm'), predict: 'one' },
    { id: 'tracker', match: { app: 'tracker.message', to: 'tracker', has: 'Announce Request' } },
    { id: 'piece', match: { fact: 'role.noted', role: 'peer*', text: '"bt.have"' } },
    { id: 'gives', match: { app: 'bittorrent.message', role: 'peer*', to: 'peer*', has: 'Piece' }, predict: 'swarm-growth' },
    { id: 'everyone', match: ended('swarm', 10) },
    { id: 'why', match: noted('"cause"') },
    { id: 'million', match: { fact: 'role.printed', role: 'conductor', text: 'model' } },
  ],
  predictions: [
    {
      id: 'server-growth',
      options: [
        { id: 'ten', when: atLeast(took('server', 10), 7, took('server', 1)) },
        { id: 'some', when: atLeast(took('server', 10), 1.5, took('server', 1)) },
        { id: 'same', when: { compare: '>', left: took('server', 10), right: 0 } },
        { id: 'not-run', when: { always: true } },
      ],
    },
    {
      id: 'one',
      options: [
        { id: 'server', when: atLeast(took('swarm', 1), 1.15, took('server', 1)) },
        { id: 'swarm', when: atLeast(took('server', 1), 1.15, took('swarm', 1)) },
        { id: 'equal', when: { all: [{ exists: ended('server', 1) }, { exists: ended('swarm', 1) }] } },
        { id: 'not-run', when: { always: true } },
      ],
    },
    {
      id: 'swarm-growth',
      options: [
        { id: 'ten', when: atLeast(took('swarm', 10), 7, took('swarm', 1)) },
        { id: 'some', when: atLeast(took('swarm', 10), 1.2, took('swarm', 1)) },
        { id: 'same', when: { compare: '>', left: took('swarm', 10), right: 0 } },
        { id: 'not-run', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'curl', endpoint: 'server', command: "curl -o /dev/null -w '%{time_total} s\\n' --limit-rate 256k http://{address}:{port}/file" },
    { id: 'two-curls', endpoint: 'server', command: "curl -sZ --parallel-immediate -o /dev/null -o /dev/null -w '%{time_total} s\\n' http://{address}:{port}/file http://{address}:{port}/file" },
    { id: 'ten-curls', endpoint: 'server', command: "curl -sZ --parallel-immediate -o /dev/null 'http://{address}:{port}/file?[1-10]' -w '%{time_total} s\\n'" },
  ],
  stage: ['scaling', 'swarm', 'hosts', 'exchange'],
  pacing: { axis: 'true', slowness: 1 },
  specifications: ['RFC 9110', 'RFC 9112', 'BEP 3', 'BEP 15'],
};
