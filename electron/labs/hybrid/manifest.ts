// What the hybrid lab says of itself: a directory that knows who is where, people who then talk directly. Pure data; the code that runs
// is in lab.ts and scenarios.ts, the words in lesson.<locale>.md.

import type { EndpointSpec, LabManifest, Parameter } from '../../../shared/lab/manifest';
import type { Condition, Matcher } from '../../../shared/trace/match';

/** The three of the course's picture, and the newcomer. */
export const PEOPLE = ['ann', 'bo', 'cho', 'dan'] as const;
export type Person = (typeof PEOPLE)[number];

/** What Ann asks Bo once the directory is dead. */
export const STILL_THERE = 'The directory is dead. Are you still there?';

const door = (person: Person): EndpointSpec => ({ role: person, host: person, protocol: 'tcp', port: 6700, optional: true });

const noted = (text: string, role?: string): Matcher => ({ fact: 'role.noted', text, ...(role !== undefined && { role }) });
const entry = (what: string): Matcher => noted(`"dir.entry","what":"${what}"`, 'directory*');
const book = (what: string): Matcher => noted(`"book.entry","what":"${what}"`);
const message = (what: string, role?: string): Matcher => noted(`"chat.message","what":"${what}"`, role);
const heardAfter: Matcher = { ...message('heard', 'bo*'), text: `"text":"${STILL_THERE}` };
const killed = (role: string): Matcher => ({ fact: 'role.ended', role, text: 'killed' });
/** What a caller prints when nobody answers at somebody's address. */
const NOT_THERE: Matcher = { fact: 'role.printed', text: 'is not at' };
const LOOK_UPS: Matcher = { app: 'http.request', has: 'GET /people/' };
const no = (matcher: Matcher): Condition => ({ not: { exists: matcher } });

const who = (value: Person): Parameter => ({ type: 'choice', id: 'who', options: PEOPLE, value });
const name = (value: string): Parameter => ({ type: 'text', id: 'name', maxLength: 32, value });

