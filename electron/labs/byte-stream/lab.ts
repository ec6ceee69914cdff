// The byte stream lab: the same messages to a server that takes one recv() for one message, and to one that reads right; or as datagrams.
// Splits and merges come from the size of recv(), pauses, Nagle and a relay. Roles from electron/roles/framing; the data is in manifest.ts.

import { NO_TCP_FAULTS, type TcpFaults } from '../../../shared/lab/faults';
import { plainly } from '../../roles/errno';
import { FRAMINGS, type Framing } from '../../roles/framing/frames';
import { datagramSender, messageSender, type Writing } from '../../roles/framing/messageSender';
import { datagramServer, messageServer } from '../../roles/framing/messageServer';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { ActionError, perRun } from '../../roles/serverControl';
import { HandClient } from '../../roles/tcp/echoClients/byHand';
import { manifest } from './manifest';

/** Of different lengths, with letters of one, two and three bytes, so that a cut may fall within one. None has a LF in it. */
const TEXTS = ['GET READY', 'the second message is the longest of them', '안녕, привет', 'bye'];

/** A line that is slower than loopback: what is written at once comes later, and not at once. */
const SLOW: TcpFaults = { ...NO_TCP_FAULTS, delay: 30, bandwidth: 1500 };

const stateOf = perRun(() => ({ clients: 0, naive: false, serving: 0, onServed: (): void => undefined, hands: [] as HandClient[] }));

const framingOf = (lab: LabContext): Framing => FRAMINGS.find((one) => one === lab.text('framing')) ?? 'lf';

function startClient(lab: LabContext, program: (role: RoleContext) => Promise<void>): RunningRole {
  return lab.role({ id: `client-${++stateOf(lab).clients}`, host: 'client', kind: 'client' }, plainly(program));
}

/** Sends all messages to a server that reads naively, or right; resolves when both sides have closed. */
async function converse(lab: LabContext, naive: boolean): Promise<void> {
  const state = stateOf(lab);
  const framing = framingOf(lab);
  const messages = messagesOf(lab);
  state.naive = naive;
  state.serving = framing === 'end' ? messages.length : 1;
  const client = startClient(lab, (role) =>
    messageSender(role, {
      server: lab.endpoint(lab.text('line') === 'slow' ? 'relay' : 'server'), framing, messages,
      writing: lab.text('writing') as Writing, piece: lab.number('piece'), pause: lab.number('pause'), noDelay: lab.flag('no-delay'),
    }));
  // A client that could not connect is nobody to wait for.
  if ((await client.ended) === 'done') while (state.serving > 0) await new Promise<void>((resolve) => (state.onServed = resolve));
  state.naive = lab.text('reader') === 'naive';
}

const messagesOf = (lab: LabContext): string[] => Array.from({ length: lab.number('messages') }, (_, index) => TEXTS[index % TEXTS.length] ?? '');

const lab: Lab = {
  manifest,

  async serve(lab) {
    const state = stateOf(lab);
    state.naive = lab.text('reader') === 'naive';
    const options = {
      port: lab.endpoint('server').port, framing: framingOf(lab), readSize: lab.number('read-size'), naive: () => state.naive,
      served: () => {
        state.serving--;
        state.onServed();
      },
    };
    const server = lab.role({ id: 'server', host: 'server', kind: 'server' }, plainly((role) => messageServer(role, options)));
    if (lab.text('framing') === 'datagrams') {
      await lab.role({ id: 'server-udp', host: 'server', kind: 'server' }, plainly((role) => datagramServer(role, lab.endpoint('server-udp').port))).ready;
    }
    if (lab.text('line') === 'slow') await lab.tcpRelay({ id: 'relay', target: lab.endpoint('server'), faults: SLOW, seed: 1 });
    await server.ready;
  },

  async play(lab) {
    if (lab.text('framing') === 'datagrams') {
      await startClient(lab, (role) => datagramSender(role, { server: lab.endpoint('server-udp'), messages: messagesOf(lab), pause: lab.number('pause') })).ended;
      return;
    }
    const reader = lab.text('reader');
    if (reader !== 'right') await converse(lab, true);
    if (reader !== 'naive') await converse(lab, false);
  },

  actions: {
    connect: async (lab) => {
      const hand = new HandClient();
      stateOf(lab).hands.push(hand);
      startClient(lab, (role) => hand.run(role, lab.endpoint(lab.text('line') === 'slow' ? 'relay' : 'server')));
      await hand.connected;
    },
    send: (lab, args) => openHand(lab).send(unescaped(String(args['text']))),
    close: async (lab) => openHand(lab).close(),
  },
};

/** The open client by hand that was started last. */
function openHand(lab: LabContext): HandClient {
  const hand = stateOf(lab).hands.findLast((one) => one.open);
  if (hand === undefined) throw new ActionError('NO_CLIENT', 'no client is open: connect one first');
  return hand;
}

/** \n, \r and \\ as they are written in code. */
const unescaped = (text: string): string => text.replace(/\\([nr\\])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 'r' ? '\r' : '\\'));

export default lab;
