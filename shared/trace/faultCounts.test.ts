import { describe, expect, it } from 'vitest';
import { FaultCounter } from './faultCounts';
import { scenario } from './fixture';

describe('what a relay did', () => {
  it('is counted up to the playhead, and goes on with the trace', () => {
    const s = scenario();
    const relay = s.role('relay', '127.0.9.1', 'relay');
    const other = s.role('client', '127.0.9.2', 'client');
    const fault = (text: string, size: number): number => s.fact('fault.applied', { role: relay.role, b: 1, text, size });
    fault('delay', 10);
    fault('loss', 20);
    s.fact('fault.applied', { role: other.role, b: 1, text: 'loss', size: 99 });
    fault('delay', 30);
    const { trace, story, builder } = s.told();
    const counter = new FaultCounter(trace, story);
    expect(counter.at('relay', story.moments.count)).toEqual([{ fault: 'delay', times: 2, bytes: 40 }, { fault: 'loss', times: 1, bytes: 20 }]);
    const last = story.moments.count - 1;
    expect(counter.at('relay', last)).toEqual([{ fault: 'delay', times: 1, bytes: 10 }, { fault: 'loss', times: 1, bytes: 20 }]);
    expect(counter.at('relay', 0)).toEqual([]);
    expect(counter.at('client', story.moments.count)).toEqual([]);
    fault('cut', 0);
    s.trace();
    builder.advance();
    expect(counter.at('relay', story.moments.count).at(-1)).toEqual({ fault: 'cut', times: 1, bytes: 0 });
  });
});
