import { describe, expect, it } from 'vitest';
import { scenario } from '../../../shared/trace/fixture';
import { connectRefused, echoClosesEarly, udpUppercase } from '../../../shared/trace/fixtureScenes';
import { snapshotAt } from '../../../shared/trace/snapshot';
import type { TraceStore } from '../../../shared/trace/store';
import type { Story } from '../../../shared/trace/story';
import { pictureAt } from './picture';
import type { Door, Picture } from './pictureModel';

const shown = ({ story, trace }: { story: Story; trace: TraceStore }, position: number): Picture =>
  pictureAt({ story, snapshot: snapshotAt(story, trace, position), selected: null, backlogOf: () => null });

const doorsOf = (picture: Picture, host: string): Door[] => {
  const card = picture.cards.find((one) => one.host.id === host);
  return card === undefined ? [] : [...card.processes.flatMap((process) => process.doors), ...card.doors];
};

/** Position just after the nth fact of that kind. */
function after({ story, trace }: { story: Story; trace: TraceStore }, kind: string, nth = 1): number {
  let seen = 0;
  for (let seq = 0; seq < trace.count; seq++) if (trace.kind(seq) === kind && ++seen === nth) return story.momentOfFact(seq) + 1;
  throw new Error(`no ${kind}`);
}

describe('the picture at a position', () => {
  it('keeps a place for sockets that come later, and says that they are not there yet', () => {
    const told = echoClosesEarly().told();
    const [connected, listening] = doorsOf(shown(told, 1), 'server');
    expect([listening?.kind, listening?.present, connected?.kind, connected?.present]).toEqual(['listening', false, 'connected', false]);
  });

  it('puts clients on the left and servers on the right', () => {
    const picture = shown(echoClosesEarly().told(), 0);
    expect(picture.cards.map((card) => `${card.host.id} ${card.side}`)).toEqual(['server right', 'client left']);
  });

  it('leads the wire to the listening door until accept() has made a socket of its own', () => {
    const told = echoClosesEarly().told();
    const connecting = shown(told, after(told, 'connect.ended'));
    const listener = doorsOf(connecting, 'server')[1];
    expect(connecting.wires.map((wire) => wire.b)).toEqual([listener?.key]);
    expect(listener?.waiting).toBe(1);
    const accepted = shown(told, after(told, 'connection.accepted'));
    expect(accepted.wires.map((wire) => wire.b)).toEqual([doorsOf(accepted, 'server')[0]?.key]);
    expect(doorsOf(accepted, 'server')[1]?.waiting).toBe(0);
  });

  it('counts what waits to be read, and what the peer has not read', () => {
    const told = echoClosesEarly().told();
    const picture = shown(told, after(told, 'bytes.sent', 3));
    expect(doorsOf(picture, 'server')[0]?.unread).toBe(21);
    expect(doorsOf(picture, 'client')[0]?.unreadByPeer).toBe(21);
    expect(doorsOf(picture, 'server')[0]?.inFull).toBe(21);
  });

  it('shows a port at which nobody listens, and the wire that leads there', () => {
    const told = connectRefused().told();
    const picture = shown(told, after(told, 'connect.started'));
    expect(doorsOf(picture, 'server').map((door) => [door.kind, door.local?.port, door.present])).toEqual([['nobody', 7007, true]]);
    expect(picture.wires.map((wire) => wire.b)).toEqual(['p1:7007']);
  });

  it('counts bytes that came after close() as refused', () => {
    const s = scenario();
    const listener = s.role('server', '127.0.20.1', 'server').listen(7);
    const c = s.role('client', '127.0.20.2', 'client').connect({ address: '127.0.20.1', port: 7 });
    const p = listener.accept();
    c?.send('hello');
    p.recv(16);
    c?.close();
    p.send('HELLO');
    const told = s.told();
    const [door] = doorsOf(shown(told, told.story.moments.count), 'client');
    expect([door?.open, door?.refused]).toEqual([false, 5]);
  });

  it('ties datagram sockets only once a datagram has gone between them, and counts datagrams that wait', () => {
    const told = udpUppercase().told();
    expect(shown(told, after(told, 'datagram.sent') - 1).wires).toEqual([]);
    const picture = shown(told, after(told, 'datagram.sent'));
    expect(picture.wires.map((wire) => wire.transport)).toEqual(['udp']);
    expect(doorsOf(picture, 'server').map((door) => door.unread)).toEqual([5]);
    expect(doorsOf(shown(told, after(told, 'datagram.received')), 'server').map((door) => door.unread)).toEqual([0]);
  });

  it('shows the far end of a program that is not ours without a state', () => {
    const s = scenario();
    const listener = s.role('server', '127.0.20.1', 'server').listen(7);
    s.foreignClient(listener);
    listener.accept();
    const told = s.told();
    const picture = shown(told, told.story.moments.count);
    const foreign = picture.cards.find((card) => card.host.foreign);
    expect([foreign?.side, foreign?.doors.map((door) => [door.kind, door.state])]).toEqual(['left', [['foreign', null]]]);
    expect(picture.wires).toHaveLength(1);
  });
});

