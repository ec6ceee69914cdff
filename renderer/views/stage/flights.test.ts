import { describe, expect, it } from 'vitest';
import { scenario } from '../../../shared/trace/fixture';
import { connectRefused, echoClosesEarly, udpUppercase } from '../../../shared/trace/fixtureScenes';
import { BEAT, PACINGS, PacedAxis } from '../../timeline/pacing';
import { FLIGHT_MS, bytesOnTheWay, flightsAround, isVisible, progressOf, type Flight } from './flights';

const told = echoClosesEarly().told();

describe('flights', () => {
  it('take one beat where every moment has one', () => {
    const axis = new PacedAxis('each', told.story);
    for (let position = 1; position <= told.story.moments.count; position++) {
      const flight = flightsAround(told.story, axis, position).at(-1);
      if (flight === undefined || told.story.moments.at(position - 1).segment === null) continue;
      expect(flight.end - flight.start).toBeLessThanOrEqual(BEAT);
      if (flight.segment.receivedSeq !== null || flight.segment.arrive === null) expect(flight.end - flight.start).toBe(Math.min(BEAT, FLIGHT_MS));
    }
  });

  it('can be seen in every pacing at the moment of sending, and never outlast the bound', () => {
    for (const pacing of PACINGS) {
      const axis = new PacedAxis(pacing, told.story);
      for (let id = 0; id < told.story.segments.count; id++) {
        const position = told.story.momentOfSegment(id) + 1;
        const flight = flightsAround(told.story, axis, position).find((one) => one.segment.id === id) as Flight;
        expect([pacing, id, isVisible(flight, axis.at(position))]).toEqual([pacing, id, true]);
        expect(flight.end - flight.start).toBeLessThanOrEqual(FLIGHT_MS);
      }
    }
  });

  it('have landed when the receiver has taken the bytes', () => {
    for (const pacing of PACINGS) {
      const axis = new PacedAxis(pacing, told.story);
      for (let id = 0; id < told.story.segments.count; id++) {
        const { receivedSeq } = told.story.segments.at(id);
        if (receivedSeq === null) continue;
        const flight = flightsAround(told.story, axis, told.story.momentOfSegment(id) + 1).find((one) => one.segment.id === id) as Flight;
        expect(progressOf(flight, axis.at(told.story.momentOfFact(receivedSeq) + 1))).toBeGreaterThanOrEqual(1);
      }
    }
  });

  it('come from the position alone: from before or from after, it is the same', () => {
    const axis = new PacedAxis('squeezed', told.story);
    const shown = (position: number): number[] => flightsAround(told.story, axis, position).map((flight) => flight.segment.id);
    const forwards = Array.from({ length: told.story.moments.count }, (_, position) => shown(position));
    const backwards = Array.from({ length: told.story.moments.count }, (_, n) => shown(told.story.moments.count - 1 - n)).reverse();
    expect(forwards).toEqual(backwards);
  });

  it('fill the buffer only when they land', () => {
    const axis = new PacedAxis('each', told.story);
    const id = Array.from({ length: told.story.segments.count }, (_, n) => told.story.segments.at(n)).find((segment) => segment.kind === 'data') as Flight['segment'];
    const position = told.story.momentOfSegment(id.id) + 1;
    const flights = flightsAround(told.story, axis, position);
    expect(bytesOnTheWay(flights, axis.at(position), id.toSock as number)).toBe(10);
    expect(bytesOnTheWay(flights, axis.at(position) + BEAT, id.toSock as number)).toBe(0);
  });

  it('end at a shut door when the socket was closed before', () => {
    const s = scenario();
    const listener = s.role('server', '127.0.20.1', 'server').listen(7);
    const c = s.role('client', '127.0.20.2', 'client').connect({ address: '127.0.20.1', port: 7 });
    const p = listener.accept();
    c?.close();
    p.send('late');
    const { story } = s.told();
    const axis = new PacedAxis('each', story);
    const late = flightsAround(story, axis, story.moments.count).find((flight) => flight.segment.kind === 'data');
    expect(late?.outcome).toBe('refused');
  });

  it('mark what nobody takes: a SYN to a port without a listener, a datagram that never arrives', () => {
    const refused = connectRefused().told().story;
    const asked = flightsAround(refused, new PacedAxis('each', refused), refused.momentOfSegment(0) + 1);
    expect(asked.map((flight) => `${flight.segment.kind} ${flight.outcome}`)).toEqual(['syn refused']);
    const udp = udpUppercase().told().story;
    const last = udp.momentOfSegment(udp.segments.count - 1) + 1;
    expect(flightsAround(udp, new PacedAxis('each', udp), last).at(-1)?.outcome).toBe('lost');
  });
});
