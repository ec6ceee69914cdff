import { describe, expect, it } from 'vitest';
import type { LabManifest } from '../../shared/lab/manifest';
import { tinyLab } from '../runtime/lab.fixture';
import { theFaults } from './faults';

const tiny = tinyLab('127.0.203.1', 7208);
const manifest: LabManifest = {
  ...tiny.manifest,
  endpoints: [...tiny.manifest.endpoints, { role: 'wire', host: 'server', protocol: 'tcp', port: 7209, relay: true }, { role: 'air', host: 'server', protocol: 'udp', port: 7209, relay: true }],
};
const read = (...texts: string[]): unknown => theFaults({ lab: { ...tiny, manifest }, lessons: new Map() }, texts);

describe('--fault', () => {
  it('says what relays begin with; what is named twice has its last value', () => {
    expect(read('wire.delay=20', 'air.loss=12.5', 'wire.stalled=true', 'air.seed=7', 'wire.delay=30')).toEqual({ wire: { faults: { delay: 30, stalled: true } }, air: { seed: 7, faults: { loss: 12.5 } } });
    expect(read()).toEqual({});
  });

  it.each([
    ['delay=20', '--fault is relay.fault=value'],
    ['server.delay=20', 'lab tiny has no relay "server"'],
    ['__proto__.delay=20', '--fault is relay.fault=value'],
    ['wire.loss=5', 'a tcp relay has no fault "loss"; it has: delay, jitter, bandwidth, stalled, cutAfter, resetAfter'],
    ['wire.delay=soon', 'delay is a number from 0 to 60000 (ms), not "soon"'],
    ['wire.bandwidth=1.5', 'bandwidth is a whole number from 0 to 1000000000 (B/s)'],
    ['wire.stalled=1', 'stalled is true or false'],
    ['air.loss=101', 'loss is a number from 0 to 100 (%)'],
    ['air.seed=-1', 'a seed is a whole number'],
  ])('refuses %s: %s', (text, message) => expect(() => read(text)).toThrow(message));

  it('names what there is', () => {
    const hint: unknown = expect.stringContaining('air             loss (%), duplicate (%), reorder (%), corrupt (%), delay (ms), jitter (ms), seed');
    expect(() => read('x.delay=1')).toThrow(expect.objectContaining({ hint }));
  });
});
