// The service as its clients saw it: every request with its end, the lives of servers through kill and restart, counts up to any time.
import { describe, expect, it } from 'vitest';
import { folded } from '../app/appScene.fixture';
import { AppBuilder } from '../app/appBuilder';
import { everyOutcome, serviceScene } from './service.fixture';
import { isGood, OUTCOMES, programsOf, serviceNotes, totalAt } from './serviceStory';

describe('the service', () => {
  const { app, story } = folded(everyOutcome().s);
  const notes = serviceNotes(app);

  it('has each request with how it ended', () => {
    expect(notes.requests.map((one) => `${story.role(one.client)?.id} ${one.number} ${one.ended?.how ?? 'waits'}`)).toEqual([
      'client-1 1 ok', 'client-2 1 slow', 'client-1 2 reset', 'client-2 2 error', 'client-1 3 refused', 'client-2 3 timeout', 'client-1 4 cut', 'client-2 4 ok', 'client-1 5 waits',
    ]);
    expect(notes.failovers).toMatchObject([{ to: '127.0.65.2:8080', why: 'error' }]);
    expect(notes.chosen.map(({ note }) => note.server)).toEqual(['server-1', 'server-2', 'server-1']);
    expect(notes.states.map(({ by, note }) => `${story.role(by)?.id} ${note.what}`)).toEqual(['server-2 hangs', 'server-2 answers']);
  });

  it('tells balancers from servers, and both lives of a server that was started again', () => {
    const programs = programsOf(story, notes);
    expect(programs.map(({ id, kind, lives }) => [id, kind, lives.map(({ id: name, end }) => `${name} ${end?.how ?? 'runs'}`)])).toEqual([
      ['balancer-1', 'balancer', ['balancer-1 runs']], ['server-1', 'server', ['server-1 killed', 'server-1-2 runs']], ['server-2', 'server', ['server-2 runs']],
    ]);
    expect(programs[1]?.lives[1]?.start).toBeGreaterThan(programs[1]?.lives[0]?.end?.at ?? Infinity);
  });

  it('counts a late answer as an answer, and what waits as neither', () => {
    const total = totalAt(notes.requests, Number.MAX_VALUE);
    expect(total).toMatchObject({ ended: 8, good: 3, waiting: 1, median: 20, late: 300 });
    expect(total.counts).toEqual({ ok: 2, slow: 1, refused: 1, reset: 1, timeout: 1, error: 1, cut: 1 });
    expect(OUTCOMES.filter(isGood)).toEqual(['ok', 'slow']);
  });

  it('knows nothing of what is still to come', () => {
    const second = notes.requests[1];
    expect(totalAt(notes.requests, (second?.asked ?? 0) + 1)).toMatchObject({ ended: 1, good: 1, waiting: 1, late: 20 });
    expect(totalAt(notes.requests, -1)).toMatchObject({ ended: 0, waiting: 0, median: null });
  });
});

it('folds only what is new', () => {
  const { s, request } = serviceScene();
  const client = s.role('client-1', '127.0.64.1', 'client');
  request(client, 1, 'ok', 5);
  const { trace, story, builder } = s.told();
  const app = new AppBuilder(trace, story);
  app.advance();
  expect(serviceNotes(app.app).requests).toHaveLength(1);
  request(client, 2, 'refused', 1);
  s.trace();
  builder.advance();
  app.advance();
  expect(serviceNotes(app.app).requests.map(({ ended }) => ended?.how)).toEqual(['ok', 'refused']);
});

it('takes no harm from notes that say nonsense', () => {
  const { s, note } = serviceScene();
  const client = s.role('client-1', '127.0.64.1', 'client');
  note(client.role, { topic: 'service.ended', number: 9, to: 'x', how: 'ok', by: '', status: 200, ms: 1 });
  note(client.role, { topic: 'service.asked', number: 1, to: 'x' });
  note(client.role, { topic: 'service.ended', number: 1, to: 'x', how: 'eaten' as 'ok', by: '', status: 200, ms: 1 });
  expect(serviceNotes(folded(s).app).requests).toMatchObject([{ number: 1, ended: null }]);
});
