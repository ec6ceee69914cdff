// What the swarm lab says of itself. Pure data; the code that runs is in lab.ts and scenarios.ts, the words in lesson.<locale>.md.

import type { EndpointSpec, LabManifest, Parameter } from '../../../shared/lab/manifest';
import type { AppSort, Condition, Matcher } from '../../../shared/trace/match';

export const SCENARIOS = ['swarm', 'abc', 'newcomer', 'seeder-leaves', 'crash', 'churn', 'hostile', 'free-rider'] as const;
export type Scenario = (typeof SCENARIOS)[number];
export const STRATEGIES = ['rarest', 'random', 'sequential'] as const;
/** `bad-hash`: a peer that sends wrong bytes. The others: electron/roles/bittorrent/hostilePeer.ts. */
export const HOSTILITIES = [
  'bad-hash', 'bad-block', 'long-message', 'bad-bitfield', 'spare-bits', 'bad-have', 'bad-request', 'long-request', 'flood-blocks', 'flood-requests', 'flood-messages', 'wrong-torrent', 'garbage', 'silent',
] as const;
export type HostilityChoice = (typeof HOSTILITIES)[number];

/** Addresses of the three families of hosts: more peers never run at once. */
export const MOST = { peer: 200, seeder: 20, hostile: 20 } as const;
export const TRACKER_PORT = 6969;
const PEER_PORT = 6881;

const PEER: Parameter = { type: 'integer', id: 'peer', min: 1, max: MOST.peer, value: 1 };
const UP: Parameter = { type: 'integer', id: 'up', min: 0, max: 100_000, value: 64, unit: 'KiB/s' };
const DOWN: Parameter = { type: 'integer', id: 'down', min: 0, max: 100_000, value: 0, unit: 'KiB/s' };
const SLOTS: Parameter = { type: 'integer', id: 'slots', min: 0, max: 20, value: 3 };
const STRATEGY: Parameter = { type: 'choice', id: 'strategy', options: STRATEGIES, value: 'rarest' };

const peers = (role: string): EndpointSpec => ({ role, host: role, protocol: 'tcp', port: PEER_PORT, optional: true });

const noted = (text: string, role?: string): Matcher => ({ fact: 'role.noted', text, ...(role !== undefined && { role }) });
const said = (has: string, role?: string, app: AppSort = 'bittorrent.message'): Matcher => ({ app, has, ...(role !== undefined && { role }) });
const printed = (text: string, role?: string): Matcher => ({ fact: 'role.printed', text, ...(role !== undefined && { role }) });
const ended = (role: string, text?: string): Matcher => ({ fact: 'role.ended', role, ...(text !== undefined && { text }) });
const given = (role: string): { readonly bytes: Matcher } => ({ bytes: said('Piece ', role) });

/** B's first choice is piece 0: nothing was chosen before it. */
const FIRST_CHOICE = noted('"bt.chose"', 'peer-2');
const ZERO_CHOICE = noted('"bt.chose","piece":0,', 'peer-2');
const ZERO_FIRST: Condition = { all: [{ exists: ZERO_CHOICE }, { not: { before: [FIRST_CHOICE, ZERO_CHOICE] } }] };

