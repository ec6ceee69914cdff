import { expect, it } from 'vitest';
import { must } from '../base/assert';
import { describeMoment } from './describe';
import { scenario } from './fixture';
import { chosenMoment, selectionOf } from './selection';
import { textLadder } from './textLadder';

type Told = Pick<ReturnType<ReturnType<typeof scenario>['told']>, 'story' | 'trace'>;

const SERVER = { address: '127.0.20.1', port: 7013 };

/** A server binds and listens, a client connects, on that platform. */
function told(platform: string): Told {
  const s = scenario('daytime', platform);
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  s.role('client', '127.0.10.1', 'client').connect(SERVER);
  listener.accept();
  return s.told();
}

const calls = ({ story, trace }: Told): string[] =>
  Array.from({ length: story.moments.count }, (_, index) => describeMoment(story, trace, story.moments.at(index))?.call ?? '').filter((call) => /^(socket|setsockopt|bind|listen)/.test(call));

it('sets SO_REUSEADDR between socket() and bind(), as the runtime does, and says that nobody saw it', () => {
  const run = told('linux');
  expect(calls(run).slice(0, 4)).toEqual(['socket(AF_INET, SOCK_STREAM)', 'setsockopt(SO_REUSEADDR=1)', 'bind(127.0.20.1:7013)', 'listen(511)']);
  const call = run.story.calls.at(0);
  const { provenance } = call;
  expect(provenance).toMatchObject({ evidence: 'inferred', rule: 'socket.reuseaddr' });
  expect(provenance.evidence === 'inferred' && provenance.from.map((seq) => run.trace.kind(seq))).toEqual(['socket.bound']);
  const moment = run.story.moments.at(run.story.momentOfCall(call.id));
  expect(moment).toMatchObject({ seq: null, segment: null, call: 0, evidence: 'inferred', trouble: false });
  expect(run.story.role(must(moment.role, 'a role'))?.id).toBe('server');
  expect(textLadder(run.story, run.trace, { stable: true })).toContain('server  ·· setsockopt(SO_REUSEADDR=1)');
});

it('keeps to what is known: not on Windows, and not when the trace does not say where it was made', () => {
  for (const platform of ['win32', '']) expect(told(platform).story.calls.count).toBe(0);
});

it('keeps its place and its time among its neighbours, and can be chosen', () => {
  const { story } = told('linux');
  for (let index = 1; index < story.moments.count; index++) expect(story.momentTime(index)).toBeGreaterThanOrEqual(story.momentTime(index - 1));
  for (let index = 0; index < story.moments.count; index++) {
    const moment = story.moments.at(index);
    expect(chosenMoment(story, must(selectionOf(moment), 'a selection'))).toBe(index);
  }
});

it('is made before a bind() that fails, too, and never for a datagram socket', () => {
  const s = scenario('daytime', 'linux');
  s.role('server', SERVER.address, 'server').listen(SERVER.port);
  s.fact('socket.opened', { role: 1, sock: 90, a: 30, b: 1, text: 'AF_INET' });
  s.fact('socket.bound', { role: 1, sock: 90, local: SERVER, err: 'EADDRINUSE' });
  s.fact('socket.opened', { role: 1, sock: 91, a: 31, b: 2, text: 'AF_INET' });
  s.fact('socket.bound', { role: 1, sock: 91, local: SERVER });
  const run = s.told();
  expect(Array.from({ length: run.story.calls.count }, (_, id) => run.story.calls.at(id).sock)).toEqual([1, 90]);
});

it('belongs to the connection of its socket once that has one', () => {
  const s = scenario('daytime', 'linux');
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const client = s.role('client', '127.0.10.1', 'client');
  const local = { address: '127.0.10.1', port: 40_500 };
  s.fact('socket.opened', { role: 2, sock: 50, a: 40, b: 1, text: 'AF_INET' });
  s.fact('socket.bound', { role: 2, sock: 50, local });
  s.fact('connect.started', { role: 2, sock: 50, remote: SERVER });
  s.fact('connect.ended', { role: 2, sock: 50, local, remote: SERVER });
  void [listener, client];
  const { story, trace } = s.told();
  const call = story.calls.at(story.calls.count - 1);
  const conn = must(call.conn, 'a connection');
  const own = story.momentsOf(conn);
  const said = Array.from({ length: own.length }, (_, place) => describeMoment(story, trace, story.moments.at(own.at(place)))?.call ?? 'segment');
  expect(said.slice(0, 3)).toEqual(['socket(AF_INET, SOCK_STREAM)', 'setsockopt(SO_REUSEADDR=1)', `bind(${local.address}:${local.port})`]);
});

it('leaves out a socket that could not be made', () => {
  const s = scenario('daytime', 'linux');
  s.role('server', SERVER.address, 'server');
  s.fact('socket.opened', { role: 1, sock: 1, a: -1, b: 1, err: 'EMFILE', text: 'AF_INET' });
  expect(s.told().story.sockets.count).toBe(0);
});
