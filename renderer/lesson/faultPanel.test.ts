// The faults panel: relays of the lab with what they do, presets, numbers that are checked, what is asked for before a run.
import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { RelayStarts, RelayState } from '../../shared/ipc/contract';
import { FAULT_PRESETS, NO_TCP_FAULTS, NO_UDP_FAULTS, type FaultSpec } from '../../shared/lab/faults';
import type { LabManifest } from '../../shared/lab/manifest';
import type { FaultCount } from '../../shared/trace/faultCounts';
import { i18n } from '../i18n/i18n';
import FaultPanel from './FaultPanel.vue';
import { sliderOf, typedValue, valueAt, type NumberFault } from './faultScale';

const manifest: LabManifest = {
  id: 'x', group: 'sockets', order: 1, parameters: [], steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [], actions: [], hosts: [{ id: 'wire', address: '127.0.1.1' }],
  endpoints: [
    { role: 'server', host: 'wire', protocol: 'tcp', port: 1 }, { role: 'stream', host: 'wire', protocol: 'tcp', port: 2, relay: true }, { role: 'air', host: 'wire', protocol: 'udp', port: 3, relay: true },
  ],
};
const state = (faults: Partial<typeof NO_TCP_FAULTS> = {}): RelayState => ({ id: 'stream', protocol: 'tcp', seed: 1, faults: { ...NO_TCP_FAULTS, ...faults } });

const panel = (more: { relays?: RelayState[]; starts?: RelayStarts; counts?: FaultCount[]; error?: string } = {}): VueWrapper =>
  mount(FaultPanel, {
    props: { manifest, relays: more.relays ?? [], starts: more.starts ?? {}, live: (more.relays ?? []).length > 0, nameOf: (id: string) => `the ${id}`, countsOf: (id: string) => (id === 'stream' ? (more.counts ?? []) : []), error: more.error ?? '' },
    global: { plugins: [i18n] },
  });
const field = (mounted: VueWrapper, relay: string, fault: string) => mounted.get(`[data-relay="${relay}"] [data-fault="${fault}"] input`);
const shown = (mounted: VueWrapper, relay: string, fault: string): string => (field(mounted, relay, fault).element as HTMLInputElement).value;

