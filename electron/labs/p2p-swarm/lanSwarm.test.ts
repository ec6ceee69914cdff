// Leaving one's own swarm for that of another machine: whatever the script is doing, its peers end and the run goes on. The lab's own tracker
// stands for the other machine's here; over a real cable: tests/interop/share.test.ts.
import { describe, expect, it } from 'vitest';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Lab, LabContext } from '../../roles/lab';
import { LabTest } from '../run.fixture';
import lab from './lab';
import { SCENARIOS } from './manifest';
import { runOf } from './swarmRun';

const SLOW = { up: 20, 'choke-interval': 300, interval: 1, pieces: 40 };

/** The lab, whose script is interrupted when so many peers are here; then `then` goes on. */
const interrupted = (peers: number, then: (context: LabContext) => Promise<void>): Lab => ({
  ...lab,
  play: async (context) => {
    const playing = lab.play(context);
    while (runOf(context).members.length < peers) await context.sleep(5);
    await lab.swarm?.clear(context);
    await playing;
    await then(context);
  },
});

describe('joining another swarm', () => {
  it.each(SCENARIOS)('in the middle of %s: nobody of its own is left, and the run is open', async (scenario) => {
    const run = await LabTest.play(interrupted(2, (context) => {
      expect(runOf(context).members.filter(({ here }) => here)).toEqual([]);
      return Promise.resolve();
    }), { ...SLOW, scenario });
    const ended = run.facts('role.ended').length;
    expect(run.facts('role.started').length - ended).toBe(1);
    await expect(run.act('add-peer')).rejects.toMatchObject({ code: 'NO_SERVER' });
  });

  it('one newcomer with an id of its own goes in, by the torrent that is given there, until it is left', async () => {
    const leaving = new AbortController();
    const seen: LabContext[] = [];
    const run = await LabTest.play(interrupted(3, async (context) => {
      seen.push(context);
      await lab.swarm?.enter(context, context.endpoint('tracker'), leaving.signal);
    }), SLOW);
    const [context] = seen;
    if (context === undefined) throw new Error('it was not interrupted');
    const { film, members } = runOf(context);
    expect(run.prints('get-torrent')).toEqual([`film-1.bin: ${film.file.length} bytes in 40 pieces`]);
    const newcomer = members.find(({ here }) => here);
    expect(newcomer?.peer.store.torrent).toMatchObject({ infoHash: film.torrent.infoHash, announce: `http://${formatEndpoint(context.endpoint('tracker'))}/announce` });
    expect(newcomer?.peer.store.have.count).toBe(0);
    leaving.abort();
    await newcomer?.role.ended;
    // Its own swarm may come again.
    await run.act('add-peer');
    await run.act('add-peer', { brings: 'film' });
    await run.until(() => run.facts('role.noted').some(({ text }) => text.includes('"bt.have"')));
  });

  it('where there is no torrent it says why, and stays outside', async () => {
    const run = await LabTest.play(interrupted(3, async (context) => {
      const nobody = { ...context.endpoint('tracker'), port: 1 };
      await expect(lab.swarm?.enter(context, nobody, new AbortController().signal)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      expect(runOf(context).abroad).toBe(false);
    }), SLOW);
    expect(run.prints('get-torrent')).toEqual(['ECONNREFUSED: nobody listens there. Is the server running?']);
  });
});
