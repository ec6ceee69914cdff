import { describe, expect, it } from 'vitest';
import { TCP_FLAGS } from '../../../shared/codec/tcp/codec';
import { scenario } from '../../../shared/trace/fixture';
import { capture } from '../../../shared/trace/fixtureCaptured';
import { snapshotAt } from '../../../shared/trace/snapshot';
import { doorOf, pictureAt } from './picture';

const { SYN, ACK, RST } = TCP_FLAGS;
const SERVER = { address: '127.0.0.1', port: 8080 };

/** Two programs of strangers; the first connection is reset, the second stands. */
function watched() {
  const s = scenario();
  s.fact('capture.changed', { a: 1, text: 'tcpdump' });
  for (const port of [40_000, 40_001]) {
    const client = { address: '127.0.0.1', port };
    capture(s, { from: client, to: SERVER, flags: SYN, sequence: 9 });
    capture(s, { from: SERVER, to: client, flags: SYN | ACK, sequence: 49, acknowledgment: 10 });
    capture(s, { from: client, to: SERVER, flags: ACK, sequence: 10, acknowledgment: 50 });
    if (port === 40_000) capture(s, { from: client, to: SERVER, flags: RST, sequence: 10 });
  }
  const { story, trace } = s.told();
  return { story, picture: (position: number) => pictureAt({ story, snapshot: snapshotAt(story, trace, position), selected: null, backlogOf: () => null }) };
}

describe('connections of strangers on the stage', () => {
  it('have doors with the states that their packets show, and a wire', () => {
    const { story, picture } = watched();
    const { cards, wires } = picture(story.moments.count);
    const doors = cards.flatMap((card) => card.doors);
    expect(doors.map(({ local, state, provenance }) => [local?.port, state, provenance?.evidence]).sort()).toEqual([[40_000, 'CLOSED', 'captured'], [40_001, 'ESTABLISHED', 'captured'], [8080, 'ESTABLISHED', 'captured']]);
    expect(wires.map(({ transport, live }) => [transport, live])).toEqual([['tcp', false], ['tcp', true]]);
    // What flies between them leaves and lands at their doors.
    const all = new Map(doors.map((door) => [door.key, door]));
    const last = story.segments.at(story.segments.count - 1);
    expect([doorOf(all, new Map(), last, 'from'), doorOf(all, new Map(), last, 'to')].map((key) => all.get(key)?.local?.port)).toEqual([40_001, 8080]);
  });

  it('are where they were at the playhead', () => {
    const { picture } = watched();
    const doors = picture(1).cards.flatMap((card) => card.doors).filter(({ present }) => present);
    expect(doors.map(({ local, state }) => [local?.port, state]).sort()).toEqual([[40_000, 'SYN_SENT'], [8080, null]]);
    expect(picture(1).wires.map(({ live }) => live)).toEqual([true]);
  });
});
