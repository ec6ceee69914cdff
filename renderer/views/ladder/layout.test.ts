import { describe, expect, it } from 'vitest';
import { assemble, part } from '../../../shared/codec/assemble';
import { codec as ethernet } from '../../../shared/codec/ethernet/codec';
import { codec as ipv4 } from '../../../shared/codec/ipv4/codec';
import { codec as udp } from '../../../shared/codec/udp/codec';
import { storyOfPackets } from '../../../shared/trace/packetsStory/packetsStory';
import { scenario } from '../../../shared/trace/fixture';
import { echoClosesEarly, echoHalfCloses, listensOnLinux } from '../../../shared/trace/fixtureScenes';
import { defaultScope, gutterOf, ladderColumns, ladderWidth } from './columns';
import { ROW_HEIGHT, fitCall, ladderRows, layoutRows, rowAtPosition } from './layout';

const same = (id: string): string => id;

describe('the columns of the ladder', () => {
  it('put the client left of the server, with the port that each has', () => {
    const { story } = echoHalfCloses().told();
    const columns = ladderColumns(story, { type: 'all' }, 900, same);
    expect(columns.map((column) => column.title)).toEqual(['client', 'server']);
    expect(columns[0]?.detail).toMatch(/^:4\d{4}$/);
    expect(columns[1]?.detail).toBe(':7007');
    expect(columns[0]?.x).toBe(gutterOf(900, 2));
    expect(columns[1]?.x).toBe(900 - gutterOf(900, 2));
  });

  it('put a relay between who asks it and whom it asks, also when neither is ours', () => {
    const scene = scenario();
    const listener = scene.role('relay', '127.0.15.1', 'relay').listen(8090);
    scene.role('client', '127.0.10.1', 'client').connect(listener.endpoint);
    listener.accept();
    const remote = { address: '127.0.20.1', port: 80 };
    scene.fact('socket.opened', { role: 1, sock: 90, a: 30, b: 1, text: 'AF_INET' });
    scene.fact('connect.started', { role: 1, sock: 90, remote });
    scene.fact('connect.ended', { role: 1, sock: 90, local: { address: '127.0.15.1', port: 41_000 }, remote });
    expect(ladderColumns(scene.told().story, { type: 'all' }, 900, same).map(({ title }) => title)).toEqual(['client', 'relay', '127.0.20.1']);
  });

  it('of a capture say each address once, and of nobody that he is not ours', () => {
    const network = { source: '10.0.0.1', destination: '10.0.0.2' };
    const bytes = assemble([part(ethernet, { destination: '02:00:00:00:00:02', source: '02:00:00:00:00:01', type: 0x0800 }), part(ipv4, { ...network, protocol: 17 }), part(udp, { sourcePort: 4000, destinationPort: 5300 }, { network })], Uint8Array.of(1));
    const { story } = storyOfPackets([{ t: 0, linkType: 1, bytes, size: bytes.length }]);
    const columns = ladderColumns(story, { type: 'all' }, 900, same);
    expect(columns.map(({ title, detail, foreign }) => [title, detail, foreign])).toEqual([['10.0.0.1', expect.not.stringContaining('10.0.0.1'), false], ['10.0.0.2', expect.not.stringContaining('10.0.0.2'), false]]);
  });

  it('take room from the gutters before the ladder scrolls', () => {
    expect(gutterOf(682, 2)).toBe(191);
    expect(gutterOf(662, 3)).toBe(151);
    expect(151 * 2 + 180 * 2).toBeLessThanOrEqual(662);
    // Never less than a short call needs.
    expect(gutterOf(682, 7)).toBe(150);
  });

  it('grow wider than the pane rather than run into each other', () => {
    const scene = scenario();
    const listener = scene.role('server', '127.0.20.1', 'server').listen(7007);
    for (let index = 1; index <= 6; index++) {
      scene.role(`client-${index}`, `127.0.10.${index}`, 'client').connect({ address: '127.0.20.1', port: 7007 });
      listener.accept();
    }
    const { story } = scene.told();
    const columns = ladderColumns(story, { type: 'all' }, 500, same);
    expect(columns).toHaveLength(7);
    expect(ladderWidth(columns, 500)).toBeGreaterThan(1000);
    // With so many hosts the ladder starts with the connection at the playhead.
    const scope = defaultScope(story, story.moments.count);
    expect(scope).toEqual({ type: 'connection', id: 6 });
    expect(ladderColumns(story, scope, 900, same).map((column) => column.title)).toEqual(['client-6', 'server']);
  });
});

