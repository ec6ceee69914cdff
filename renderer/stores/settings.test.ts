// Settings take effect at once and are written one request at a time, nothing lost in between.
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings, type Bridge, type Settings } from '../../shared/ipc/contract';
import { useSettings } from './settings';

const writes: Partial<Settings>[] = [];
let finish: (() => void)[] = [];
const info = { version: '0.1.0', electron: '33', chrome: '130', node: '20.18', v8: '13', platform: 'linux', arch: 'x64', packaged: false, systemLocale: 'ko-KR' };

beforeEach(() => {
  setActivePinia(createPinia());
  writes.length = 0;
  finish = [];
  vi.stubGlobal('looplab', {
    request: (name: string, input: unknown) => {
      if (name === 'settings.read') return Promise.resolve({ ok: true, value: { ...defaultSettings, theme: 'light' } });
      if (name === 'app.info') return Promise.resolve({ ok: true, value: info });
      writes.push(input as Partial<Settings>);
      return new Promise((done) => finish.push(() => done({ ok: true, value: defaultSettings })));
    },
    onPush: () => () => undefined,
  } as unknown as Bridge);
});
afterEach(() => vi.unstubAllGlobals());

describe('settings', () => {
  it('are read at the start; the system decides what they leave to it', async () => {
    const settings = useSettings();
    await settings.load();
    expect(settings.theme).toBe('light');
    expect(settings.locale).toBe('ko');
    settings.update({ locale: 'ru' });
    expect(settings.locale).toBe('ru');
  });

  it('change at once and are written together while a write is under way', async () => {
    const settings = useSettings();
    settings.update({ speed: 2 });
    settings.update({ speed: 4 });
    settings.setPaneSize('stage', 30);
    settings.setPaneSize('stage', 31);
    expect([settings.values.speed, settings.paneSize('stage', 45)]).toEqual([4, 31]);
    expect(writes).toEqual([{ speed: 2 }]);
    finish[0]?.();
    await vi.waitFor(() => expect(writes).toHaveLength(2));
    expect(writes[1]).toEqual({ speed: 4, panes: { stage: [31] } });
  });

  it('lose no change when the page goes while a write is under way', () => {
    const settings = useSettings();
    settings.update({ speed: 2 });
    settings.update({ speed: 4 });
    window.dispatchEvent(new Event('beforeunload'));
    expect(writes).toEqual([{ speed: 2 }, { speed: 4 }]);
    window.dispatchEvent(new Event('beforeunload'));
    expect(writes).toHaveLength(2);
  });

  it('remember the labs opened last, each once, newest first', () => {
    const settings = useSettings();
    for (const lab of ['a', 'b', 'a', 'c']) settings.remember(lab);
    expect(settings.values.recentLabs).toEqual(['c', 'a', 'b']);
  });

  it('that cannot be saved say so and stay on screen', async () => {
    const settings = useSettings();
    vi.stubGlobal('looplab', { request: () => Promise.resolve({ ok: false, error: { code: 'ENOSPC', message: 'no space', where: 'settings.json' } }), onPush: () => () => undefined });
    settings.update({ theme: 'dark' });
    await vi.waitFor(() => expect(settings.error?.code).toBe('ENOSPC'));
    expect(settings.theme).toBe('dark');
  });
});
