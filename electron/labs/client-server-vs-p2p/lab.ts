// The lab of two architectures: the same file to N receivers from one server and by a swarm, over links of the same caps, really run, and
// put beside the textbook's formulas (shared/lab/distribution.ts).

import type { Distribution } from '../../../shared/lab/distribution';
import type { DistributionWay } from '../../../shared/trace/notes';
import { Link } from '../../roles/bittorrent/link';
import { generateFile, makeTorrent } from '../../roles/bittorrent/metainfo';
import { tracker } from '../../roles/bittorrent/tracker';
import { FileServer } from '../../roles/distribution/fileServer';
import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RoleContext } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import { distribute, type Setting } from './distribute';
import { manifest } from './manifest';
import { formulaOf, KIB, planRuns, receiversOf, type PlannedRun } from './plan';

interface State {
  given: Distribution;
  setting: Setting | null;
  conductor: RoleContext | null;
  runs: number;
  /** One run at a time: the links are its own. */
  turn: Promise<unknown>;
}

const stateOf = perRun<State>(() => ({ given: { size: 0, serverUp: 0, peerUp: 0, peerDown: 0 }, setting: null, conductor: null, runs: 0, turn: Promise.resolve() }));

const RECEIVERS_OF_THE_MODEL = 1_000_000;

/** Peers that are always told of all others, and asked again by the user's programs only. */
const ANNOUNCE_INTERVAL = 120;

function setLinks(lab: LabContext, kib: (id: string) => number): void {
  const state = stateOf(lab);
  state.given = { size: lab.number('size') * KIB, serverUp: kib('server-up') * KIB, peerUp: kib('receiver-up') * KIB, peerDown: kib('receiver-down') * KIB };
  if (state.setting !== null) state.setting.serverLink.cap = state.given.serverUp;
}

async function run(lab: LabContext, { way, receivers }: PlannedRun): Promise<number | null> {
  const state = stateOf(lab);
  const { setting, conductor, given } = state;
  if (setting === null || conductor === null) return null;
  return distribute(lab, conductor, setting, { way, receivers, number: ++state.runs, given });
}

/** Waits for its turn. */
function inTurn<T>(lab: LabContext, job: () => Promise<T>): Promise<T> {
  const state = stateOf(lab);
  const result = state.turn.then(job);
  state.turn = result.catch(() => undefined);
  return result;
}

const say = (ms: number): string => (ms < 10_000 ? `${Math.round(ms)} ms` : ms < 36e5 ? `${Math.round(ms / 1000)} s` : `${(ms / 36e5).toFixed(1)} h`);

const lab: Lab = {
  manifest,

  async serve(lab) {
    const state = stateOf(lab);
    receiversOf(lab.text('receivers')); // says at once what is wrong with it
    setLinks(lab, (id) => lab.number(id));
    const file = generateFile(state.given.size, lab.number('seed'));
    const { address, port } = lab.endpoint('tracker');
    const torrent = makeTorrent(file, { name: 'file', announce: `udp://${address}:${port}`, pieceLength: Number(lab.text('piece-size')) * KIB });
    const serverLink = new Link(state.given.serverUp);
    const server = lab.role({ id: 'server', host: 'server', kind: 'server' }, plainly(async (role) => {
      const program = new FileServer(role, { port: lab.endpoint('server').port, file, up: serverLink });
      state.setting = { file, torrent, server: program, serverLink };
      await program.run();
    }));
    const tracking = lab.role({ id: 'tracker', host: 'tracker', kind: 'server' }, plainly((role) => tracker(role, { httpPort: null, udpPort: port, interval: ANNOUNCE_INTERVAL, seed: 1 })));
    // Measures and tells; it has no socket.
    lab.role({ id: 'conductor', host: 'server', kind: 'server' }, async (role) => {
      state.conductor = role;
      await new Promise<void>((resolve) => role.signal.addEventListener('abort', () => resolve(), { once: true }));
    });
    await Promise.all([server.ready, tracking.ready]);
  },

  async play(lab) {
    const { given, conductor } = stateOf(lab);
    const chosen = lab.text('ways');
    const ways: readonly DistributionWay[] = chosen === 'both' ? ['server', 'swarm'] : [chosen as DistributionWay];
    const { runs, leftOut } = planRuns(ways, receiversOf(lab.text('receivers')), given);
    if (leftOut.length > 0) conductor?.print(`left out, for the formulas give more than a minute: ${leftOut.join(', ')} receivers`);
    for (const each of runs) await inTurn(lab, () => run(lab, each));
    for (const way of ways) conductor?.print(`model, by the formula: ${RECEIVERS_OF_THE_MODEL.toLocaleString('en')} receivers by the ${way} in ${say(formulaOf(way, given, RECEIVERS_OF_THE_MODEL))}`);
  },

  actions: {
    run: async (lab, args) => {
      const way = args['way'] as DistributionWay;
      const { runs } = planRuns([way], [Number(args['receivers'])], stateOf(lab).given);
      for (const each of runs) await inTurn(lab, () => run(lab, each));
    },
    'change-links': (lab, args) => inTurn(lab, () => Promise.resolve(setLinks(lab, (id) => Number(args[id])))),
  },
};

export default lab;