export const manifest: LabManifest = {
  id: 'p2p-swarm',
  group: 'architectures',
  order: 2,
  parameters: [
    { type: 'choice', id: 'scenario', options: SCENARIOS, value: 'swarm' },
    { type: 'integer', id: 'peers', min: 2, max: MOST.peer, value: 5, windowMax: 50 },
    { type: 'integer', id: 'seeders', min: 1, max: 10, value: 1 },
    { type: 'choice', id: 'file', options: ['generated', 'text'], value: 'generated' },
    { type: 'text', id: 'text', maxLength: 20_000, lines: 6, value: 'Every node is both a client and a server.\nNo server is always on; participants come and go.\nThe more peers, the more capacity.\n' },
    { type: 'integer', id: 'pieces', min: 2, max: 1000, value: 12, windowMax: 200 },
    { type: 'integer', id: 'piece-size', min: 1, max: 256, value: 16, unit: 'KiB' },
    UP,
    DOWN,
    STRATEGY,
    SLOTS,
    { type: 'integer', id: 'choke-interval', min: 200, max: 10_000, value: 1000, unit: 'ms' },
    { type: 'choice', id: 'tracker', options: ['http', 'udp'], value: 'http' },
    { type: 'integer', id: 'interval', min: 1, max: 60, value: 3, unit: 's' },
    { type: 'choice', id: 'leaves', options: ['copied', 'early'], value: 'copied' },
    { type: 'choice', id: 'hostility', options: HOSTILITIES, value: 'bad-hash' },
    { type: 'integer', id: 'churn', min: 2, max: 600, value: 10, unit: 's' },
    { type: 'integer', id: 'seed', min: 1, max: 9999, value: 1 },
  ],
  hosts: [
    { id: 'tracker', address: '127.0.60.1' },
    { id: 'peer', address: '127.0.61.1', count: MOST.peer },
    { id: 'seeder', address: '127.0.61.201', count: MOST.seeder },
    { id: 'hostile', address: '127.0.61.231', count: MOST.hostile },
  ],
  endpoints: [
    { role: 'tracker', host: 'tracker', protocol: 'udp', port: TRACKER_PORT },
    { role: 'tracker', host: 'tracker', protocol: 'tcp', port: TRACKER_PORT, joins: 'swarm' },
    peers('peer'),
    peers('seeder'),
    peers('hostile'),
  ],
  roles: ['newcomer', 'free-rider'],
  actions: [
    { id: 'add-peer', arguments: [{ type: 'choice', id: 'brings', options: ['nothing', 'film'], value: 'nothing' }] },
    { id: 'leave', arguments: [PEER] },
    { id: 'crash', arguments: [PEER] },
    { id: 'seeder-leaves', arguments: [] },
    { id: 'strategy', arguments: [STRATEGY] },
    { id: 'slots', arguments: [SLOTS] },
    { id: 'links', arguments: [UP, DOWN] },
    { id: 'hostile', arguments: [{ type: 'choice', id: 'how', options: HOSTILITIES, value: 'bad-hash' }] },
    { id: 'kill-tracker', arguments: [] },
    { id: 'start-tracker', arguments: [] },
  ],
  steps: [
    { id: 'listen', match: { fact: 'socket.listened', role: 'peer*' } },
    { id: 'announce', match: said('/announce', undefined, 'http.request'), only: { tracker: ['http'] } },
    { id: 'announce-udp', match: said('Announce Request', undefined, 'tracker.message'), only: { tracker: ['udp'] } },
    { id: 'handshake', match: said('Handshake'), predict: 'gives' },
    { id: 'bitfield', match: said('Bitfield'), predict: 'first-piece' },
    { id: 'interested', match: said('Interested') },
    { id: 'unchoke', match: said('Unchoke') },
    { id: 'request', match: said('Request piece') },
    { id: 'piece', match: noted('"bt.have"') },
    { id: 'have', match: said('Have ') },
    { id: 'rarest', match: noted('"why":"rarest"') },
    { id: 'both', match: said('Piece ', 'peer-2') },
    { id: 'optimistic', match: noted('"why":"optimistic"'), only: { scenario: ['swarm', 'seeder-leaves', 'churn', 'hostile', 'free-rider'] } },
    { id: 'tit-for-tat', match: noted('"why":"slower"'), only: { scenario: ['swarm', 'seeder-leaves', 'churn', 'hostile', 'free-rider'] } },
    { id: 'free-rider', match: printed('gives nothing', 'free-rider'), predict: 'free-rider', only: { scenario: ['free-rider'] } },
    { id: 'newcomer', match: printed('comes in the middle', 'newcomer'), predict: 'newcomer', only: { scenario: ['newcomer'] } },
    { id: 'seeder-leaves', match: ended('seeder*', 'done'), predict: 'seeder-leaves', only: { scenario: ['seeder-leaves'] } },
    { id: 'starved', match: printed('nobody here has them'), only: { scenario: ['seeder-leaves'], leaves: ['early'] } },
    { id: 'crash', match: ended('peer*', 'killed'), only: { scenario: ['crash', 'churn'] } },
    { id: 'forgotten', match: printed('forgotten', 'tracker*'), only: { scenario: ['crash', 'churn'] } },
    { id: 'back', match: printed('is back with', 'peer*'), only: { scenario: ['churn'] } },
    { id: 'hostile', match: { fact: 'role.started', role: 'hostile*' }, only: { scenario: ['hostile'] } },
    { id: 'bad-hash', match: noted('"bt.bad"'), only: { scenario: ['hostile'], hostility: ['bad-hash'] } },
    { id: 'cut', match: printed('was cut off', 'hostile*'), only: { scenario: ['hostile'] } },
    { id: 'tracker-killed', match: ended('tracker*', 'killed'), only: { scenario: ['swarm'] } },
    { id: 'endgame', match: noted('"why":"endgame"'), only: { scenario: ['swarm', 'newcomer', 'seeder-leaves', 'crash', 'churn', 'hostile', 'free-rider'] } },
    { id: 'done', match: noted('"bt.done"') },
  ],
  predictions: [
    {
      id: 'gives',
      options: [
        { id: 'seeder', when: { compare: '>', left: given('seeder*'), right: given('peer*') } },
        { id: 'equal', when: { compare: '=', left: given('seeder*'), right: given('peer*') } },
        { id: 'peers', when: { always: true } },
      ],
    },
    {
      id: 'first-piece',
      options: [
        { id: 'zero', when: ZERO_FIRST },
        { id: 'another', when: { exists: FIRST_CHOICE } },
        { id: 'none', when: { always: true } },
      ],
    },
    {
      id: 'free-rider',
      options: [
        { id: 'never', when: { not: { exists: noted('"bt.done"', 'free-rider') } } },
        { id: 'last', when: { exists: printed('the last of', 'free-rider') } },
        { id: 'among', when: { always: true } },
      ],
    },
    {
      id: 'newcomer',
      options: [
        { id: 'seeder', when: { compare: '=', left: { bytes: { app: 'bittorrent.message', has: 'Piece ', role: 'peer*', to: 'newcomer' } }, right: 0 } },
        { id: 'peers', when: { compare: '=', left: { bytes: { app: 'bittorrent.message', has: 'Piece ', role: 'seeder*', to: 'newcomer' } }, right: 0 } },
        { id: 'all', when: { always: true } },
      ],
    },
    {
      id: 'seeder-leaves',
      options: [
        { id: 'starves', when: { exists: printed('nobody here has them') } },
        { id: 'goes-on', when: { exists: noted('"bt.done"', 'peer*') } },
        { id: 'ends', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'torrent', endpoint: 'tracker', command: 'curl -o /tmp/looplab.torrent http://{address}:{port}/film-1.torrent' },
    {
      id: 'aria2', endpoint: 'tracker',
      command: 'aria2c --enable-dht=false --enable-dht6=false --bt-enable-lpd=false --enable-peer-exchange=false --disable-ipv6=true --interface=127.0.0.1 --listen-port=6890-6899 --seed-time=10 --seed-ratio=0 --allow-overwrite=true --dir=/tmp http://{address}:{port}/film-1.torrent',
      lan: 'aria2c --enable-dht=false --enable-dht6=false --bt-enable-lpd=false --enable-peer-exchange=false --disable-ipv6=true --listen-port=6890-6899 --seed-time=10 --seed-ratio=0 --allow-overwrite=true --dir=/tmp http://{address}:{port}/film-1.torrent',
    },
    {
      id: 'transmission', endpoint: 'tracker',
      command: `mkdir -p /tmp/looplab && echo '{"dht-enabled":false,"lpd-enabled":false,"pex-enabled":false,"utp-enabled":false,"port-forwarding-enabled":false,"bind-address-ipv4":"127.0.0.1","bind-address-ipv6":"::1"}' > /tmp/looplab/settings.json && curl -so /tmp/looplab/film-1.torrent http://{address}:{port}/film-1.torrent && transmission-cli -M -et -p 6900 -g /tmp/looplab -w /tmp/looplab /tmp/looplab/film-1.torrent`,
    },
    { id: 'scrape', endpoint: 'tracker', command: 'curl -s http://{address}:{port}/scrape | cat -v' },
  ],
  stage: ['swarm', 'hosts', 'exchange', 'stack'],
  pacing: { axis: 'true', slowness: 3 },
  specifications: ['BEP 3', 'BEP 10', 'BEP 15', 'BEP 23'],
};
