import { describe, expect, it } from 'vitest';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { columnsOf, type Side } from './columns';

const sidesOf = (scene: Scenario): Record<string, Side> => {
  const { story } = scene.told();
  return Object.fromEntries(story.hosts.map((host) => [host.id, columnsOf(story).side(host.index)]));
};

/** A stub, a resolver with a fresh socket for each query, two name servers. */
function lookups(count: number): Scenario {
  const s = scenario();
  const servers = ['root', 'ns1'].map((id, n) => s.role(id, `127.0.50.${n + 1}`, 'server').udp(53));
  const resolver = s.role('resolver', '127.0.53.53', 'server');
  const front = resolver.udp(53);
  const stub = s.role('client', '127.0.10.1', 'client');
  for (let n = 0; n < count; n++) {
    const asking = stub.udp();
    asking.send('query', front.local);
    front.recv();
    for (const server of servers) {
      const query = resolver.udp();
      query.send('query', server.local);
      server.recv();
      server.send('answer', query.local);
      query.recv();
      query.close();
    }
    front.send('answer', asking.local);
    asking.recv();
    asking.close();
  }
  return s;
}

describe('the columns of the stage', () => {
  it('put who is asked and asks others between the two', () => {
    expect(sidesOf(lookups(2))).toEqual({ client: 'left', resolver: 'middle', root: 'right', ns1: 'right' });
  });

  it('put a relay in the middle before anything passes it', () => {
    const s = scenario();
    s.role('server', '127.0.20.1', 'server').listen(80);
    s.role('relay', '127.0.15.1', 'relay').listen(8080);
    expect(sidesOf(s)).toEqual({ server: 'right', relay: 'middle' });
  });

  it('put a host without a program of ours where its traffic says: a dead server is asked', () => {
    const s = scenario();
    s.host('ns1', '127.0.52.2');
    const resolver = s.role('resolver', '127.0.53.53', 'server');
    const stub = s.role('client', '127.0.10.1', 'client').udp();
    const front = resolver.udp(53);
    stub.send('query', front.local);
    resolver.udp().send('query', { address: '127.0.52.2', port: 53 });
    expect(sidesOf(s)).toMatchObject({ ns1: 'right', resolver: 'middle', client: 'left' });
  });

  it('put peers that all ask each other at both sides in turn, and whom they all ask between them', () => {
    const s = scenario();
    const tracker = s.role('tracker', '127.0.20.1', 'server').listen(6969);
    const peers = [1, 2, 3].map((n) => s.role(`peer-${n}`, `127.0.30.${n}`, 'server'));
    const doors = peers.map((peer) => peer.listen(7000));
    peers.forEach((peer, from) => doors.forEach((door, to) => {
      if (from === to) return;
      peer.connect(door.endpoint);
      door.accept();
    }));
    for (const peer of peers) {
      peer.connect(tracker.endpoint);
      tracker.accept();
    }
    expect(sidesOf(s)).toEqual({ tracker: 'middle', 'peer-1': 'left', 'peer-2': 'right', 'peer-3': 'left' });
  });

  it('stay as they are while a story grows', () => {
    expect(sidesOf(lookups(1))).toEqual(sidesOf(lookups(5)));
  });

  it('know who has no traffic, and whether a wire passes the middle', () => {
    const s = lookups(1);
    s.role('idle', '127.0.60.1', 'server').udp(53);
    const { story } = s.told();
    const columns = columnsOf(story);
    expect(story.hosts.filter((host) => columns.quiet.has(host.index)).map((host) => host.id)).toEqual(['idle']);
    expect(columns.through).toBe(false);
    s.role('curious', '127.0.10.2', 'client').udp().send('query', { address: '127.0.50.1', port: 53 });
    expect(columnsOf(s.told().story).through).toBe(true);
  });
});
