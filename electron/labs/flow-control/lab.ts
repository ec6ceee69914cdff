// The flow-control lab: a sender with more to say than the buffers hold, and a receiver that reads when it likes. A source for readers that
// are not ours: it sends as much to whoever connects.

import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RunningRole } from '../../roles/lab';
import { ActionError, perRun } from '../../roles/serverControl';
import { sendBulk, type Bulk, type SendMode } from '../../roles/tcp/flow/bulkSender';
import { Gate, slowReader } from '../../roles/tcp/flow/slowReader';
import { manifest } from './manifest';

const KIB = 1024;
const stateOf = perRun(() => ({ gate: new Gate(), senders: 0 }));

const modeOf = (lab: LabContext): SendMode => {
  const mode = lab.text('mode');
  return mode === 'non-blocking' || mode === 'select' ? mode : 'blocking';
};

function startSender(lab: LabContext, total: number): RunningRole {
  const bulk: Bulk = { mode: modeOf(lab), total: total * KIB, chunk: lab.number('chunk') * KIB };
  const number = ++stateOf(lab).senders;
  return lab.role({ id: number === 1 ? 'sender' : `sender-${number}`, host: 'sender', kind: 'client' }, plainly(async (role) => sendBulk(role, await role.host.net.dial(lab.endpoint('receiver')), bulk)));
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const pace = { start: lab.number('start'), size: lab.number('read-size') * KIB, pause: lab.number('pause') };
    const receiver = lab.role({ id: 'receiver', host: 'receiver', kind: 'server' }, plainly((role) => slowReader(role, lab.endpoint('receiver').port, pace, stateOf(lab).gate)));
    const source = lab.role({ id: 'source', host: 'sender', kind: 'server' }, plainly(async (role) => {
      const listener = await role.host.net.listen({ port: lab.endpoint('source').port });
      role.listening({ protocol: 'tcp', address: listener.endpoint.address, port: listener.endpoint.port });
      const bulk: Bulk = { mode: modeOf(lab), total: lab.number('total') * KIB, chunk: lab.number('chunk') * KIB };
      for (;;) void sendBulk(role, await listener.accept(), bulk).catch(() => undefined);
    }));
    await Promise.all([receiver.ready, source.ready]);
  },

  async play(lab) {
    await startSender(lab, lab.number('total')).ended;
  },

  actions: {
    hold: async (lab) => stateOf(lab).gate.hold(),
    'go-on': async (lab) => stateOf(lab).gate.release(),
    async send(lab, args) {
      if (lab.running('receiver') === null) throw new ActionError('NO_SERVER', 'the receiver has ended');
      startSender(lab, Number(args['total']));
    },
  },
};

export default lab;
