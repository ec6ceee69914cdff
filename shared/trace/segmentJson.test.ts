import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { connectRefused, echoClosesEarly, echoHalfCloses, udpUppercase } from './fixtureScenes';
import { segmentJson, segmentJsonSchema } from './segmentJson';

describe('segmentJson', () => {
  it.each([['echoClosesEarly', echoClosesEarly], ['echoHalfCloses', echoHalfCloses], ['udpUppercase', udpUppercase], ['connectRefused', connectRefused]])('fits its schema: %s', (_name, scene) => {
    const { trace, story } = scene().told();
    for (let id = 0; id < story.segments.count; id++) {
      const printed: unknown = JSON.parse(JSON.stringify(segmentJson(trace, story, id, { payload: true })));
      expect(v.safeParse(segmentJsonSchema, printed).issues).toBeUndefined();
    }
  });

  it('names the rule of an inferred one, and the facts that it follows from', () => {
    const { trace, story } = connectRefused().told();
    expect(segmentJson(trace, story, 1)).toMatchObject({
      evidence: 'inferred', rule: 'tcp.refused', from: [5, 6], kind: 'rst', from_host: 'server', to_host: 'client',
      source: { address: '127.0.20.1', port: 7007 }, flags: ['RST', 'ACK'], sent: null, received: 6,
    });
  });

  it('gives the bytes of an observed one only when asked', () => {
    const { trace, story } = udpUppercase().told();
    expect(segmentJson(trace, story, 0)).not.toHaveProperty('payload');
    expect(segmentJson(trace, story, 0, { payload: true })).toMatchObject({ evidence: 'observed', rule: null, from: [], payload: 'aGVsbG8=', size: 5, fate: 'read' });
  });
});
