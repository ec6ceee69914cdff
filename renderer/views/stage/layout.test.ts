import { describe, expect, it } from 'vitest';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { echoClosesEarly } from '../../../shared/trace/fixtureScenes';
import { snapshotAt } from '../../../shared/trace/snapshot';
import { layoutStage, type Box, type StageLayout } from './layout';
import { pictureAt } from './picture';

function laidOut(scene: Scenario, width: number, height: number, position?: number, scale = 1): StageLayout {
  const { story, trace } = scene.told();
  const snapshot = snapshotAt(story, trace, position ?? story.moments.count);
  return layoutStage(pictureAt({ story, snapshot, selected: null, backlogOf: () => null }), width, height, scale);
}

/** `count` clients of one host, all connected to one server. */
function crowd(count: number, hosts = false): Scenario {
  const s = scenario();
  const listener = s.role('server', '127.0.20.1', 'server').listen(7007);
  if (!hosts) s.host('client', '127.0.10.1');
  for (let n = 1; n <= count; n++) {
    const client = hosts ? s.role(`client-${n}`, `127.0.10.${n}`, 'client') : s.role(`client-${n}`, '127.0.10.1', 'client', 'client');
    client.connect({ address: '127.0.20.1', port: 7007 });
    listener.accept();
  }
  return s;
}

const boxesOf = (layout: StageLayout): Box[] =>
  layout.cards.flatMap((card) => [...card.processes.flatMap((process) => [process.box, ...process.doors.map((door) => door.box)]), ...card.doors.map((door) => door.box)]);

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const inside = (layout: StageLayout): boolean => [...layout.cards.map((card) => card.box), ...layout.more.map((more) => more.box)].every((box) => box.y >= 0 && box.y + box.height <= layout.height);

describe('the layout of the stage', () => {
  it('gives every socket of two hosts a box with bars when there is room', () => {
    const layout = laidOut(echoClosesEarly(), 776, 320);
    expect(layout.cards.map((card) => card.density)).toEqual(['full', 'full']);
    expect(inside(layout)).toBe(true);
  });

  it('becomes less detailed rather than leave the stage', () => {
    for (const height of [300, 260, 230, 180, 140, 120]) expect(inside(laidOut(echoClosesEarly(), 620, height))).toBe(true);
  });

  it('never lets two boxes overlap', () => {
    for (const scene of [echoClosesEarly(), crowd(3), crowd(6, true), crowd(50)]) {
      const boxes = boxesOf(laidOut(scene, 776, 260));
      for (const [index, box] of boxes.entries()) for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
    }
  });

  it('shows as many of fifty clients as fit, and counts the rest on both sides', () => {
    const layout = laidOut(crowd(50), 776, 260);
    const clients = layout.cards.find((card) => card.card.side === 'left');
    const processes = clients?.processes.length ?? 0;
    expect(processes).toBeGreaterThan(3);
    expect(layout.more.find((more) => more.side === 'left')?.count).toBe(50 - processes);
    expect(layout.more.find((more) => more.side === 'right')?.count).toBeGreaterThan(30);
    expect(inside(layout)).toBe(true);
  });

  it('keeps the clients that something happened to last, with the same connections on both sides', () => {
    const layout = laidOut(crowd(50), 776, 260);
    const left = layout.cards.find((card) => card.card.side === 'left');
    expect(left?.processes.at(-1)?.process.role.id).toBe('client-50');
    const ports = (side: 'left' | 'right'): Set<number | undefined> =>
      new Set(layout.cards.filter((card) => card.card.side === side).flatMap((card) => card.processes.flatMap((process) => process.doors.map(({ door }) => (side === 'left' ? door.local?.port : door.peer?.port)))));
    expect([...ports('right')].filter((port) => port !== undefined && !ports('left').has(port))).toEqual([]);
  });

  it('gives each of many hosts one line', () => {
    const layout = laidOut(crowd(20, true), 776, 260);
    expect(layout.cards.filter((card) => card.card.side === 'left').every((card) => card.box.height < 40)).toBe(true);
    expect(inside(layout)).toBe(true);
  });

  it('does not move when sockets come and go, as long as all fit', () => {
    const places = (position: number): unknown => laidOut(echoClosesEarly(), 776, 320, position).cards.map((card) => card.box);
    expect(places(2)).toEqual(places(20));
  });

  it('leads wires from the inner edge of a door, to the right from the left side', () => {
    const layout = laidOut(echoClosesEarly(), 776, 320);
    for (const card of layout.cards) {
      for (const { door, box } of card.processes.flatMap((process) => process.doors)) {
        const anchor = layout.anchors.get(door.key);
        expect([anchor?.x, anchor?.dir]).toEqual(card.card.side === 'left' ? [box.x + box.width, 1] : [box.x, -1]);
      }
    }
  });

  it('makes room for larger text', () => {
    expect(inside(laidOut(echoClosesEarly(), 900, 400, undefined, 1.5))).toBe(true);
    expect(laidOut(echoClosesEarly(), 900, 320, undefined, 1.5).cards.map((card) => card.density)).toEqual(['medium', 'medium']);
  });
});
