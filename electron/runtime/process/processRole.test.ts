import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import { LabTest, local } from '../../labs/run.fixture';
import type { Lab, LabContext, ProgramOptions } from '../../roles/lab';
import type { ProgramName } from '../../roles/programs/programs';

const SERVER = { address: '127.0.9.1', port: 7999 };

/** A lab whose server is a process. */
export function processLab(program: ProgramName, options: ProgramOptions, play: (lab: LabContext) => Promise<void>): Lab {
  return {
    manifest: {
      id: 'processes', group: 'sockets', order: 1, steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [], parameters: [], actions: [],
      hosts: [{ id: 'server', address: SERVER.address }, { id: 'client', address: '127.0.9.2' }],
      endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: SERVER.port }],
    },
    async serve(lab) {
      await lab.process({ id: 'server', host: 'server', kind: 'server' }, program, { port: lab.endpoint('server').port, ...options }).ready;
    },
    play,
  };
}

const line = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a program in a process of its own', () => {
  it('echoes, and its calls are in the trace', async () => {
    const run = await LabTest.play(processLab('iterativeServer', {}, async (lab) => {
      await lab.role({ id: 'client', host: 'client', kind: 'client' }, async (role) => {
        const socket = await role.host.net.dial(lab.endpoint('server'));
        await socket.sendAll(line('hello\n'));
        role.print(new TextDecoder().decode(await socket.recv(64)));
        socket.close();
      }).ended;
    }));
    expect(run.prints('client')).toEqual(['hello\n']);
    console.log(Array.from({length: run.store.count}, (_, i) => run.store.at(i)).map((f) => `${f.t.toFixed(0)} ${f.role} ${f.kind} ${f.sock} ${f.a} ${f.err} ${f.text.slice(0, 60)}`).join('\n'));
    await run.stop();
    console.log(Array.from({length: run.store.count}, (_, i) => run.store.at(i)).map((f) => `${f.t.toFixed(0)} ${f.role} ${f.kind} ${f.sock} ${f.a} ${f.err} ${f.text.slice(0, 60)}`).slice(-6).join('\n'));
    void must; void local;
  });
});