describe('a call that is too long for its place', () => {
  it('loses some of its arguments, never its name or its result', () => {
    const call = { call: 'connect(127.0.20.1:7007)', result: '0', text: 'connect(127.0.20.1:7007) → 0', trouble: false };
    expect(fitCall(call, 40)).toBe(call.text);
    expect(fitCall(call, 22)).toBe('connect(127.0.20…) → 0');
    expect(fitCall(call, 22)).toHaveLength(22);
    expect(fitCall({ call: 'print(“a long line”)', result: '', text: 'print(“a long line”)', trouble: false }, 14)).toBe('print(“a long…)'.slice(0, 12) + '…)');
  });
});

describe('a call that nobody saw', () => {
  it('stands beside its lifeline like the others, and is marked as inferred', () => {
    const { story, trace } = listensOnLinux().told();
    const rows = layoutRows(story, trace, ladderRows(story, { type: 'all' }), ladderColumns(story, { type: 'all' }, 900, same), 0, 100, 60);
    expect(rows.filter((row) => row.call?.inferred === true).map((row) => [row.call?.text, row.arrow, row.moment.evidence])).toEqual([['setsockopt(SO_REUSEADDR=1)', null, 'inferred']]);
  });
});

describe('the rows of a ladder with more than two hosts', () => {
  const scene = scenario();
  const relay = scene.role('relay', '127.0.20.1', 'server');
  const middle = relay.listen(7007);
  const far = scene.role('server', '127.0.30.1', 'server').listen(7008);
  const client = scene.role('client', '127.0.10.1', 'client').connect(middle.endpoint);
  const accepted = middle.accept();
  const onward = relay.connect(far.endpoint);
  far.accept();
  onward?.send('z'.repeat(200));
  client?.send('x'.repeat(200));
  accepted?.send('y'.repeat(200));
  const { story, trace } = scene.told();
  const columns = ladderColumns(story, { type: 'all' }, 700, same);
  const rows = ladderRows(story, { type: 'all' });
  const all = layoutRows(story, trace, rows, columns, 0, rows.length, 20, () => 'GET /a/name/that/is/longer/than/the/way/between/two/lifelines');

  it('keep every call and every label between its lifeline and the next', () => {
    const gap = (columns[1]?.x ?? 0) - (columns[0]?.x ?? 0);
    expect(columns).toHaveLength(3);
    const middles = all.flatMap(({ call }) => (call !== null && Math.abs(call.x - (columns[1]?.x ?? 0)) === 14 ? [call] : []));
    expect(middles.length).toBeGreaterThan(2);
    for (const call of middles) expect(call.text.length * 6.9).toBeLessThan(gap);
    const labels = all.flatMap(({ arrow }) => (arrow === null ? [] : [arrow]));
    expect(labels.some(({ label, full }) => label !== full)).toBe(true);
    for (const { label, x1, x2 } of labels) expect(label.length * 6).toBeLessThan(Math.abs(x2 - x1));
  });

  it('put a call on the side where its own arrow does not go', () => {
    const right = all.find(({ call, arrow }) => call?.full.startsWith('send') === true && arrow?.x1 === columns[1]?.x && arrow?.x2 === columns[2]?.x);
    expect(right?.call).toMatchObject({ anchor: 'end', x: (columns[1]?.x ?? 0) - 14 });
    const left = all.find(({ call, arrow }) => call?.full.startsWith('send') === true && arrow?.x1 === columns[1]?.x && arrow?.x2 === columns[0]?.x);
    expect(left?.call).toMatchObject({ anchor: 'start', x: (columns[1]?.x ?? 0) + 14 });
  });
});

