import { describe, expect, it } from 'vitest';
import en from '../../i18n/locales/en/stage.json';
import ko from '../../i18n/locales/ko/stage.json';
import ru from '../../i18n/locales/ru/stage.json';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { connectRefused, echoClosesEarly, echoHalfCloses, listensOnLinux, udpUppercase } from '../../../shared/trace/fixtureScenes';
import { snapshotAt } from '../../../shared/trace/snapshot';
import { narrate } from './narrate';
import type { Narration } from './narration';

const labels = { host: (id: string) => id, role: (id: string) => id };

function told(scene: Scenario): (Narration | null)[] {
  const { story, trace } = scene.told();
  return Array.from({ length: story.moments.count + 1 }, (_, position) => narrate({ story, trace, snapshot: snapshotAt(story, trace, position), labels }));
}

function at(catalogue: unknown, key: string): unknown {
  return `now.${key}`.split('.').reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined), catalogue);
}

function lateBytes(): Scenario {
  const s = scenario();
  const listener = s.role('server', '127.0.20.1', 'server').listen(7);
  const c = s.role('client', '127.0.20.2', 'client').connect({ address: '127.0.20.1', port: 7 });
  const p = listener.accept();
  c?.close();
  p.send('x'.repeat(48));
  return s;
}

describe('the line under the stage', () => {
  it('says for every moment something that every language has words for', () => {
    for (const scene of [echoClosesEarly(), echoHalfCloses(), udpUppercase(), connectRefused(), lateBytes(), listensOnLinux()]) {
      for (const said of told(scene).slice(1)) {
        for (const catalogue of [en, ko, ru]) expect([said?.key, typeof at(catalogue, said?.key ?? '')]).toEqual([said?.key, 'string']);
      }
    }
  });

  it('says that a call which nobody saw is inferred', () => {
    const said = told(listensOnLinux()).find((one) => one?.key === 'option');
    expect(said).toEqual({ key: 'option', params: { role: 'server', option: 'SO_REUSEADDR=1' }, evidence: 'inferred', trouble: false });
  });

  it('fills every blank of its sentence', () => {
    for (const scene of [echoClosesEarly(), udpUppercase(), connectRefused(), lateBytes()]) {
      for (const said of told(scene).slice(1)) {
        const blanks = [...String(at(en, said?.key ?? '')).matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
        for (const blank of blanks) expect([said?.key, blank, said?.params[blank] || null]).toEqual([said?.key, blank, expect.any(String)]);
      }
    }
  });

  it('has nothing to say before the first moment', () => expect(told(echoClosesEarly())[0]).toBeNull());

  it('tells that bytes go to a socket that is gone, and who answers', () => {
    const said = told(lateBytes());
    expect(said.slice(-2).map((one) => [one?.key, one?.evidence])).toEqual([['sent.nobody', 'observed'], ['rst.late', 'inferred']]);
    expect(said.at(-2)?.params['bytes']).toBe('48 B');
    expect(said.at(-1)?.trouble).toBe(true);
  });

  it('tells what close() throws away', () => {
    const closed = told(echoClosesEarly()).find((one) => one?.key === 'closedUnread');
    expect(closed?.params['bytes']).toMatch(/^\d+ B$/);
  });

  it('tells whether a call waits for bytes or finds them', () => {
    const keys = told(echoHalfCloses()).map((one) => one?.key);
    expect(keys).toContain('endOfStream');
    expect(keys.some((key) => key === 'receivedAll')).toBe(true);
  });
});
