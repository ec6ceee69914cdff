// Who has a socket, where the system has no /proc: what lsof and netstat with tasklist say, in the forms that their manuals give; and that each end is asked
// about once, one after the other.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Note } from '../../../shared/trace/notes';
import { Namer } from './namer';
import { lsofProgram, programBySystem, tasklistName } from './programBySystem';

const LSOF = 'p812\ncpython3\nf3\nn127.0.0.1:8000\nf4\nn127.0.0.1:8000->127.0.0.1:52001\np901\nccurl\nf5\nn127.0.0.1:52001->127.0.0.1:8000\np77\ncnode\nf9\nn*:9000\nf10\nn[::1]:9001\n';

describe('a program', () => {
  it('of macOS is whose own end it is, not the other one; a socket of every address counts where no other has it', () => {
    expect(lsofProgram(LSOF, { address: '127.0.0.1', port: 52_001 })).toEqual({ pid: 901, name: 'curl' });
    expect(lsofProgram(LSOF, { address: '127.0.0.1', port: 8000 })).toEqual({ pid: 812, name: 'python3' });
    expect(lsofProgram(LSOF, { address: '127.0.0.1', port: 9000 })).toEqual({ pid: 77, name: 'node' });
    expect(lsofProgram(LSOF, { address: '::1', port: 9001 })).toEqual({ pid: 77, name: 'node' });
    expect(lsofProgram(LSOF, { address: '127.0.0.1', port: 1 })).toBeNull();
    expect(lsofProgram('pnothing\nn127.0.0.1:1\n', { address: '127.0.0.1', port: 1 })).toBeNull();
  });

  it('of Windows has the name that tasklist gives for the number that netstat gives', () => {
    expect(tasklistName('"curl.exe","4321","Console","1","9,876 K"\r\n', 4321)).toBe('curl');
    expect(tasklistName('INFO: No tasks are running which match the specified criteria.\r\n', 4321)).toBeNull();
  });
});

describe.runIf(process.platform === 'linux')('programs of the system', () => {
  it('are run, and what they cannot say is nobody', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'looplab-programs-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const program = async (name: string, lines: string): Promise<string> => {
      const file = path.join(folder, name);
      await writeFile(file, `#!/bin/sh\n${lines}\n`);
      await chmod(file, 0o700);
      return file;
    };
    const programs = {
      lsof: await program('lsof', `[ "$*" = '-nP -F pcn -i tcp:52001' ] || exit 1\nprintf 'p901\\nccurl\\nn127.0.0.1:52001->127.0.0.1:8000\\n'`),
      netstat: await program('netstat', `echo '  TCP    127.0.0.1:52001   127.0.0.1:8000   ESTABLISHED   4321'`),
      tasklist: await program('tasklist', `[ "$2" = 'PID eq 4321' ] && echo '"curl.exe","4321","Console","1","9,876 K"'`),
    };
    const end = { address: '127.0.0.1', port: 52_001 };
    expect(await programBySystem('tcp', end, 'darwin', programs)).toEqual({ pid: 901, name: 'curl' });
    expect(await programBySystem('udp', end, 'darwin', programs)).toBeNull();
    expect(await programBySystem('tcp', end, 'win32', programs)).toEqual({ pid: 4321, name: 'curl' });
    expect(await programBySystem('udp', end, 'win32', programs)).toBeNull();
    expect(await programBySystem('tcp', end, 'darwin', { ...programs, lsof: path.join(folder, 'none') })).toBeNull();
    expect(await programBySystem('tcp', end, 'aix', programs)).toBeNull();
  });

  it('are asked once about each end, one after the other', async () => {
    const notes: Note[] = [];
    const asked: number[] = [];
    let running = 0;
    const namer = new Namer((note) => notes.push(note), async (_protocol, { port }) => {
      asked.push(port);
      expect(++running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return port === 2 ? null : { pid: port, name: `program ${port}` };
    });
    for (const port of [1, 2, 3, 1]) namer.meet('tcp', { address: '127.0.0.1', port });
    while (asked.length < 3 || running > 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([1, 2, 3]);
    expect(notes.map((note) => note.topic === 'process.named' && note.name)).toEqual(['program 1', 'program 3']);
  });
});
