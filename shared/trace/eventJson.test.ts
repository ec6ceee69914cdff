import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { eventJson, eventJsonSchema, type EventJson } from './eventJson';
import type { Scenario } from './fixture';
import { connectRefused, echoClosesEarly, echoHalfCloses, udpUppercase } from './fixtureScenes';

function events(scene: Scenario, payload = false): EventJson[] {
  const { story, trace } = scene.told();
  return Array.from({ length: trace.count }, (_, seq) => eventJson(trace, story, seq, { payload }));
}
const ofKind = (list: readonly EventJson[], kind: string): EventJson[] => list.filter((event) => event.kind === kind);

describe('eventJson', () => {
  it.each([['echoClosesEarly', echoClosesEarly], ['echoHalfCloses', echoHalfCloses], ['udpUppercase', udpUppercase], ['connectRefused', connectRefused]])('fits its schema: %s', (_name, scene) => {
    for (const payload of [false, true]) {
      for (const event of events(scene(), payload)) expect(v.safeParse(eventJsonSchema, JSON.parse(JSON.stringify(event))).issues, JSON.stringify(event)).toBeUndefined();
    }
  });

  it('gives host, role and connection by the names that the lab uses', () => {
    const [sent] = ofKind(events(echoClosesEarly()), 'bytes.sent');
    expect(sent).toEqual({
      seq: sent?.seq, t_us: 130, evidence: 'observed', kind: 'bytes.sent', host: 'client', role: 'client', conn: 1, sock: 2, err: null, text: null,
      result: 10, offset: 0, size: 10,
    });
  });

  it('has the same keys first on each line', () => {
    for (const event of events(echoClosesEarly())) {
      expect(Object.keys(event).slice(0, 10)).toEqual(['seq', 't_us', 'evidence', 'kind', 'host', 'role', 'conn', 'sock', 'err', 'text']);
    }
  });

  it('gives payload only when asked', () => {
    expect(JSON.stringify(events(echoClosesEarly()))).not.toContain('payload');
    const [sent] = ofKind(events(echoClosesEarly(), true), 'bytes.sent');
    expect(sent).toMatchObject({ payload: Buffer.from('GET READY\n').toString('base64'), kept: 10, size: 10 });
    for (const event of events(echoClosesEarly(), true)) expect('payload' in event).toBe((event.size ?? 0) > 0);
  });

  it('numbers an accept() with the connection that it returns', () => {
    expect(ofKind(events(echoClosesEarly()), 'connection.accepted')).toMatchObject([{ conn: 1, accepted: 3, sock: 1 }]);
  });

  it('says errors and endpoints', () => {
    const [ended] = ofKind(events(connectRefused()), 'connect.ended');
    expect(ended).toMatchObject({ err: 'ECONNREFUSED', remote: { address: '127.0.20.1', port: 7007 } });
  });

  it('opens what the scene says of itself', () => {
    const list = events(udpUppercase());
    expect(ofKind(list, 'lab.started')[0]?.about).toMatchObject({ lab: 'udp-uppercase', params: {} });
    expect(ofKind(list, 'role.started').map((event) => event.about?.['kind'])).toEqual(['server', 'client']);
    expect(ofKind(list, 'datagram.sent')[0]).toMatchObject({ result: 5, size: 5, remote: { port: 12_000 } });
  });
});
