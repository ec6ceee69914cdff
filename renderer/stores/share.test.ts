// What the page knows of sharing: what main says, why it ended, and that leaving the lab ends it.
import { createPinia, setActivePinia } from 'pinia';
import { nextTick } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge, BridgeAnswer, ShareState } from '../../shared/ipc/contract';
import { useNavigation } from './navigation';
import { useRun } from './run';
import { useShare } from './share';

const open = (run: number): ShareState => ({ run, joined: [], ended: null, share: { address: '192.168.1.5', prefix: 24, offers: [{ role: 'server', protocol: 'tcp', port: 7007, count: 1 }], doors: [], problem: null } });
const closed = (run: number, ended: ShareState['ended']): ShareState => ({ run, joined: [], share: null, ended });

function main(answer: (name: string) => BridgeAnswer<unknown>) {
  const asked: string[] = [];
  const listeners = new Map<string, (payload: unknown) => void>();
  vi.stubGlobal('looplab', {
    request: (name: string, input: { run?: number }) => {
      asked.push(`${name} ${input.run ?? ''}`);
      return Promise.resolve(answer(name));
    },
    onPush: (name: string, listener: (payload: unknown) => void) => {
      listeners.set(name, listener);
      return () => undefined;
    },
  } as unknown as Bridge);
  return { asked, push: (name: string, payload: unknown) => listeners.get(name)?.(payload) };
}

beforeEach(() => setActivePinia(createPinia()));
afterEach(() => vi.unstubAllGlobals());

describe('sharing', () => {
  it('is what main says, until main says that it ended', async () => {
    main(() => ({ ok: true, value: open(3) }));
    const share = useShare();
    expect(share.active).toBe(false);
    expect(await share.start({ run: 3, address: '192.168.1.5', public: false, offers: [{ role: 'server', protocol: 'tcp', port: 7007 }] })).toBe(true);
    expect(share.active).toBe(true);
    share.hear(closed(3, 'address-gone'));
    expect([share.active, share.ended]).toEqual([false, 'address-gone']);
    share.forget();
    expect(share.ended).toBeNull();
  });

  it('a refusal is kept for the dialog, and nothing is marked', async () => {
    main(() => ({ ok: false, error: { code: 'EADDRINUSE', message: 'taken', where: 'tcp 192.168.1.5:7007' } }));
    const share = useShare();
    expect(await share.start({ run: 3, address: '192.168.1.5', public: false, offers: [{ role: 'server', protocol: 'tcp', port: 7007 }] })).toBe(false);
    expect([share.active, share.error?.code]).toEqual([false, 'EADDRINUSE']);
  });

  it('late words of a run before do not hide what is open now; anything open is shown', () => {
    main(() => ({ ok: true, value: undefined }));
    const share = useShare();
    share.hear(open(4));
    share.hear(closed(3, 'run-over'));
    expect([share.active, share.ended]).toEqual([true, null]);
    share.hear(open(2));
    expect(share.active).toBe(true);
  });

  it('ends with the engine', () => {
    const { push } = main(() => ({ ok: true, value: undefined }));
    const share = useShare();
    share.connect();
    push('share.state', open(3));
    push('engine.failed', { code: 'ENGINE_STOPPED', message: 'x', where: '' });
    expect([share.active, share.ended]).toEqual([false, 'engine']);
  });

  it('is asked to end when the lab is left, and not by a glance at the settings', async () => {
    const { asked, push } = main(() => ({ ok: true, value: undefined }));
    const [share, navigation, run] = [useShare(), useNavigation(), useRun()];
    run.lab = 'tcp-echo';
    navigation.go({ screen: 'lab', lab: 'tcp-echo' });
    share.connect();
    push('share.state', open(3));
    navigation.go({ screen: 'settings' });
    await nextTick();
    navigation.back();
    await nextTick();
    expect(asked).toEqual([]);
    navigation.go({ screen: 'lab', lab: 'daytime' });
    await vi.waitFor(() => expect(asked).toEqual(['share.stop 3']));
  });
});
