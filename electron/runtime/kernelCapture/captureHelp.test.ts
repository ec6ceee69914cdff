// What a user is told to do where packets cannot be recorded: for each system, and what is on it.
import { describe, expect, it } from 'vitest';
import { captureHelp, thisSystem, type System } from './captureHelp';

const system = (platform: NodeJS.Platform, has: Partial<Omit<System, 'platform'>> = {}): System => ({
  platform, program: () => null, exists: () => false, readable: () => false, groupOf: () => null, distribution: [], ...has,
});
const both = { program: (name: string) => `/usr/bin/${name}` };

describe('Linux', () => {
  it('is told how its own distribution installs one', () => {
    expect(captureHelp('ENOENT', system('linux', { distribution: ['linuxmint', 'ubuntu', 'debian'] }))).toEqual({ what: 'install', program: 'tcpdump', commands: ['sudo apt install tcpdump'], link: '' });
    expect(captureHelp('ENOENT', system('linux', { distribution: ['fedora'] }))?.commands).toEqual(['sudo dnf install tcpdump']);
    expect(captureHelp('ENOENT', system('linux', { distribution: ['nixos'] }))).toMatchObject({ commands: [], link: 'https://www.tcpdump.org/' });
  });

  it('is told the command for the program that is there', () => {
    expect(captureHelp('EPERM', system('linux', both))).toMatchObject({ what: 'allow', program: 'tcpdump', commands: ['sudo setcap cap_net_raw,cap_net_admin=eip /usr/bin/tcpdump'] });
    const alone = { program: (name: string) => (name === 'dumpcap' ? "/opt/my tools/it's/dumpcap" : null) };
    expect(captureHelp('EPERM', system('linux', alone))?.commands).toEqual([String.raw`sudo setcap cap_net_raw,cap_net_admin=eip '/opt/my tools/it'\''s/dumpcap'`]);
  });

  it('is told to join the group that may', () => {
    expect(captureHelp('EPERM', system('linux', { ...both, groupOf: () => 'wireshark' }))).toMatchObject({ what: 'group', program: 'dumpcap', commands: ['sudo usermod -aG wireshark "$USER"'] });
  });

  it('is told nothing of what nobody knows', () => {
    expect(captureHelp('EINVAL', system('linux', both))).toBeNull();
    expect(captureHelp('EPERM', system('aix', both))).toBeNull();
  });
});

it('macOS is shown ChmodBPF, which is not ours to bring', () => {
  expect(captureHelp('EPERM', system('darwin', both))).toEqual({ what: 'chmodBpf', program: 'tcpdump', commands: [], link: 'https://www.wireshark.org/download.html' });
  expect(captureHelp('EINVAL', system('darwin', { ...both, readable: (path) => path === '/dev/bpf0' }))).toBeNull();
});

it('Windows is shown what it lacks: Npcap, Wireshark, or the right to Npcap', () => {
  const npcap = { exists: (path: string) => path.endsWith('wpcap.dll') };
  expect(captureHelp('ENOENT', system('win32'))).toMatchObject({ what: 'npcap', link: 'https://npcap.com/' });
  expect(captureHelp('ENOENT', system('win32', npcap))).toMatchObject({ what: 'wireshark', link: 'https://www.wireshark.org/download.html' });
  expect(captureHelp('EPERM', system('win32', npcap))).toMatchObject({ what: 'npcapAdmin' });
});

it('knows the system that it runs on', () => {
  const here = thisSystem();
  expect(here.program('node')).not.toBeNull();
  expect(here.program('no-such-program-of-ours')).toBeNull();
  expect(here.groupOf('/nonexistent')).toBeNull();
  if (process.platform === 'linux') expect(here.distribution.length).toBeGreaterThan(0);
});
