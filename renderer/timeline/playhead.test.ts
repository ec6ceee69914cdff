import { describe, expect, it } from 'vitest';
import { scenario } from '../../shared/trace/fixture';
import { echoClosesEarly, listensOnLinux } from '../../shared/trace/fixtureScenes';
import { StoryBuilder } from '../../shared/trace/fold';
import type { Story } from '../../shared/trace/story';
import { BEAT, PacedAxis } from './pacing';
import { reduce, startingPlayhead, type Playhead, type PlayheadAction } from './playhead';

const { story } = echoClosesEarly().told();
const axis = new PacedAxis('each', story);
const END = story.moments.count;

/** The playhead after these actions. */
const after = (head: Playhead, ...actions: PlayheadAction[]): Playhead => actions.reduce((now, action) => reduce(now, action, story, axis), head);
const at = (position: number): Playhead => after(startingPlayhead(), { type: 'seek', position });
const tick = (ms: number, extra: Partial<Extract<PlayheadAction, { type: 'tick' }>> = {}): PlayheadAction => ({ type: 'tick', ms, live: false, jump: false, ...extra });
const times = (n: number, action: PlayheadAction): PlayheadAction[] => Array.from({ length: n }, () => action);
const NEXT: PlayheadAction = { type: 'step', by: 1 };
const BACK: PlayheadAction = { type: 'step', by: -1 };

describe('the playhead', () => {
  it('steps forwards and back to the same position, from anywhere', () => {
    for (let from = 0; from <= END; from++) {
      for (let n = 0; n <= END - from; n++) expect(after(at(from), ...times(n, NEXT), ...times(n, BACK)).position).toBe(from);
    }
  });

  it('stays within the story', () => {
    expect(after(at(0), BACK).position).toBe(0);
    expect(after(at(END), NEXT).position).toBe(END);
    expect([at(-4).position, at(1e9).position]).toEqual([0, END]);
    expect([after(at(3), { type: 'end' }).position, after(at(3), { type: 'home' }).position]).toEqual([END, 0]);
  });

  it('steps from between two moments to the nearest whole one', () => {
    expect([after(at(3.4), NEXT).position, after(at(3.4), BACK).position]).toEqual([4, 3]);
  });

  it('plays: one beat, one moment; twice as fast at speed 2', () => {
    const playing = after(at(0), { type: 'play' });
    expect(after(playing, tick(BEAT)).position).toBeCloseTo(1);
    expect(after(playing, tick(BEAT / 4)).position).toBeCloseTo(0.25);
    expect(after(playing, { type: 'speed', speed: 2 }, tick(BEAT)).position).toBeCloseTo(2);
    expect(after(playing, { type: 'pause' }, tick(BEAT)).position).toBe(0);
  });

  it('keeps its speed within bounds', () => {
    expect([after(at(0), { type: 'speed', speed: 1000 }).speed, after(at(0), { type: 'speed', speed: 0 }).speed]).toEqual([16, 0.05]);
  });

  it('stops at the end, and plays from the beginning when asked again', () => {
    const over = after(at(END - 1), { type: 'play' }, tick(10 * BEAT));
    expect([over.position, over.playing]).toEqual([END, false]);
    expect(after(over, { type: 'toggle' })).toMatchObject({ position: 0, playing: true });
  });

  it('goes on playing at the end while more may come', () => {
    expect(after(at(END - 1), { type: 'play' }, tick(10 * BEAT, { live: true }))).toMatchObject({ position: END, playing: true });
  });

  it('runs until a moment has happened, and no further', () => {
    const run = after(at(2), { type: 'runUntil', moment: 5 });
    expect(run).toMatchObject({ playing: true, target: 6 });
    expect(after(run, tick(2 * BEAT))).toMatchObject({ position: 4, playing: true });
    expect(after(run, tick(9 * BEAT))).toMatchObject({ position: 6, playing: false, target: null });
    expect(after(at(20), { type: 'runUntil', moment: 5 })).toMatchObject({ position: 6, playing: false });
  });

  it('waits at a gate until it is opened', () => {
    const gated = after(at(0), { type: 'gate', position: 4 }, { type: 'play' }, tick(50 * BEAT));
    expect(gated).toMatchObject({ position: 4, playing: false });
    expect(after(gated, NEXT).position).toBe(4);
    expect(after(gated, { type: 'end' }).position).toBe(4);
    expect(after(gated, BACK).position).toBe(3);
    expect(after(gated, { type: 'gate', position: null }, NEXT).position).toBe(5);
    expect(after(at(9), { type: 'gate', position: 4 })).toMatchObject({ position: 4, playing: false });
  });

  it('jumps from moment to moment with reduced motion, as slowly as it would glide', () => {
    const playing = after(at(0), { type: 'play' });
    const quarter = tick(BEAT / 4, { jump: true });
    expect(after(playing, ...times(3, quarter)).position).toBe(0);
    expect(after(playing, ...times(4, quarter)).position).toBe(1);
    expect(after(playing, ...times(12, quarter)).position).toBe(3);
    expect(after(playing, tick(2.5 * BEAT, { jump: true })).position).toBe(2);
    expect(after(at(1.5), { type: 'play' }, ...times(2, quarter)).position).toBe(2);
  });

  it('moves over moments of one instant at once', () => {
    const s = scenario();
    s.step = 0;
    const client = s.role('client', '127.0.0.2', 'client');
    for (let n = 0; n < 5; n++) client.print('now');
    s.wait(100);
    client.print('later');
    const { story: flat } = s.told();
    const real = new PacedAxis('true', flat);
    let head = reduce(startingPlayhead(), { type: 'play' }, flat, real);
    head = reduce(head, tick(310), flat, real);
    expect(head.position).toBeCloseTo(6.1);
    head = reduce(reduce({ ...head, position: 2 }, { type: 'play' }, flat, real), tick(10), flat, real);
    expect(head.position).toBeCloseTo(6.1);
  });
});

