import { mount } from '@vue/test-utils';
import { nextTick, reactive } from 'vue';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import en from '../../i18n/locales/en/swarm.json';
import type { SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import SwarmBoard from './SwarmBoard.vue';
import { crowd, SwarmScene, threePeers, withHostile } from './swarm.fixture';

describe('the swarm view', () => {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { swarm: en } } });
  const labels = { host: (id: string) => id, role: (id: string) => id.replace('peer-', 'Peer ') };
  /** One moment each ms; a fact has the moment of its own number, which is as good as any. */
  const story = { momentTime: (index: number) => index * 1000, momentOfFact: () => -1, moments: { count: 421 }, hosts: [{}], lab: null };

  function shown(swarm: SwarmStory, given: Record<string, unknown> = {}) {
    const none = (): number[] => [];
    const props = reactive({ swarm, story, app: { messagesOfFact: none, messagesOfSegment: none }, version: 1, position: 421, selection: { type: 'none' }, reducedMotion: false, labels, trace: {}, axis: {}, ...given });
    return mount(SwarmBoard, { attachTo: document.body, global: { plugins: [i18n] }, props: props as never });
  }

  it('says what it waits for', () => {
    expect(shown(new SwarmScene(1).story(), { story: { ...story, hosts: [] } }).text()).toContain('No swarm yet');
    expect(shown(new SwarmScene(1).story(), { story: { ...story, lab: { outcome: 'running' } } }).text()).toContain('Waiting for the first peer');
    expect(shown(new SwarmScene(1).story()).text()).toContain('Nobody shared anything');
    expect(shown(threePeers().story(), { position: 0 }).text()).toContain('The first peer is still to come');
  });

  it('tells of each peer all that its card shows', () => {
    const view = shown(threePeers().story());
    const peers = view.findAll('[data-peer]').map((peer) => peer.attributes('aria-label'));
    expect(peers).toEqual([
      'Peer 1, seeder, 127.0.61.1:6881, 6 of 6 pieces, gave 96 KiB, got 0 B', 'Peer 2, seeder, 127.0.61.2:6881, 6 of 6 pieces, gave 48 KiB, got 96 KiB', 'Peer 3, seeder, 127.0.61.3:6881, 6 of 6 pieces, gave 48 KiB, got 96 KiB',
    ]);
    expect(view.text()).toContain('Peer 2, seeder, 127.0.61.2:6881: 6 of 6 pieces (0–5); gave 48 KiB, got 96 KiB.');
  });

  it('says why this piece from this peer now, and leads to the fact', async () => {
    const swarm = threePeers().story();
    const view = shown(swarm, { position: 30 });
    expect(view.get('[data-caption]').text()).toBe('Peer 2 asks Peer 1 for piece 0: rarest, 1 copy among those it knows');
    await view.get('[data-caption]').trigger('click');
    expect(view.emitted('select')).toEqual([[{ type: 'fact', seq: swarm.choices[0]?.seq }]]);
  });

  it('follows the playhead', async () => {
    const view = shown(withHostile().story(), { position: 30 });
    await view.setProps({ position: 143 } as never);
    await expect.poll(() => view.get('[data-caption]').text()).toBe('Peer 2 cuts Peer 4 off: pieces with a wrong hash');
    expect(view.get('[data-caption]').classes()).toContain('bad');
    expect(view.get('[data-peer="3"]').attributes('aria-label')).toContain('hostile');
  });

  it('walks from peer to peer with the arrows, chooses with a click, and shows its links', async () => {
    const view = shown(threePeers().story(), { position: 101 });
    const at = (peer: number) => view.get(`[data-peer="${peer}"]`);
    expect([at(0).attributes('tabindex'), at(1).attributes('tabindex')]).toEqual(['0', '-1']);
    await at(0).trigger('keydown', { key: 'ArrowRight' });
    expect(document.activeElement).toBe(at(1).element);
    await at(1).trigger('keydown', { key: 'End' });
    expect(document.activeElement).toBe(at(2).element);
    await at(2).trigger('click');
    expect(view.emitted('select')).toEqual([[{ type: 'host', index: 3 }]]);
    const side = view.get('[data-side]');
    expect(side.attributes('data-side')).toBe('peer');
    expect(side.text()).toContain('Peer 1 · ↑ choked, not wanted · ↓ open and wanted');
    await side.findAll('li button')[0]?.trigger('click');
    expect(view.get('[data-side]').attributes('data-side')).toBe('link');
    expect(view.emitted('select')?.at(-1)?.[0]).toMatchObject({ type: 'message' });
  });

  it('tells the life of a piece that the keyboard chose', async () => {
    const swarm = threePeers().story();
    const view = shown(swarm, { position: 101 });
    const slider = view.get('[role=slider]');
    expect(slider.attributes('aria-valuetext')).toBe('Piece 0: 2 copies');
    for (const key of ['End', 'ArrowLeft', 'Home', 'ArrowRight', 'ArrowRight', 'Enter']) await slider.trigger('keydown', { key });
    expect(slider.attributes('aria-valuetext')).toBe('Piece 2: 1 copy, rarest');
    const side = view.get('[data-side="piece"]');
    expect(side.get('h3').text()).toBe('Life of piece 2');
    expect(side.findAll('li').map((row) => row.text())).toEqual([expect.stringMatching(/^Peer 1 had it from the start/u), expect.stringMatching(/^Peer 2 asks Peer 1: rarest, 1 copy/u)]);
    await side.findAll('li button')[1]?.trigger('click');
    expect(view.emitted('select')).toEqual([[{ type: 'fact', seq: swarm.choices.find(({ piece, from }) => piece === 2 && from === 0)?.seq }]]);
    await side.trigger('keydown', { key: 'Escape' });
    expect(view.find('[data-side="none"]').exists()).toBe(true);
  });

  it('follows what is chosen elsewhere: a peer, a block', async () => {
    const swarm = threePeers().story();
    const view = shown(swarm, { position: 101 });
    await view.setProps({ selection: { type: 'host', index: 2 } } as never);
    expect(view.get('[data-peer="1"]').attributes('aria-pressed')).toBe('true');
    await view.setProps({ selection: { type: 'none' } } as never);
    expect(view.get('[data-peer="1"]').attributes('aria-pressed')).toBe('false');
    await view.setProps({ selection: { type: 'message', id: swarm.transfers.at(2).message } } as never);
    expect(view.get('[role=slider]').attributes('aria-valuenow')).toBe(String(swarm.transfers.at(2).piece));
  });

  it('shows the pieces of each peer, and chooses one under the pointer', async () => {
    const view = shown(threePeers().story(), { position: 141 });
    await view.findAll('[role=radio]')[1]?.trigger('click');
    const rows = view.findAll('[role=option]').map((row) => row.attributes('aria-label'));
    expect(rows).toEqual(['Peer 1, seeder: 6 of 6 pieces: 0–5', 'Peer 2, leecher: 2 of 6 pieces: 0, 2', 'Peer 3, leecher: 1 of 6 pieces: 1']);
    const list = view.get('[role=listbox]');
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await list.trigger('keydown', { key });
    await nextTick();
    expect(view.get('[role=status].said').text()).toBe('Piece 1 at Peer 2: under way');
    expect(view.find('[data-side="piece"]').exists()).toBe(true);
  });

  it('tells who helped whom: a matrix for few, a list for many', async () => {
    const few = shown(threePeers().story());
    await few.findAll('[role=radio]')[2]?.trigger('click');
    const cell = few.get('[data-cell="0 1"]');
    expect([cell.text(), cell.attributes('aria-label')]).toEqual(['48', 'Peer 1 gave Peer 2 48 KiB']);
    await cell.trigger('keydown', { key: 'ArrowDown' });
    await cell.trigger('keydown', { key: 'ArrowRight' });
    expect(few.get('.matrix [role=status]').text()).toBe('Peer 2 gave Peer 3 48 KiB');
    const many = shown(crowd(20, 40).story(), { story: { ...story, moments: { count: 3200 } }, position: 3200 });
    await many.findAll('[role=radio]')[2]?.trigger('click');
    expect(many.find('[data-cell]').exists()).toBe(false);
    const bytes = many.findAll('tbody .bar').map((row) => row.text());
    expect(bytes.length).toBeGreaterThan(10);
  });

  it('stands still between two moments when motion is reduced', async () => {
    const asked: number[] = [];
    const swarm = threePeers().story();
    const view = shown({ ...swarm, at: (t) => (asked.push(t), swarm.at(t)) }, { position: 55.9, reducedMotion: true });
    await view.setProps({ position: 56.4 } as never);
    await nextTick();
    expect([...new Set(asked)].every((t) => Number.isInteger(t / 1000))).toBe(true);
    expect(asked).toContain(55_000);
  });
});