export const manifest: LabManifest = {
  id: 'hybrid',
  group: 'architectures',
  order: 4,
  parameters: [
    { type: 'choice', id: 'scenario', options: ['chat', 'directory-dies', 'stale', 'moves', 'leave', 'introduce'], value: 'directory-dies' },
    { type: 'text', id: 'message', maxLength: 200, value: 'Hi Bo! 점심 먹을까?' },
    { type: 'integer', id: 'lifetime', min: 2, max: 60, value: 6, unit: 's' },
    { type: 'boolean', id: 'remember', value: true },
  ],
  hosts: [
    { id: 'directory', address: '127.0.67.1' },
    { id: 'ann', address: '127.0.68.1' },
    { id: 'bo', address: '127.0.68.2' },
    { id: 'cho', address: '127.0.68.3' },
    { id: 'dan', address: '127.0.68.4' },
  ],
  endpoints: [{ role: 'directory', host: 'directory', protocol: 'tcp', port: 8100, wellKnown: 80 }, ...PEOPLE.map(door)],
  roles: [],
  actions: [
    { id: 'say', arguments: [who('ann'), name('bo'), { type: 'text', id: 'text', maxLength: 500, value: 'Are you there?' }] },
    { id: 'look-up', arguments: [who('ann'), name('bo')] },
    { id: 'join', arguments: [who('dan'), { type: 'choice', id: 'door', options: ['usual', 'other'], value: 'usual' }] },
    { id: 'leave', arguments: [who('cho')] },
    { id: 'crash', arguments: [who('bo')] },
    { id: 'introduce', arguments: [who('dan'), { type: 'choice', id: 'friend', options: PEOPLE, value: 'ann' }] },
    { id: 'kill-directory', arguments: [] },
    { id: 'start-directory', arguments: [] },
  ],
  steps: [
    { id: 'directory', match: { fact: 'socket.listened', role: 'directory*', err: '' } },
    { id: 'door', match: { fact: 'socket.listened', role: 'ann*', err: '' } },
    { id: 'register', match: { app: 'http.request', has: 'PUT /people/' } },
    { id: 'registered', match: entry('registered') },
    { id: 'look-up', match: LOOK_UPS, predict: 'way' },
    { id: 'found', match: entry('found') },
    { id: 'dial', match: { segment: 'syn', role: 'ann*', to: 'bo*' } },
    { id: 'message', match: message('heard', 'bo*'), predict: 'look-ups' },
    { id: 'book', match: noted('"book.entry","what":"learned","name":"ann","at":', 'bo*') },
    { id: 'reply', match: message('said', 'bo*') },
    { id: 'killed', match: killed('directory*'), only: { scenario: ['directory-dies', 'introduce'] } },
    { id: 'goes-on', match: heardAfter, predict: 'old-ones', only: { scenario: ['directory-dies', 'introduce'] } },
    { id: 'remembered', match: book('used'), only: { scenario: ['directory-dies', 'moves', 'introduce'] } },
    { id: 'newcomer', match: message('undelivered', 'dan*'), predict: 'newcomer', only: { scenario: ['directory-dies', 'introduce'] } },
    { id: 'introduced', match: noted('"book.entry","what":"learned"', 'dan*'), only: { scenario: ['introduce'] } },
    { id: 'crash', match: killed('bo*'), only: { scenario: ['stale', 'moves'] } },
    { id: 'stale', match: NOT_THERE, predict: 'stale', only: { scenario: ['stale', 'moves'] } },
    { id: 'expired', match: entry('expired'), only: { scenario: ['stale'] } },
    { id: 'absent', match: entry('absent'), only: { scenario: ['stale', 'leave'] } },
    { id: 'moved', match: message('heard', 'bo-2'), only: { scenario: ['stale', 'moves'] } },
    { id: 'refresh', match: entry('refreshed'), only: { scenario: ['stale'] } },
    { id: 'back', match: { ...entry('registered'), role: 'directory-2' }, only: { scenario: ['directory-dies'] } },
    { id: 'leave', match: { app: 'http.request', has: 'DELETE /people/' }, only: { scenario: ['leave'] } },
  ],
  predictions: [
    {
      id: 'way',
      options: [
        { id: 'none', when: no(message('heard')) },
        // Nobody but people hears people: the directory's host has sent and got no chat.
        { id: 'direct', when: { all: [{ exists: { segment: 'data', role: 'ann*', to: 'bo*' } }, no(message('heard', 'directory*'))] } },
        { id: 'through', when: { always: true } },
      ],
    },
    {
      id: 'look-ups',
      options: [
        { id: 'none', when: no(LOOK_UPS) },
        { id: 'each', when: { compare: '>=', left: { count: LOOK_UPS }, right: { count: message('said') } } },
        { id: 'fewer', when: { always: true } },
      ],
    },
    {
      id: 'old-ones',
      options: [
        { id: 'alive', when: no(killed('directory*')) },
        { id: 'goes-on', when: { before: [killed('directory*'), heardAfter] } },
        { id: 'breaks', when: { always: true } },
      ],
    },
    {
      id: 'newcomer',
      options: [
        { id: 'nobody', when: no({ fact: 'role.started', role: 'dan*' }) },
        { id: 'introduced', when: { exists: noted('"book.entry","what":"learned"', 'dan*') } },
        { id: 'refused', when: { all: [{ exists: { fact: 'connect.ended', role: 'dan*', err: 'ECONNREFUSED' } }, no(message('said', 'dan*'))] } },
        { id: 'finds', when: { always: true } },
      ],
    },
    {
      id: 'stale',
      options: [
        { id: 'well', when: no(killed('bo*')) },
        { id: 'book', when: { before: [book('used'), NOT_THERE] } },
        { id: 'old-address', when: { exists: NOT_THERE } },
        { id: 'new-address', when: { exists: message('heard', 'bo-2') } },
        { id: 'not-found', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'people', endpoint: 'directory', command: 'curl -i http://{address}:{port}/people' },
    { id: 'look-up', endpoint: 'directory', command: 'curl -i http://{address}:{port}/people/ann' },
    { id: 'register', endpoint: 'directory', command: `curl -i -X PUT -H 'Content-Type: application/json' -d '{"address":"127.0.0.1","port":6799,"lifetime":600}' http://{address}:{port}/people/you` },
    { id: 'door', endpoint: 'directory', command: 'nc -l 127.0.0.1 6799' },
    { id: 'talk', endpoint: 'ann', command: `(echo 'HELLO you 6799'; cat) | nc {address} {port}` },
    { id: 'leave', endpoint: 'directory', command: 'curl -i -X DELETE http://{address}:{port}/people/you' },
  ],
  stage: ['hosts', 'exchange', 'stack'],
  specifications: ['RFC 9110', 'RFC 9112', 'RFC 8259', 'RFC 9293'],
};
