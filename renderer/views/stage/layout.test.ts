import { describe, expect, it } from 'vitest';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { echoClosesEarly } from '../../../shared/trace/fixtureScenes';
import { snapshotAt } from '../../../shared/trace/snapshot';
import { anchorsOf, layoutStage, type Box, type StageLayout } from './layout';
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
    const doors = layout.cards.flatMap((card) => card.processes.flatMap((process) => process.doors.map((one) => ({ ...one, side: card.card.side }))));
    const [client, server] = [doors.find((one) => one.side === 'left'), doors.find((one) => one.side === 'right' && one.door.kind === 'connected')];
    const ends = anchorsOf(layout, client?.door.key ?? '', server?.door.key ?? '');
    expect([ends?.from.x, ends?.from.dir]).toEqual([(client?.box.x ?? 0) + (client?.box.width ?? 0), 1]);
    expect([ends?.to.x, ends?.to.dir]).toEqual([server?.box.x, -1]);
  });

  it('makes room for larger text', () => {
    expect(inside(laidOut(echoClosesEarly(), 900, 400, undefined, 1.5))).toBe(true);
    expect(laidOut(echoClosesEarly(), 900, 320, undefined, 1.5).cards.map((card) => card.density)).toEqual(['medium', 'medium']);
  });
});

/** A client asks through a relay; `sessions` one after the other, or all open at once. */
function relayed(sessions: number, atOnce = false): Scenario {
  const s = scenario();
  const server = s.role('server', '127.0.20.1', 'server').listen(80);
  const relay = s.role('relay', '127.0.15.1', 'relay');
  const front = relay.listen(8080);
  const client = s.role('client', '127.0.10.1', 'client');
  for (let n = 0; n < sessions; n++) {
    const ends = [client.connect({ address: '127.0.15.1', port: 8080 }), front.accept(), relay.connect({ address: '127.0.20.1', port: 80 }), server.accept()];
    if (!atOnce) for (const end of ends) end?.close();
  }
  return s;
}

const doorsIn = (layout: StageLayout, host: string) => layout.cards.filter((card) => card.card.host.id === host).flatMap((card) => card.processes.flatMap((process) => process.doors));

describe('a stage with hosts in the middle', () => {
  it('gives them a column of their own, with room for a capsule on both sides', () => {
    for (const width of [640, 740, 1000, 1400]) {
      const [client, relay, server] = laidOut(relayed(1), width, 330).cards.map((card) => card.box);
      expect((relay?.x ?? 0) - (client?.x ?? 0) - (client?.width ?? 0)).toBeGreaterThanOrEqual(64);
      expect((server?.x ?? 0) - (relay?.x ?? 0) - (relay?.width ?? 0)).toBeGreaterThanOrEqual(64);
    }
  });

  it('leads a wire to the edge that looks to the other end', () => {
    const layout = laidOut(relayed(1, true), 1000, 400);
    const box = layout.cards.find((card) => card.card.host.id === 'relay')?.box;
    const [toClient, toServer] = doorsIn(layout, 'relay').filter(({ door }) => door.kind === 'connected').map(({ door }) => door);
    const [client] = doorsIn(layout, 'client');
    const server = doorsIn(layout, 'server').find(({ door }) => door.kind === 'connected');
    const left = anchorsOf(layout, client?.door.key ?? '', toClient?.key ?? '');
    const right = anchorsOf(layout, toServer?.key ?? '', server?.door.key ?? '');
    expect([left?.to.dir, right?.from.dir, toClient?.edge, toServer?.edge]).toEqual([-1, 1, 'left', 'right']);
    expect(left?.to.x).toBeLessThan((box?.x ?? 0) + 20);
    expect(right?.from.x).toBeGreaterThan((box?.x ?? 0) + (box?.width ?? 0) - 20);
  });

  it('puts what comes in and what goes out on one line where a relay has many doors', () => {
    const layout = laidOut(relayed(6, true), 740, 330);
    const doors = doorsIn(layout, 'relay').filter(({ door }) => door.kind === 'connected');
    expect(new Set(doors.map(({ box }) => box.y)).size).toBe(6);
    expect(doors.every(({ narrow }) => narrow)).toBe(true);
    for (const [index, one] of boxesOf(layout).entries()) for (const other of boxesOf(layout).slice(index + 1)) expect(overlap(one, other)).toBe(false);
    expect(inside(layout)).toBe(true);
  });

  it('lets sockets that follow each other share a place when there is no room for all', () => {
    const layout = laidOut(relayed(12), 740, 330);
    expect(doorsIn(layout, 'client')).toHaveLength(1);
    expect(doorsIn(layout, 'relay')).toHaveLength(3);
    expect(layout.more).toEqual([]);
  });

  it('leads a wire past the cards of the middle', () => {
    const s = relayed(1, true);
    s.role('browser', '127.0.10.2', 'client').connect({ address: '127.0.20.1', port: 80 });
    const layout = laidOut(s, 900, 400);
    const lowest = Math.max(...layout.cards.filter((card) => card.card.side === 'middle').map((card) => card.box.y + card.box.height));
    expect(layout.channel?.y).toBeGreaterThan(lowest + 15);
    expect((layout.channel?.y ?? 0) + 20).toBeLessThanOrEqual(layout.height);
  });

  it('grows beyond a pane that is too small, for that scrolls, rather than lose a host', () => {
    const s = scenario();
    const client = s.role('client', '127.0.10.1', 'client');
    for (let n = 1; n <= 12; n++) {
      s.role(`server-${n}`, `127.0.20.${n}`, 'server').listen(80);
      client.connect({ address: `127.0.20.${n}`, port: 80 });
    }
    const layout = laidOut(s, 740, 200);
    expect(layout.height).toBeGreaterThan(200);
    expect(layout.cards.filter((card) => card.card.side === 'right')).toHaveLength(12);
    expect(inside(layout)).toBe(true);
    expect(laidOut(relayed(1), 400, 330).width).toBeGreaterThan(400);
  });
});
