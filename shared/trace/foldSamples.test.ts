// What the kernel's socket table said, told by socket: beside the story, never in it.

import { describe, expect, it } from 'vitest';
import { must } from '../base/assert';
import { sockId } from '../base/brand';
import { eventJson } from './eventJson';
import { scenario } from './fixture';
import { kernelSample, lastSample } from './foldSamples';
import { textLadder } from './textLadder';

const HERE = { address: '127.0.77.1', port: 40_001 };
const THERE = { address: '127.0.77.2', port: 7080 };

/** A connection whose kernel was asked at times. */
function scene(samples: boolean) {
  const s = scenario();
  const server = s.role('server', THERE.address, 'server');
  const listener = server.listen(THERE.port);
  const client = s.role('client', HERE.address, 'client');
  const dialled = must(client.connect(listener.endpoint), 'connected');
  const sock = dialled.sock;
  const sampled = (text: string, fields: object = {}): void => {
    if (samples) s.fact('socket.sampled', { sock, local: HERE, remote: THERE, text, ...fields });
    else s.wait(10);
  };
  sampled('ESTABLISHED', { a: 100, b: 7 });
  const accepted = listener.accept();
  sampled('ESTABLISHED', { a: 0, b: 0, size: 4, offset: 200 });
  dialled.close();
  accepted.close();
  sampled('TIME_WAIT', { sock: 0, size: 3, offset: 60_000 });
  return { s, sock, ...s.told() };
}

describe('samples of the socket table', () => {
  it('belong to the socket, past its close()', () => {
    const { trace, story, sock } = scene(true);
    const samples = story.samplesOf(sockId(sock));
    const all = Array.from({ length: samples.length }, (_, i) => kernelSample(trace, samples.at(i)));
    expect(all).toMatchObject([
      { name: 'ESTABLISHED', state: 'ESTABLISHED', send: 100, receive: 7, timer: null },
      { send: 0, receive: 0, timer: 'windowProbe', left: 200_000 },
      { name: 'TIME_WAIT', state: 'TIME_WAIT', timer: 'timeWait', left: 60_000_000 },
    ]);
    expect(lastSample(trace, samples, -1)).toBeNull();
    expect(lastSample(trace, samples, must(all[1], 'second').t)?.timer).toBe('windowProbe');
    expect(lastSample(trace, samples, Infinity)?.name).toBe('TIME_WAIT');
  });

  it('are no moments, no facts of a role or socket, no rows of the ladder', () => {
    const [asked, alone] = [scene(true), scene(false)];
    expect(textLadder(asked.story, asked.trace)).toBe(textLadder(alone.story, alone.trace));
    expect(asked.story.moments.count).toBe(alone.story.moments.count);
    expect(must(asked.story.socket(sockId(asked.sock)), 'socket').facts.length).toBe(must(alone.story.socket(sockId(alone.sock)), 'socket').facts.length);
  });

  it('keep a pair of endpoints that comes again apart from the one before', () => {
    const s = scenario();
    const sampled = (sock: number, text: string): number => s.fact('socket.sampled', { sock, local: HERE, remote: THERE, text });
    sampled(0, 'ESTABLISHED');
    sampled(0, 'GONE');
    sampled(0, 'SYN_SENT');
    const { story } = s.told();
    expect(Array.from({ length: story.kernel.count }, (_, i) => story.kernel.at(i).samples.length)).toEqual([2, 1]);
    expect(story.kernel.at(1)).toMatchObject({ sock: null, local: HERE, remote: THERE });
  });

  it('say in JSON what the table does not tell by leaving it out', () => {
    const s = scenario();
    s.fact('socket.sampled', { sock: 0, local: { address: '/run/one.sock', port: 0 }, a: -1, b: -1, text: 'LISTEN' });
    s.fact('socket.sampled', { sock: 0, local: HERE, a: 5, b: 0, text: 'ESTABLISHED', size: 4, offset: 210 });
    const { trace, story } = s.told();
    expect(eventJson(trace, story, 1)).not.toHaveProperty('send_queue');
    expect(eventJson(trace, story, 2, { payload: true })).toMatchObject({ send_queue: 5, receive_queue: 0, timer: 'window_probe', timer_ms: 210, text: 'ESTABLISHED' });
    expect(eventJson(trace, story, 2, { payload: true })).not.toHaveProperty('payload');
  });
});
