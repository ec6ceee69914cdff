// Asks tshark about many display filters in one run: which it takes (as colour rules, each of which it compiles), and what each finds in a file (as the
// protocol hierarchy of what fits). Test code only.

import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MUCH = { maxBuffer: 256 * 1024 * 1024 };

/** All fields that tshark knows: type and base by name, protocols with the type FT_PROTOCOL. */
export async function tsharkFieldTypes(): Promise<ReadonlyMap<string, { readonly type: string; readonly base: string }>> {
  const { stdout } = await run('tshark', ['-G', 'fields'], MUCH);
  const types = new Map<string, { readonly type: string; readonly base: string }>();
  for (const line of stdout.split('\n')) {
    const [sort = '', , name = '', type = '', , base = ''] = line.split('\t');
    if (sort === 'P') types.set(name, { type: 'FT_PROTOCOL', base: '' });
    else if (sort === 'F' && !types.has(name)) types.set(name, { type, base });
  }
  return types;
}

/** The names that tshark has for values of these fields: `field value name`, of a flag 1 when set and 0 when not; the first name of each value. */
export async function tsharkValueNames(fields: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const tshark = spawn('tshark', ['-G', 'values'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: tshark.stdout })) {
    const [sort, field = '', one = '', two = ''] = line.split('\t', 4);
    if (!fields.has(field)) continue;
    if (sort === 'T') names.add(`${field} 1 ${one}`).add(`${field} 0 ${two}`);
    if (sort !== 'V' || seen.has(`${field} ${Number(one)}`)) continue;
    seen.add(`${field} ${Number(one)}`);
    names.add(`${field} ${Number(one)} ${two}`);
  }
  return names;
}

/** Of each filter why tshark refuses it; null: it takes it. `file`: any capture. Filters without '@'. */
export async function tsharkRefuses(filters: readonly string[], file: string): Promise<readonly (string | null)[]> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-filters-'));
  try {
    const settings = join(folder, 'wireshark');
    await mkdir(settings);
    await writeFile(join(settings, 'colorfilters'), filters.map((filter, i) => `@rule${i}@${filter}@[0,0,0][1,1,1]\n`).join(''));
    const { stdout, stderr } = await run('tshark', ['--color', '-n', '-c', '1', '-r', file], { ...MUCH, env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, WIRESHARK_CONFIG_DIR: settings } });
    const refused = new Map([...`${stdout}${stderr}`.matchAll(/Could not compile "rule(\d+)"[^\n]*\n([^\n]*)/g)].map((match) => [Number(match[1]), match[2] ?? ''] as const));
    return filters.map((_, i) => refused.get(i) ?? null);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export interface Found {
  readonly packets: number;
  /** Of these packets on the wire: tells apart what a number alone may not. */
  readonly bytes: number;
}

/** What each filter finds in a file. Rejects when tshark refuses one. */
export async function tsharkFinds(filters: readonly string[], file: string): Promise<ReadonlyMap<string, Found>> {
  const { stdout } = await run('tshark', ['-n', '-q', '-r', file, ...filters.flatMap((filter) => ['-z', `io,phs,${filter}`])], { ...MUCH, env: { ...process.env, TZ: 'UTC' } });
  const found = new Map<string, Found>();
  for (const block of stdout.split('Protocol Hierarchy Statistics\n').slice(1)) {
    const filter = /^Filter: (.*)\n/.exec(block)?.[1] ?? '';
    let [packets, bytes] = [0, 0];
    // Outermost protocols stand at the margin.
    for (const line of block.matchAll(/^\S+ +frames:(\d+) bytes:(\d+)/gm)) {
      packets += Number(line[1]);
      bytes += Number(line[2]);
    }
    found.set(filter, { packets, bytes });
  }
  return found;
}