describe('the panel', () => {
  it('shows each relay with the faults of its layer, and only what is known', () => {
    const mounted = panel();
    expect(mounted.findAll('[data-relay]').map((one) => one.attributes('data-relay'))).toEqual(['stream', 'air']);
    expect(mounted.findAll('[data-relay="air"] [data-fault]').map((one) => one.attributes('data-fault'))).toEqual(['loss', 'duplicate', 'reorder', 'corrupt', 'delay', 'jitter']);
    expect(mounted.get('[data-relay="stream"]').text()).toContain('the kernel never sees a lost segment');
    expect(shown(mounted, 'stream', 'delay')).toBe('');
    expect(field(mounted, 'stream', 'delay').attributes('placeholder')).toBe('lab’s');
  });

  it('shows what a relay that runs does; one that does not run in this run is said to be absent', () => {
    const mounted = panel({ relays: [state({ delay: 20 })] });
    expect(shown(mounted, 'stream', 'delay')).toBe('20');
    expect(mounted.get('[data-relay="air"] summary').text()).toContain('not in this run');
  });

  it('asks for a value once it is settled, and not for nonsense', async () => {
    const mounted = panel({ relays: [state()] });
    const delay = field(mounted, 'stream', 'delay');
    // Typed, and settled by leaving the field.
    await delay.setValue('12.5');
    await delay.setValue('soon');
    expect(mounted.get('[data-fault="delay"]').text()).toContain('A number from 0 to 60,000 ms.');
    await delay.setValue('70000');
    expect(mounted.emitted('set')).toEqual([['stream', { delay: 12.5 }]]);
  });

  it('lets somebody type while what was told before is answered', async () => {
    const mounted = panel({ relays: [state()] });
    const delay = field(mounted, 'stream', 'delay');
    await delay.setValue('0240');
    expect(shown(mounted, 'stream', 'delay')).toBe('240');
    await delay.setValue('70000');
    await mounted.setProps({ relays: [state({ delay: 240 })] });
    expect(shown(mounted, 'stream', 'delay')).toBe('70000');
    expect(mounted.get('[data-fault="delay"]').text()).toContain('A number from 0 to 60,000 ms.');
    // What another asked for is shown.
    await mounted.setProps({ relays: [state({ delay: 50 })] });
    expect(shown(mounted, 'stream', 'delay')).toBe('50');
  });

  it('imitates a network at one go, and says which one it is', async () => {
    const mounted = panel({ relays: [state()] });
    const select = mounted.get('[data-relay="stream"] select');
    expect((select.element as HTMLSelectElement).value).toBe('none');
    await select.setValue('satellite');
    expect(mounted.emitted('set')).toEqual([['stream', FAULT_PRESETS.satellite.tcp]]);
    await mounted.setProps({ relays: [state(FAULT_PRESETS.satellite.tcp)] });
    expect((select.element as HTMLSelectElement).value).toBe('satellite');
  });

  it('keeps what is asked for before a run, and lets it be forgotten', async () => {
    const mounted = panel({ starts: { air: { seed: 7, faults: { loss: 12 } } } });
    expect(shown(mounted, 'air', 'loss')).toBe('12');
    expect((mounted.get('#seed-air').element as HTMLInputElement).value).toBe('7');
    await mounted.get('.forget').trigger('click');
    expect(mounted.emitted('forget')).toHaveLength(1);
  });

  it('says that a new seed waits for the next run', () => {
    expect(panel({ relays: [state()], starts: { stream: { seed: 9, faults: {} } } }).get('.seed').text()).toContain('This run has 1');
  });

  it('ends connections now, only while the relay runs', async () => {
    const mounted = panel({ relays: [state()] });
    for (const button of mounted.findAll('.now button')) await button.trigger('click');
    expect(mounted.emitted('cut')).toEqual([['stream', 'cut'], ['stream', 'reset']]);
    expect(panel().findAll('.now button').every((button) => button.attributes('disabled') !== undefined)).toBe(true);
  });

  it('counts what it did', () => {
    expect(panel({ relays: [state()], counts: [{ fault: 'delay', times: 3, bytes: 1200 }] }).get('.did').text()).toBe('So far, up to the playheaddelayed3 times1,200 B');
  });

  it('is not there where a lab has no relay', () => {
    const mounted = mount(FaultPanel, { props: { manifest: { ...manifest, endpoints: [] }, relays: [], starts: {}, live: false, nameOf: String, countsOf: () => [], error: '' }, global: { plugins: [i18n] } });
    expect(mounted.find('section').exists()).toBe(false);
  });
});

describe('sliders', () => {
  const bandwidth: NumberFault = { name: 'bandwidth', type: 'number', max: 1_000_000_000, unit: 'B/s', whole: true };
  it('go by powers of ten for bytes, and back', () => {
    expect([0, 1, 2, 3, 4].map((at) => valueAt(bandwidth, at))).toEqual([0, 10, 20, 50, 100]);
    for (const value of [0, 10, 50_000, 10_000_000]) expect(valueAt(bandwidth, sliderOf(bandwidth, value))).toBe(value);
    expect(valueAt(bandwidth, sliderOf(bandwidth, 900_000_000))).toBe(10_000_000);
  });

  it('read what is typed as people write it', () => {
    const loss: FaultSpec = { name: 'loss', type: 'number', max: 100, unit: '%', whole: false };
    expect(['2,5', ' 3 ', '100', '100.1', '-1', '1e2', ''].map((text) => typedValue(loss as NumberFault, text))).toEqual([2.5, 3, 100, null, null, null, null]);
    expect(typedValue(bandwidth, '1.5')).toBeNull();
  });
});

it('has no faults of UDP by a name that TCP shares with another meaning', () => {
  expect(Object.keys(NO_UDP_FAULTS).filter((name) => Object.hasOwn(NO_TCP_FAULTS, name))).toEqual(['delay', 'jitter']);
});
