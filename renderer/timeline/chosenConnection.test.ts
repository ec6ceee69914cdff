import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import { EMPTY_APP } from '../../shared/trace/app/emptyApp';
import { scenario } from '../../shared/trace/fixture';
import { connectionAt, connectionOfSelection, factAt } from './chosenConnection';

/** Two connections, one after the other. */
function two() {
  const scene = scenario();
  const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
  const client = scene.role('client', '127.0.20.2', 'client');
  const [first, second] = [must(client.connect(listener.endpoint), 'first'), must(client.connect(listener.endpoint), 'second')];
  const sent = first.send('a');
  const { story } = scene.told();
  return { story, sent, second };
}

describe('the connection that is shown', () => {
  it('is that of the selection, whatever is selected', () => {
    const { story, sent, second } = two();
    const of = (selection: Parameters<typeof connectionOfSelection>[2]) => connectionOfSelection(story, EMPTY_APP, selection);
    expect(of({ type: 'fact', seq: sent })).toBe(1);
    expect(of({ type: 'socket', id: second.sock })).toBe(2);
    expect(of({ type: 'segment', id: must(story.moments.at(story.momentOfFact(sent)).segment, 'segment') })).toBe(1);
    expect([of({ type: 'none' }), of({ type: 'host', index: 1 }), of({ type: 'message', id: 0 })]).toEqual([null, null, null]);
  });

  it('else the one at which something happened last', () => {
    const { story, sent } = two();
    expect(connectionAt(story, story.moments.count)).toBe(1);
    expect(connectionAt(story, story.momentOfFact(sent))).toBe(2);
    expect(connectionAt(story, 0)).toBe(1);
    expect([factAt(story, 0), factAt(story, story.moments.count)]).toEqual([-1, sent]);
  });
});
