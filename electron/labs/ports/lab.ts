// The lab of ports: many connections to one port, told apart by their 4-tuples; two clients with the same source port; a second port; one
// UDP socket for all; a port that is taken; and a protocol that the student designs. Programs: electron/roles/ports and /privateProtocol.

import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { datagramVisitor, notePortRange, tupleDatagramServer, tupleServer, visitor } from '../../roles/ports/tuples';
import { privateClient, rawClient, unescaped } from '../../roles/privateProtocol/client';
import { parseCommands } from '../../roles/privateProtocol/commands';
import { FRAMINGS, type Framing } from '../../roles/privateProtocol/framing';
import { privateServer } from '../../roles/privateProtocol/server';
import { perRun } from '../../roles/serverControl';
import type { Endpoint } from '../../../shared/trace/event';
import { manifest } from './manifest';

const startedOf = perRun(() => new Map<string, number>());

/** 'client-private', then 'client-private-2'. */
function numbered(lab: LabContext, name: string): string {
  const started = startedOf(lab);
  const count = (started.get(name) ?? 0) + 1;
  started.set(name, count);
  return count === 1 && name !== 'client' ? name : `${name}-${count}`;
}

const framingOf = (lab: LabContext): Framing => ({ name: FRAMINGS.find((one) => one === lab.text('framing')) ?? 'lf', size: lab.number('frame-size') });

/** Where the private protocol is served: on the port of the design. */
const privateAt = (lab: LabContext): Endpoint => ({ address: lab.endpoint('private').address, port: lab.number('port') === PRIVATE_PORT ? lab.endpoint('private').port : lab.number('port') });
/** That of the manifest's endpoint, which may be moved where all hosts share one address. */
const PRIVATE_PORT = 7077;

interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

function gate(): Gate {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

interface Guest {
  readonly role: RunningRole;
  readonly speak: Gate;
  readonly answered: Gate;
}

/** A client that connects, then waits for its turn. Resolves with its own port once connected; 0 when it could not. */
function invite(lab: LabContext, name: string, host: string, server: Endpoint, port: number, leave: Gate, first: (role: RoleContext) => void = () => undefined): Promise<{ readonly guest: Guest; readonly port: number }> {
  const [speak, answered] = [gate(), gate()];
  return new Promise((resolve) => {
    const id = numbered(lab, name);
    const role = lab.role({ id, host, kind: 'client' }, plainly(async (context) => {
      first(context);
      await visitor(context, {
        server, port, text: `I am ${id}`, speak: speak.passed, leave: leave.passed,
        connected: (local) => resolve({ guest: { role, speak, answered }, port: local.port }), answered: answered.open,
      });
    }));
    void role.ended.then(() => {
      answered.open();
      resolve({ guest: { role, speak, answered }, port: 0 });
    });
  });
}

function sayPrivately(lab: LabContext, program: (role: RoleContext) => Promise<void>): RunningRole {
  return lab.role({ id: numbered(lab, 'client-private'), host: 'client-a', kind: 'client' }, plainly(program));
}

const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/).map((line) => line.trim()).filter((line) => line !== '');

const lab: Lab = {
  manifest,

  async serve(lab) {
    const start = (id: string, program: (role: RoleContext) => Promise<void>): Promise<unknown> => lab.role({ id, host: 'server', kind: 'server' }, plainly(program)).ready;
    const portOf = (role: string): number => lab.endpoint(role).port;
    await start('server', (role) => tupleServer(role, portOf('server')));
    await start('server-other', (role) => tupleServer(role, portOf('server-other')));
    await start('server-udp', (role) => tupleDatagramServer(role, portOf('server-udp')));
    await start('private', (role) => privateServer(role, privateAt(lab).port, { framing: framingOf(lab), commands: parseCommands(lab.text('commands')) }));
  },

  async play(lab) {
    const [server, other] = [lab.endpoint('server'), lab.endpoint('server-other')];
    const leave = gate();
    const first = await invite(lab, 'client', 'client-a', server, 0, leave, notePortRange);
    const guests = [first.guest];
    for (let n = 1; n < lab.number('connections'); n++) guests.push((await invite(lab, 'client', 'client-a', server, 0, leave)).guest);
    // The very port that the system chose for the first client: free on the other host, and on this one towards another port.
    guests.push((await invite(lab, 'client-same', 'client-b', server, first.port, leave)).guest);
    guests.push((await invite(lab, 'client-other', 'client-a', other, first.port, leave)).guest);
    for (const { speak, answered } of guests) {
      speak.open();
      await answered.passed;
    }
    for (const host of ['client-a', 'client-b']) {
      await lab.role({ id: numbered(lab, 'client-udp'), host, kind: 'client' }, plainly((role) => datagramVisitor(role, lab.endpoint('server-udp'), `I am on ${host}`))).ended;
    }
    await lab.role({ id: numbered(lab, 'server-again'), host: 'server', kind: 'server' }, plainly((role) => tupleServer(role, server.port))).ended;
    await sayPrivately(lab, (role) => privateClient(role, privateAt(lab), framingOf(lab), linesOf(lab.text('messages')))).ended;
    leave.open();
    await Promise.all(guests.map(({ role }) => role.ended));
  },

  actions: {
    say: async (lab, args) => void (await sayPrivately(lab, (role) => privateClient(role, privateAt(lab), framingOf(lab), [String(args['text'])])).ended),
    'say-raw': async (lab, args) => void (await sayPrivately(lab, (role) => rawClient(role, privateAt(lab), unescaped(String(args['bytes'])))).ended),
    visit: async (lab, args) => {
      const leave = gate();
      const { guest } = await invite(lab, 'client', 'client-a', lab.endpoint('server'), Number(args['port']), leave);
      guest.speak.open();
      await guest.answered.passed;
      leave.open();
      await guest.role.ended;
    },
  },
};

export default lab;
