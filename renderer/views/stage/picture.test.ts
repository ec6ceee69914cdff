import { describe, expect, it } from 'vitest';
import { scenario } from '../../../shared/trace/fixture';
import { connectRefused, echoClosesEarly, udpUppercase } from '../../../shared/trace/fixtureScenes';
import { snapshotAt } from '../../../shared/trace/snapshot';
import type { TraceStore } from '../../../shared/trace/store';
import type { Story } from '../../../shared/trace/story';
import { pictureAt, type Door, type Picture } from './picture';

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
