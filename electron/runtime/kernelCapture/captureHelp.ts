// What a user can do so that packets can be recorded: the exact commands for the programs that are here, or where to get one. Nothing is run and
// nothing is installed by us. What is asked of the system is given in, so that each system's answer is tested on every one.

import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { CaptureProblem } from '../../../shared/ipc/contract';

/** What is asked of the system that Looplab runs on. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** The file of a program, as a shell finds it; null: there is none. */
  program(name: string): string | null;
  exists(path: string): boolean;
  readable(path: string): boolean;
  /** The group that may run a file which not everybody may; null: everybody may, or nobody but its owner. */
  groupOf(path: string): string | null;
  /** ID and ID_LIKE of /etc/os-release, in lower case. */
  readonly distribution: readonly string[];
}

type Help = NonNullable<CaptureProblem['help']>;

const RIGHTS = 'cap_net_raw,cap_net_admin=eip';
const LINKS = { tcpdump: 'https://www.tcpdump.org/', wireshark: 'https://www.wireshark.org/download.html', npcap: 'https://npcap.com/' } as const;
/** Where macOS and Windows keep what their capture programs need. */
const BPF = '/dev/bpf0';
const NPCAP = 'C:\\Windows\\System32\\Npcap\\wpcap.dll';
const INSTALLS: readonly (readonly [distribution: string, command: string])[] = [
  ['debian', 'sudo apt install tcpdump'], ['ubuntu', 'sudo apt install tcpdump'], ['fedora', 'sudo dnf install tcpdump'], ['rhel', 'sudo dnf install tcpdump'],
  ['arch', 'sudo pacman -S tcpdump'], ['suse', 'sudo zypper install tcpdump'], ['alpine', 'sudo apk add tcpdump'],
];

/** `code`: of startTool()'s refusal. Null: nothing is known to help. */
export function captureHelp(code: string, system: System): Help | null {
  if (system.platform === 'win32') return onWindows(code, system);
  if (system.platform === 'darwin') return onMac(code, system);
  return system.platform === 'linux' ? onLinux(code, system) : null;
}

function onLinux(code: string, system: System): Help | null {
  if (code === 'ENOENT') {
    const command = INSTALLS.find(([name]) => system.distribution.includes(name))?.[1];
    return { what: 'install', program: 'tcpdump', commands: command === undefined ? [] : [command], link: command === undefined ? LINKS.tcpdump : '' };
  }
  if (code !== 'EPERM') return null;
  const tcpdump = system.program('tcpdump');
  const dumpcap = system.program('dumpcap');
  const group = dumpcap === null ? null : system.groupOf(dumpcap);
  // Wireshark's installer has given a group the right (0754, root:wireshark): who joins it needs nothing else.
  if (group !== null) return { what: 'group', program: 'dumpcap', commands: [`sudo usermod -aG ${group} "$USER"`], link: '' };
  const file = tcpdump ?? dumpcap;
  return file === null ? null : { what: 'allow', program: tcpdump === null ? 'dumpcap' : 'tcpdump', commands: [`sudo setcap ${RIGHTS} ${quoted(file)}`], link: '' };
}

/** tcpdump comes with macOS; who may open /dev/bpf*, Wireshark's ChmodBPF sets at each start of the system. */
function onMac(code: string, system: System): Help | null {
  if (code === 'ENOENT') return { what: 'install', program: 'tcpdump', commands: [], link: LINKS.wireshark };
  return code === 'EPERM' || !system.readable(BPF) ? { what: 'chmodBpf', program: 'tcpdump', commands: [], link: LINKS.wireshark } : null;
}

function onWindows(code: string, system: System): Help | null {
  if (!system.exists(NPCAP)) return { what: 'npcap', program: 'dumpcap', commands: [], link: LINKS.npcap };
  if (code === 'ENOENT') return { what: 'wireshark', program: 'dumpcap', commands: [], link: LINKS.wireshark };
  // Npcap is here: it was installed for administrators only, or without its loopback interface.
  return { what: 'npcapAdmin', program: 'dumpcap', commands: [], link: LINKS.npcap };
}

const quoted = (file: string): string => (/^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`);

/** The system that this runs on. */
export const thisSystem = (platform: NodeJS.Platform = process.platform): System => ({
  platform,
  program: (name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)).find((file) => may(file, constants.F_OK)) ?? null,
  exists: (path) => may(path, constants.F_OK),
  readable: (path) => may(path, constants.R_OK),
  groupOf: (path) => {
    try {
      const { mode, gid } = statSync(path);
      return (mode & 0o011) === 0o010 ? groupNamed(gid) : null;
    } catch {
      return null;
    }
  },
  distribution: platform === 'linux' ? [...textOf('/etc/os-release').matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, names = '']) => names.toLowerCase().split(/\s+/)) : [],
});

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const groupNamed = (gid: number): string | null => textOf('/etc/group').split('\n').map((line) => line.split(':')).find(([, , id]) => id === String(gid))?.[0] ?? null;
