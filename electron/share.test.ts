// What main lets the page share: the run that is shown, at an address of this machine, and nothing longer than there is a window to mark it.
import { describe, expect, it, vi } from 'vitest';
import type { LanPlace, PushPayload, ShareState } from '../shared/ipc/contract';
import { ShareDesk } from './share';

const PLACE: LanPlace = { name: 'wlan0', address: '192.168.1.5', prefix: 24, scope: 'private' };
const shared: ShareState = { run: 3, joined: [], ended: null, share: { address: '192.168.1.5', prefix: 24, offers: [], doors: [], problem: null } };
const request = { run: 3, address: '192.168.1.5', public: false, offers: [{ role: 'server', protocol: 'tcp' as const, port: 8080 }] };

function desk(state: PushPayload<'lab.state'>['state'] | null = 'open', places: LanPlace[] = [PLACE]) {
  const engine = { share: vi.fn(() => Promise.resolve(shared)), unshare: vi.fn(() => Promise.resolve()), join: vi.fn(() => Promise.resolve(shared)), leave: vi.fn(() => Promise.resolve()) };
  const tell = vi.fn();
  const run = state === null ? null : { run: 3, lab: 'tcp-echo', state, endpoints: [], relays: [], capture: null, error: null };
  return { engine, tell, desk: new ShareDesk({ engine, tell, run: () => run, places: () => places }) };
}

describe('sharing is asked for', () => {
  it('by the page, for the run that it shows', async () => {
    const { desk: main, engine } = desk();
    await expect(main.start({ ...request, run: 2 })).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    expect(engine.share).not.toHaveBeenCalled();
    expect(await main.start(request)).toBe(shared);
    expect(engine.share).toHaveBeenCalledWith(request);
  });

  it.each(['stopped', 'failed', 'starting', null] as const)('not of a run that is %s', async (state) => {
    const { desk: main, engine } = desk(state);
    await expect(main.start(request)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await expect(main.join({ run: 3, role: 'server', protocol: 'tcp', address: '192.168.1.9', port: 7007 })).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    expect([engine.share, engine.join].some((call) => call.mock.calls.length > 0)).toBe(false);
  });

  it('at an address of this machine, a public one only when that was said', async () => {
    await expect(desk().desk.start({ ...request, address: '192.168.1.6' })).rejects.toMatchObject({ code: 'SHARE_ADDRESS' });
    const open = desk('open', [{ ...PLACE, scope: 'public' }]);
    await expect(open.desk.start(request)).rejects.toMatchObject({ code: 'SHARE_PUBLIC' });
    expect(open.engine.share).not.toHaveBeenCalled();
    await open.desk.start({ ...request, public: true });
    expect(open.engine.share).toHaveBeenCalled();
  });
});

describe('what is shared', () => {
  it('is told to a page that has loaded anew, so that it is marked', () => {
    const { desk: main, tell } = desk();
    main.retell();
    expect(tell).not.toHaveBeenCalled();
    main.hear(shared);
    main.retell();
    expect(tell.mock.calls).toEqual([[shared], [shared]]);
  });

  it('ends when there is no window to mark it', () => {
    const { desk: main, engine } = desk();
    main.close();
    expect(engine.unshare).not.toHaveBeenCalled();
    main.hear({ ...shared, joined: [{ role: 'server', protocol: 'tcp', inside: { address: '127.0.0.1', port: 1 }, address: '192.168.1.9', port: 7007, now: 0, total: 0, named: [] }] });
    main.close();
    expect([engine.unshare.mock.calls, engine.leave.mock.calls]).toEqual([[[3]], [[3]]]);
  });

  it('ends when the engine failed, even if its thread still is there', () => {
    const { desk: main, engine, tell } = desk();
    main.hear(shared);
    main.lost();
    expect(engine.unshare).toHaveBeenCalledWith(3);
    main.retell();
    expect(tell).toHaveBeenCalledTimes(1);
  });
});
