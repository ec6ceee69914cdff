import { describe, expect, it } from 'vitest';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { currentOf, placesOf } from './places';

function clients(run: (client: ReturnType<Scenario['role']>) => void): readonly (readonly number[])[] {
  const s = scenario();
  run(s.role('client', '127.0.10.1', 'client'));
  const { story } = s.told();
  const [role] = story.roles;
  return role === undefined ? [] : placesOf(story, role, (socket) => socket.purpose).map((place) => place.map((socket) => socket.id as number));
}

const TO = { address: '127.0.20.1', port: 53 };

describe('places that sockets share', () => {
  it('are one for sockets that follow each other', () => {
    expect(clients((client) => {
      for (let n = 0; n < 3; n++) {
        const socket = client.udp();
        socket.send('query', TO);
        socket.close();
      }
    })).toEqual([[1, 2, 3]]);
  });

  it('are two for sockets that are open at the same time; the next takes the first that is free', () => {
    expect(clients((client) => {
      const [one, other] = [client.udp(), client.udp()];
      other.close();
      one.close();
      client.udp();
    })).toEqual([[1, 3], [2]]);
  });

  it('are not shared by sockets of different kinds', () => {
    expect(clients((client) => {
      client.udp().close();
      client.listen(7);
    })).toEqual([[1], [2]]);
  });

  it('hold who came last; the chosen one before all; and before the first, the first', () => {
    const s = scenario();
    const client = s.role('client', '127.0.10.1', 'client');
    for (let n = 0; n < 3; n++) client.udp().close();
    const { story } = s.told();
    const [role] = story.roles;
    const [place] = role === undefined ? [] : placesOf(story, role, () => '');
    const current = (there: number, selected: number | null): number | undefined => currentOf(place ?? [], (socket) => socket.id <= there, selected)?.id;
    expect([current(0, null), current(2, null), current(3, null), current(3, 1), current(1, 3)]).toEqual([1, 2, 3, 1, 1]);
  });
});
