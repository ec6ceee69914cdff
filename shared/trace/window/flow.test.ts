// Where the bytes of a flow are, told from a small trace.

import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { scenario } from '../fixture';
import { FlowReader, flowAt, flowsOf } from './flow';
import { stalledScene } from './window.fixture';

describe('a flow', () => {
  it('tells what send() still has, what lies in both buffers, and what was read', () => {
    const { flow, at } = stalledScene();
    expect(flowAt(flow, at.stalled)).toMatchObject({ given: 3000, taken: 2500, read: 0, stall: { kind: 'send', taken: 2500 }, closed: false });
    expect(flowAt(flow, at.probed)).toMatchObject({ queues: { send: 1900, receive: 600 }, closed: true });
    expect(flowAt(flow, at.read)).toMatchObject({ read: 600, stall: { kind: 'send' } });
    expect(flowAt(flow, at.goesOn)).toMatchObject({ given: 3000, taken: 3000, stall: null, closed: false });
    expect(flow.firstRead).toBe(at.read);
  });

  it('knows nothing before its first byte', () => {
    const { flow } = stalledScene();
    expect(flowAt(flow, -Infinity)).toMatchObject({ given: 0, taken: 0, read: 0, queues: null, stall: null, closed: false });
  });

  it('takes a refusal and what follows it for one stall, and a select() that waited for another', () => {
    const s = scenario();
    const listener = s.role('receiver', '127.0.77.2', 'server').listen(7080);
    const sender = s.role('sender', '127.0.77.1', 'client');
    const { sock } = must(sender.connect(listener.endpoint), 'connected');
    const { role } = sender;
    const send = (size: number, a: number, offset: number, err = ''): number => s.fact('bytes.sent', { role, sock, a, b: 1, size, offset, err });
    send(1000, 800, 0);
    const [first, again] = [send(200, -1, 800, 'EAGAIN'), send(200, -1, 800, 'EAGAIN')];
    s.wait(5000);
    send(200, 200, 800);
    const asks = s.fact('select.started', { role, a: -1, text: JSON.stringify({ read: [], write: [sock] }) });
    s.wait(50_000);
    s.fact('select.returned', { role, a: 1, text: JSON.stringify({ read: [], write: [sock] }) });
    s.fact('select.started', { role, a: -1, text: JSON.stringify({ read: [], write: [sock] }) });
    s.fact('select.returned', { role, a: 1, text: JSON.stringify({ read: [], write: [sock] }) });
    const { story, trace } = s.told();
    const [one] = flowsOf(story);
    const flow = must(new FlowReader(story, trace, must(one, 'flow').conn, 'up').advance(), 'flow');
    expect(flow.stalls.map(({ kind, seq, taken }) => [kind, seq, taken])).toEqual([['refused', first, 800], ['select', asks, 1000]]);
    expect(again).toBe(first + 1);
    // A send() that does not block keeps nothing back.
    expect(flow.given).toEqual(flow.taken);
  });

  it('grows with its trace', () => {
    const { scene, reader, send, builder } = stalledScene();
    const before = must(reader.advance(), 'flow').given.length;
    send(500);
    scene.trace();
    builder.advance();
    expect(must(reader.advance(), 'flow').given.length).toBe(before + 1);
  });
});
