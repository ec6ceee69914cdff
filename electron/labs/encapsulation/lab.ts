// The encapsulation lab: one message and one answer over TCP, UDP and AF_UNIX, between the same two hosts. Plain roles from
// electron/roles/encapsulation; what the headers are is shown by the window from the trace.

import { never } from '../../../shared/base/assert';
import { linkMtuNote } from '../../roles/encapsulation/linkMtu';
import { datagramReceiver, datagramSender, streamReceiver, streamSender } from '../../roles/encapsulation/messages';
import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import { encode } from '../../roles/text';
import { manifest } from './manifest';

const TRANSPORTS = ['tcp', 'udp', 'unix'] as const;
type Transport = (typeof TRANSPORTS)[number];

const stateOf = perRun(() => ({
  senders: { tcp: 0, udp: 0, unix: 0 },
  /** Of the receiver's AF_UNIX socket; '' where there is none. */
  path: '',
}));

/** The text; repeated up to `size` bytes, or cut, when a size is given. */
function messageOf(text: string, size: number): Uint8Array {
  const bytes = encode(text);
  if (size === 0) return bytes;
  const source = bytes.length === 0 ? encode('x') : bytes;
  return Uint8Array.from({ length: size }, (_, at) => source[at % source.length] ?? 0);
}

function sender(lab: LabContext, transport: Transport, message: Uint8Array): (role: RoleContext) => Promise<void> {
  switch (transport) {
    case 'tcp':
      return (role) => streamSender(role, () => role.host.net.dial(lab.endpoint('receiver-tcp')), message);
    case 'udp':
      return (role) => datagramSender(role, lab.endpoint('receiver-udp'), message);
    case 'unix':
      return (role) => streamSender(role, () => role.host.unix.dial(stateOf(lab).path), message);
    default:
      return never(transport);
  }
}

function send(lab: LabContext, transport: Transport, message: Uint8Array): RunningRole {
  const number = ++stateOf(lab).senders[transport];
  const program = sender(lab, transport, message);
  const id = number === 1 ? `sender-${transport}` : `sender-${transport}-${number}`;
  return lab.role({ id, host: 'sender', kind: 'client' }, plainly(async (role) => {
    if (transport !== 'unix') await linkMtuNote(role);
    await program(role);
  }));
}

const transportOf = (given: unknown): Transport => TRANSPORTS.find((one) => one === given) ?? 'tcp';

const lab: Lab = {
  manifest,

  async serve(lab) {
    const tcp = lab.role({ id: 'receiver-tcp', host: 'receiver', kind: 'server' }, plainly(async (role) => {
      const listening = await role.host.net.listen({ port: lab.endpoint('receiver-tcp').port });
      role.listening({ protocol: 'tcp', ...listening.endpoint });
      await streamReceiver(role, listening);
    }));
    const udp = lab.role({ id: 'receiver-udp', host: 'receiver', kind: 'server' }, plainly((role) => datagramReceiver(role, lab.endpoint('receiver-udp').port)));
    await Promise.all([tcp.ready, udp.ready]);
    const listens = new Promise<void>((resolve) => {
      const unix = lab.role({ id: 'receiver-unix', host: 'receiver', kind: 'server' }, plainly(async (role) => {
        const path = role.host.unix.path('message');
        const listening = await role.host.unix.listen(path);
        stateOf(lab).path = path;
        resolve();
        await streamReceiver(role, listening);
      }));
      void unix.ended.then(() => resolve());
    });
    await listens;
  },

  async play(lab) {
    const chosen = lab.text('transport');
    const message = messageOf(lab.text('text'), lab.number('size'));
    for (const transport of chosen === 'all' ? TRANSPORTS : [transportOf(chosen)]) await send(lab, transport, message).ended;
  },

  actions: {
    send: async (lab, args) => void (await send(lab, transportOf(args['transport']), messageOf(String(args['text']), Number(args['size']))).ended),
  },
};

export default lab;
