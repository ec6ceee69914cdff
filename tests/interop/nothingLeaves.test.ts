// Nothing leaves loopback: the labs of architectures run in a network of their own that has a way out, and the kernel watches it. Not one
// packet goes there: no DHT, no local discovery (multicast), no port mapping, no name looked up. Labs are found, not listed.

import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import swarm from '../../electron/labs/p2p-swarm/lab';
import type { Lab } from '../../electron/roles/lab';
import { buildEntry, type Built } from '../../electron/runtime/build.fixture';
import { start } from './support';

const labs = Object.values(import.meta.glob<{ default: Lab }>('../../electron/labs/*/lab.ts', { eager: true }))
  .map((module) => module.default)
  .filter(({ manifest }) => manifest.group === 'architectures')
  .map((lab) => ({ id: lab.manifest.id, scenarios: lab.manifest.parameters.flatMap((parameter) => (parameter.type === 'choice' && parameter.id === 'scenario' ? parameter.options : [])) }));

/** Those of the lesson's command lines that are installed here. */
const PROGRAMS = ([['aria2', 'aria2c'], ['transmission', 'transmission-cli']] as const).filter(([, program]) => spawnSync(program, ['--version']).error === undefined).map(([id]) => id);

/**
 * A network with an interface that leads out, a route to everywhere, and a neighbour that answers for all: what is sent to another address,
 * multicast too, leaves. Without IPv6 there, since the system itself would speak it. $1: what runs; it ends with a datagram of ours that goes
 * out on purpose, so that an empty capture would show that nobody watched.
 */
const OUTSIDE = `
set -e
ip link set lo up
ip link add out0 type veth peer name out1
sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 || true
ip addr add 192.0.2.2/24 dev out0
ip link set out1 up
ip link set out0 multicast on up
ip route add default via 192.0.2.1 dev out0
ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev out0
tcpdump -i out0 -n -U --immediate-mode -l > "$FOLDER/out" 2> "$FOLDER/said" &
watcher=$!
for i in $(seq 600); do grep -q 'listening on' "$FOLDER/said" && break; kill -0 $watcher; sleep 0.1; done
sh -c "$1" || echo "STATUS $?"
"$NODE" -e "const s = require('dgram').createSocket('udp4'); s.send('end', 9, '198.51.100.9', () => s.close())"
for i in $(seq 600); do grep -q '198.51.100.9' "$FOLDER/out" && break; kill -0 $watcher; sleep 0.1; done
kill $watcher
wait $watcher 2> /dev/null || true
`;

/** Null when this user may do all that, else why not. */
function problem(): string | null {
  if (process.platform !== 'linux') return 'namespaces are Linux\'s';
  const tried = spawnSync('unshare', ['--net', 'sh', '-c', 'ip link add out0 type veth peer name out1 && tcpdump --version'], { encoding: 'utf8' });
  return tried.error === undefined && tried.status === 0 ? null : `${tried.error?.message ?? tried.stderr}`.trim();
}

const why = problem();
let built: Built;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-outside-'));
  built = await buildEntry('electron/cli.ts');
}, 120_000);
afterAll(async () => {
  await built.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What went out, a line a packet, while the shell did `what`, and what that printed. */
async function outsideWhile(what: string): Promise<{ readonly left: readonly string[]; readonly output: string }> {
  const { output } = await start('unshare', '--net', 'env', `FOLDER=${folder}`, `NODE=${process.execPath}`, `LOOPLAB=${built.file}`, 'sh', '-c', OUTSIDE, 'sh', what).ended;
  const [out = '', said] = await Promise.all(['out', 'said'].map((name) => readFile(join(folder, name), 'utf8')));
  const lines = out.split('\n').filter((line) => line !== '');
  // The mark of the end proves that the capture saw what leaves.
  expect(lines.filter((line) => line.includes('198.51.100.9')), said).toHaveLength(1);
  return { left: lines.filter((line) => !line.includes('198.51.100.9')), output };
}

it('there are labs of architectures', () => expect(labs.map(({ id }) => id)).toContain('p2p-swarm'));

describe.skipIf(why !== null)(`nothing leaves loopback${why === null ? '' : ` (not run: ${why})`}`, () => {
  it('this test would see what leaves', async () => {
    const { left } = await outsideWhile(`"$NODE" -e "const s = require('dgram').createSocket('udp4'); s.send('BT-SEARCH', 6771, '239.192.152.143', () => s.close())"`);
    expect(left).toEqual([expect.stringContaining('239.192.152.143.6771')]);
  });

  it.each(labs)('$id', async ({ id, scenarios }) => {
    const run = (...set: string[]): string => `"$NODE" "$LOOPLAB" run ${id} ${set.map((one) => `--set ${one}`).join(' ')} --timeout 100 --json > /dev/null`;
    const all = scenarios.length === 0 ? [run()] : scenarios.map((scenario) => run(`scenario=${scenario}`));
    const { left, output } = await outsideWhile(all.join(' && '));
    expect(output).not.toContain('STATUS');
    expect(left).toEqual([]);
  }, 300_000);

  it.each(PROGRAMS)('the command line for %s does not look beyond this machine either', async (program) => {
    const shown = swarm.manifest.tryIt.find(({ id }) => id === program)?.command ?? '';
    const command = shown.replaceAll('{address}', '127.0.60.1').replaceAll('{port}', '6969').replaceAll('/tmp', folder).replace(/(?=(aria2c|transmission-cli) )/, 'timeout -s INT 60 ');
    // Until the film is there, and some seconds more: announcements come then.
    const { left, output } = await outsideWhile(`
      export HOME="$FOLDER"
      "$NODE" "$LOOPLAB" serve p2p-swarm --set interval=1 --set up=0 --set pieces=4 > /dev/null & serving=$!
      for i in $(seq 100); do curl -so /dev/null http://127.0.60.1:6969/scrape && break; sleep 0.1; done
      (${command}) > "$FOLDER/log" 2>&1 & peer=$!
      for i in $(seq 500); do [ "$(find "$FOLDER" -name 'film-1.bin' -size 64k)" != '' ] && echo FILM && break; sleep 0.1; done
      sleep 3
      kill -INT $serving; pkill -INT -P $peer; wait $serving $peer; rm -rf "$FOLDER"/film-1* "$FOLDER"/looplab*`);
    expect(output).toContain('FILM');
    expect(left).toEqual([]);
  }, 120_000);
});