describe('the rows of the ladder', () => {
  const { story, trace } = echoClosesEarly().told();
  const columns = ladderColumns(story, { type: 'all' }, 900, same);
  const rows = ladderRows(story, { type: 'all' });
  const all = layoutRows(story, trace, rows, columns, 0, rows.length, 40);

  it('are one for each moment, in its order', () => {
    expect(all).toHaveLength(story.moments.count);
    expect(all.map((row) => row.y)).toEqual(all.map((_row, index) => index * ROW_HEIGHT));
  });

  it('draw what was inferred from the sender to the receiver, marked as inferred', () => {
    const syn = all.find((row) => row.arrow?.label.startsWith('SYN') === true);
    expect(syn?.arrow).toMatchObject({ evidence: 'inferred', tone: 'transport', x1: columns[0]?.x, x2: columns[1]?.x });
    const rst = all.find((row) => row.arrow?.label.startsWith('RST') === true);
    expect(rst?.arrow?.tone).toBe('bad');
  });

  it('put the call of the client left of its line and that of the server right of its own', () => {
    const send = all.find((row) => row.call?.text.startsWith('send(') === true && row.arrow !== null);
    expect(send?.call).toMatchObject({ anchor: 'end' });
    expect(send?.arrow).toMatchObject({ tone: 'app', evidence: 'observed' });
    const accept = all.find((row) => row.call?.text.startsWith('accept()') === true);
    expect(accept?.call).toMatchObject({ anchor: 'start' });
  });

  it('let every arrow fall, so that time runs down', () => {
    for (const { arrow } of all) if (arrow !== null) expect(arrow.y2).toBeGreaterThan(arrow.y1);
  });

  it('are found by the playhead: none before the first moment, all at the end', () => {
    expect(rowAtPosition(rows, 0)).toBe(-1);
    expect(rowAtPosition(rows, 0.9)).toBe(-1);
    expect(rowAtPosition(rows, 1)).toBe(0);
    expect(rowAtPosition(rows, rows.length)).toBe(rows.length - 1);
  });

  it('of one connection leave out what is not its own', () => {
    const own = ladderRows(story, defaultScopeOfOne());
    expect(own.length).toBeGreaterThan(5);
    expect(own.length).toBeLessThan(rows.length);
    for (let row = 0; row < own.length; row++) expect(story.moments.at(own.at(row)).conn).toBe(1);
  });

  function defaultScopeOfOne(): { type: 'connection'; id: (typeof story)['connections'] extends { at(index: number): { id: infer Id } } ? Id : never } {
    return { type: 'connection', id: story.connections.at(0).id };
  }
});

it('has hosts of a family by their numbers, where the first of them appeared', () => {
  const scene = scenario();
  for (const [n, id] of ['tracker', 'peer-2', 'other', 'peer-10', 'peer-1'].entries()) scene.role(id, `127.0.30.${n + 1}`, 'server').listen(7007);
  const { story } = scene.told();
  expect(ladderColumns(story, { type: 'all' }, 900, same).map(({ title }) => title)).toEqual(['tracker', 'peer-1', 'peer-2', 'peer-10', 'other']);
});

it('leaves out hosts without traffic when there are many', () => {
  const scene = scenario();
  const listener = scene.role('server', '127.0.20.1', 'server').listen(7007);
  for (const id of ['idle-1', 'idle-2', 'idle-3']) scene.role(id, `127.0.30.${id.slice(-1)}`, 'server').listen(7007);
  scene.role('client', '127.0.20.2', 'client').connect(listener.endpoint);
  listener.accept();
  const { story } = scene.end().told();
  expect(ladderColumns(story, { type: 'all' }, 900, (id) => id).map(({ title }) => title)).toEqual(['client', 'server']);
});