describe('many hosts and many sockets', () => {
  /** A client that takes a fresh socket for each query; `idle` servers that nobody asks. */
  function queries(count: number, idle = 0): ReturnType<ReturnType<typeof scenario>['told']> {
    const s = scenario();
    const server = s.role('server', '127.0.20.1', 'server').udp(53);
    for (let n = 1; n <= idle; n++) s.role(`idle-${n}`, `127.0.30.${n}`, 'server').udp(53);
    const client = s.role('client', '127.0.10.1', 'client');
    for (let n = 0; n < count; n++) {
      const asking = client.udp();
      asking.send(`query ${n}`, server.local);
      server.recv();
      server.send('answer', asking.local);
      asking.recv();
      asking.close();
    }
    return s.told();
  }

  it('shows one of the sockets that follow each other: the current one', () => {
    const told = queries(20);
    const at = (position: number): Door[] => doorsOf(shown(told, position), 'client');
    expect(at(0).map((door) => door.present)).toEqual([false]);
    const seventh = after(told, 'datagram.sent', 13);
    expect(at(seventh).map((door) => [door.open, door.local?.port])).toEqual([[true, told.story.segments.at(12).from.port]]);
    expect(at(seventh)[0]?.place).toBe(at(told.story.moments.count)[0]?.place);
    expect(shown(told, seventh).wires.filter((wire) => wire.live)).toHaveLength(1);
  });

  it('knows who stands where a socket stood, for datagrams that come too late', () => {
    const told = queries(3);
    const picture = shown(told, told.story.moments.count);
    const [current] = doorsOf(picture, 'client');
    expect([...picture.standIns.values()]).toEqual([current?.key, current?.key]);
  });

  it('leaves out and names hosts without traffic when there are many', () => {
    expect(shown(queries(1, 4), 0).quiet).toEqual([]);
    const picture = shown(queries(1, 6), 0);
    expect(picture.cards.map((card) => card.host.id)).toEqual(['server', 'client']);
    expect(picture.quiet.map((host) => host.id)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `idle-${n}`));
  });

  it('shows all hosts while nothing has been sent', () => {
    expect(shown(queries(0, 8), 0).cards).toHaveLength(10);
  });

  it('lets datagram ports of a program that is not ours share a place', () => {
    const s = scenario();
    const server = s.role('server', '127.0.20.1', 'server').udp(53);
    for (let n = 0; n < 5; n++) {
      const from = { address: '127.0.0.1', port: 50_000 + n };
      server.arrives('query', from);
      server.recv();
      server.send('answer', from);
    }
    const told = s.told();
    const doors = doorsOf(shown(told, told.story.moments.count), '127.0.0.1');
    expect(doors.map((door) => door.local?.port)).toEqual([50_004]);
  });
});
