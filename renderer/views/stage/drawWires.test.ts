import { describe, expect, it } from 'vitest';
import type { Tokens } from '../../ui/canvas/tokens';
import { laneBetween } from './curve';
import { capsuleAt, drawWires, type Capsule, type WireContext, type WireScene } from './drawWires';
import type { Flight } from './flights';
import { advance } from './scene';

const colours = new Proxy({}, { get: (_target, name) => `<${String(name)}>` }) as Tokens['colour'];
const tokens: Tokens = { colour: colours, font: 'sans', mono: 'mono', scale: 1 };
const lane = laneBetween({ x: 100, y: 50, dir: 1, lane: 10, roomy: true }, { x: 500, y: 50, dir: -1, lane: 10, roomy: true });

function capsule(id: number, given: Partial<Capsule> = {}): Capsule {
  return { id, lane, sprite: { image: {} as CanvasImageSource, width: 60, height: 20 }, colour: 'app', dash: [6, 3], x: 300, y: 40, t: 0.5, visible: true, crossed: false, mark: 0, ...given };
}

const sceneOf = (...capsules: Capsule[]): WireScene => ({ width: 600, height: 100, tokens, live: null, past: null, loose: null, thickness: 7, capsules, count: capsules.length });

/** A context that writes down what is asked of it. */
function notebook(): { context: WireContext; said: string[] } {
  const said: string[] = [];
  const context = new Proxy({}, {
    get: (_target, name) => (...given: unknown[]) => said.push(`${String(name)} ${given.filter((one) => typeof one !== 'object' || Array.isArray(one)).join(' ')}`.trim()),
    set: (_target, name, value) => said.push(`${String(name)} = ${String(value)}`) > 0,
  }) as WireContext;
  return { context, said };
}

describe('drawing the wires', () => {
  it('puts each capsule on whole pixels around its middle', () => {
    const { context, said } = notebook();
    drawWires(context, sceneOf(capsule(1, { x: 301, y: 41 })));
    expect(said).toContain('drawImage 271 31 60 20');
  });

  it('draws the line behind it in the style of its evidence and the colour of its layer', () => {
    const { context, said } = notebook();
    drawWires(context, sceneOf(capsule(1)));
    expect(said).toEqual(expect.arrayContaining(['setLineDash 6,3', 'strokeStyle = <app>']));
  });

  it('draws nothing of a capsule that is not under way', () => {
    const { context, said } = notebook();
    drawWires(context, sceneOf(capsule(1, { visible: false })));
    expect(said.some((one) => one.startsWith('drawImage'))).toBe(false);
  });

  it('crosses out what nobody takes', () => {
    const { context, said } = notebook();
    drawWires(context, sceneOf(capsule(1, { crossed: true })));
    expect(said).toContain('strokeStyle = <bad>');
  });

  it('marks the chosen capsule in the colour of the selection', () => {
    const { context, said } = notebook();
    drawWires(context, sceneOf(capsule(1, { mark: 2 })));
    expect(said).toContain('strokeStyle = <focus>');
  });
});

describe('pointing at a capsule', () => {
  it('finds the topmost under the pointer', () => {
    const scene = sceneOf(capsule(1), capsule(2, { x: 310 }));
    expect([capsuleAt(scene, 305, 40), capsuleAt(scene, 272, 40), capsuleAt(scene, 100, 40)]).toEqual([2, 1, -1]);
  });
});

describe('a scene as time passes', () => {
  const flight = (id: number, start: number): Flight => ({ segment: { id } as Flight['segment'], start, end: start + 700, outcome: 'lands' });
  const scene = (...flights: Flight[]) => ({ ...sceneOf(...flights.map((one) => capsule(one.segment.id))), flights });

  it('moves a capsule from just outside the sending door to just outside the receiving one', () => {
    const one = scene(flight(1, 0));
    advance(one, 0, false, -1, -1);
    expect(one.capsules[0]?.x).toBeGreaterThan(100 + 30);
    const begin = one.capsules[0]?.x ?? 0;
    advance(one, 699, false, -1, -1);
    expect(one.capsules[0]?.x).toBeGreaterThan(begin);
    expect(one.capsules[0]?.x).toBeLessThan(500 - 30);
    advance(one, 701, false, -1, -1);
    expect(one.capsules[0]?.visible).toBe(false);
  });

  it('tells when a capsule lands, and only then', () => {
    const one = scene(flight(1, 0));
    const air = [10, 300, 600, 705].map((now) => advance(one, now, false, -1, -1));
    expect([air[0] === air[1], air[1] === air[2], air[2] === air[3]]).toEqual([true, true, false]);
  });

  it('keeps a burst readable: one behind the other', () => {
    const one = scene(flight(1, 0), flight(2, 5));
    advance(one, 400, false, -1, -1);
    expect((one.capsules[0]?.x ?? 0) - (one.capsules[1]?.x ?? 0)).toBeGreaterThanOrEqual(58);
  });

  it('rests in mid-wire with reduced motion', () => {
    const one = scene(flight(1, 0));
    advance(one, 0, true, -1, -1);
    expect(one.capsules[0]?.x).toBe(300);
  });
});