describe('stepping on one connection', () => {
  const s = scenario();
  const listener = s.role('server', '127.0.20.1', 'server').listen(7);
  const client = s.role('client', '127.0.20.2', 'client');
  const one = client.connect({ address: '127.0.20.1', port: 7 });
  const other = client.connect({ address: '127.0.20.1', port: 7 });
  const [p, q] = [listener.accept(), listener.accept()];
  for (let n = 0; n < 3; n++) {
    one?.send('a');
    other?.send('b');
    q.recv();
    p.recv();
  }
  const told = s.told().story;
  const each = new PacedAxis('each', told);
  const move = (head: Playhead, by: 1 | -1): Playhead => reduce(head, { type: 'stepOnConnection', conn: 1, by }, told, each);
  const connOf = (head: Playhead): number | null => told.moments.at(head.position - 1).conn;

  it('visits just its moments, and the same ones on the way back', () => {
    const own = told.momentsOf(1 as Parameters<Story['momentsOf']>[0]);
    let head = startingPlayhead();
    const there: number[] = [];
    for (let n = 0; n < own.length; n++) {
      head = move(head, 1);
      expect(connOf(head)).toBe(1);
      there.push(head.position);
    }
    expect(new Set(there).size).toBe(own.length);
    expect(move(head, 1).position).toBe(head.position);
    const back = [head.position];
    for (let n = 1; n < own.length; n++) back.push((head = move(head, -1)).position);
    expect(back).toEqual(there.reverse());
    expect(move(head, -1).position).toBe(own.at(0));
    expect(move(move(head, -1), -1).position).toBe(own.at(0));
  });
});

describe('the playhead of a growing trace', () => {
  const AT = { address: '127.0.20.1', port: 7 };

  function growing() {
    const s = scenario();
    const listener = s.role('server', AT.address, 'server').listen(AT.port);
    const client = s.role('client', '127.0.20.2', 'client');
    const trace = s.trace();
    const builder = new StoryBuilder(trace);
    builder.advance();
    return { s, listener, client, builder, line: new PacedAxis('each', builder.story) };
  }

  it('stays at the moment where it stands when inferred ones are put before it', () => {
    const { s, client, builder, line } = growing();
    const calling = client.dial(AT);
    client.print('waiting');
    s.trace();
    builder.advance();
    line.extend();
    const head = reduce(startingPlayhead(), { type: 'seek', position: builder.story.moments.count }, builder.story, line);
    calling.end();
    s.trace();
    builder.advance();
    line.extend();
    const now = reduce(head, { type: 'grew' }, builder.story, line);
    const shown = builder.story.moments.at(now.position - 1).seq;
    expect(s.trace().at(shown ?? -1).kind).toBe('role.printed');
    expect(now.position - head.position).toBe(3);
    expect(reduce({ ...head, target: head.position + 2 }, { type: 'grew' }, builder.story, line).target).toBe(head.position + 5);
  });

  it('keeps at the end when it follows, until it is moved', () => {
    const { s, client, builder, line } = growing();
    let head = reduce(startingPlayhead(), { type: 'follow', following: true }, builder.story, line);
    expect(head.position).toBe(builder.story.moments.count);
    client.print('more');
    s.trace();
    builder.advance();
    line.extend();
    head = reduce(head, { type: 'grew' }, builder.story, line);
    expect(head.position).toBe(builder.story.moments.count);
    head = reduce(head, BACK, builder.story, line);
    expect(head.following).toBe(false);
    client.print('and more');
    s.trace();
    builder.advance();
    line.extend();
    expect(reduce(head, { type: 'grew' }, builder.story, line).position).toBe(head.position);
  });
});

it('finds its place again after a call that nobody saw', () => {
  const { story: told } = listensOnLinux().told();
  const own = new PacedAxis('each', told);
  const place = told.momentOfCall(0) + 1;
  const head = reduce(startingPlayhead(), { type: 'seek', position: place }, told, own);
  expect(reduce({ ...head, position: place - 1 }, { type: 'grew' }, told, own).position).toBe(place);
});
