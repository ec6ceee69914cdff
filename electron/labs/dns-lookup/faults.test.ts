// The DNS lab's disturbances: a line that loses datagrams, an attacker, a zone file with mistakes, a machine with one loopback address.
import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../capture/network';
import { createClock } from '../../capture/clock';
import { Recorder } from '../../capture/recorder';
import { planHosts } from '../../runtime/hosts';
import { labParams } from '../../runtime/labParams';
import { LabRun } from '../../runtime/labRunner';
import { TraceStore } from '../../../shared/trace/store';
import { local } from '../run.fixture';
import lab from './lab';
import { caching, notes, play, verdicts } from './lookups.fixture';
import { EXAMPLE_ZONE, LIE } from './zones';

describe('a bad line', () => {
  it.each(['client', 'authority'])('that loses everything, %s: asked again, then given up', async (relay) => {
    const run = await play({ relay, loss: 100, lookups: 1, name: 'www.example.test' });
    expect(run.facts('fault.applied').every((fact) => fact.text === 'loss')).toBe(true);
    expect(run.stepsDone()).toContain('retry');
    if (relay === 'authority') {
      expect(run.facts('fault.applied', 'relay')).toHaveLength(3);
      expect(run.verdict('outcome')).toBe('servfail');
    } else {
      expect(run.facts('fault.applied', 'relay')).toHaveLength(4);
      expect([run.prints('client-1'), run.verdict('outcome')]).toEqual([['www.example.test A: ETIMEDOUT: no answer in time'], 'silence']);
    }
  });

  it('that loses half, by the seed: the answer comes in the end', async () => {
    const run = await play({ relay: 'authority', loss: 40, seed: 1, lookups: 1 });
    expect(run.facts('fault.applied', 'relay').length).toBeGreaterThan(0);
    expect(run.prints('client-1')).toEqual(['www.example.test A: NOERROR, answer 127.0.60.2 (300 s)']);
    // The relay's address stands in the zones, so it is what the resolver asks.
    expect(notes(run, 'resolver').filter((note) => note.topic === 'dns.ask' && note.server === `${local('127.0.54.1')}:5300`).length).toBeGreaterThan(1);
  });

  it('that delays: TCP goes through it too', async () => {
    const run = await play({ relay: 'client', loss: 0, delay: 50, name: 'big.example.test', type: 'TXT', lookups: 1 });
    expect(run.prints('client-1')[0]).toContain('answer 24 strings');
    expect(run.verdict('transport')).toBe('tcp');
  });
});

describe('an attacker', () => {
  it.each([['wrong-address', 'address', 1], ['wrong-port', 'port', 1], ['wrong-id', 'id', 20]])('%s: refused, because of the %s', async (attack, why, count) => {
    const run = await play({ attack });
    const ignored = notes(run, 'resolver').filter((note) => note.topic === 'dns.ignored');
    expect(ignored.map((note) => [note.why, note.name])).toEqual(Array(count).fill([why, 'www.example.test']));
    expect(run.facts('datagram.sent', 'attacker')).toHaveLength(count);
    // Nobody told him: he has seen no datagram.
    expect(run.facts('datagram.received', 'attacker')).toEqual([]);
    expect(run.prints('client-1')).toEqual(Array(2).fill('www.example.test A: NOERROR, answer 127.0.60.2 (300 s)'));
    expect(verdicts(run)).toMatchObject({ forged: 'refused', outcome: 'records' });
    expect(run.stepsDone()).toContain('forged');
  });

  it('on the path: believed, and remembered', async () => {
    const run = await play({ attack: 'on-path' });
    expect(run.prints('client-1')).toEqual(Array(2).fill(`www.example.test A: NOERROR, answer ${LIE} (86400 s)`));
    expect(caching(run)).toContain('hit www.example.test A');
    expect(verdicts(run)).toMatchObject({ forged: 'believed' });
    expect(run.stepsDone()).toContain('forged');
  });

  it('with records about others: those are not read', async () => {
    const run = await play({ attack: 'extra-records' });
    expect(notes(run, 'resolver').filter((note) => note.topic === 'dns.ignored')).toMatchObject([{ why: 'out-of-bailiwick', name: 'www.naver.com' }]);
    expect(run.prints('client-1')).toEqual(['www.prize.test A: NOERROR, answer 127.0.66.7 (300 s)', 'www.naver.com A: NOERROR, answer 127.0.60.20, 127.0.60.21 (300 s)']);
    expect(verdicts(run)).toMatchObject({ forged: 'refused' });
  });

  it('by hand, one after the other', async () => {
    const run = await play({ lookups: 1 });
    await run.act('attack', { kind: 'wrong-id' });
    await run.act('attack', { kind: 'extra-records' });
    await run.act('attack', { kind: 'on-path' });
    expect(run.prints('client-2')[0]).toContain('127.0.60.2');
    expect(run.prints('client-4')[0]).toContain(LIE);
    expect(run.errors('attacker*')).toEqual([]);
  });
});

describe('the zone of the form', () => {
  it('is what the servers serve', async () => {
    const run = await play({ zone: '$ORIGIN shop.test.\n$TTL 10\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\nns1 A 127.0.52.2\nwww 20 A 127.0.60.77\n', name: 'www.shop.test', lookups: 1 });
    expect(run.prints('client-1')).toEqual(['www.shop.test A: NOERROR, answer 127.0.60.77 (20 s)']);
  });

  it.each([
    [`${EXAMPLE_ZONE}oops A 127.0.0.x\n`, 'zone, line 19: bad address: 127.0.0.x'],
    [`${EXAMPLE_ZONE}www CNAME web\n`, /zone, line 19: www\.example\.test\. has a CNAME record/],
    [EXAMPLE_ZONE.replaceAll('example.test.', 'example.kr.'), /zone, the zone's top must be a name just below test\./],
    ['', 'zone, a zone needs a SOA record'],
  ])('is refused with its line: %#', async (zone, message) => {
    await expect(play({ zone })).rejects.toThrow(message);
  });
});

describe('a machine with one loopback address', () => {
  it.each([{}, { client: 'iterative' }, { attack: 'on-path' }, { relay: 'authority', loss: 0 }, { name: 'big.example.test', type: 'TXT', relay: 'client', loss: 0 }])('tells its servers apart by their ports: %j', async (params) => {
    const trace = new TraceStore();
    const recorder = new Recorder({ clock: createClock(), onBatch: (batch) => trace.append(batch) });
    const run = new LabRun({
      lab, params: labParams(lab, params), recorder, mode: 'play', timeout: 15_000, onChange: () => undefined,
      plan: (manifest) => planHosts(manifest, (address) => Promise.resolve(address === '127.0.0.1' ? null : 'EADDRNOTAVAIL')),
      network: (host, role) => createNetwork(recorder, { host: host.id, role, address: host.address }),
    });
    run.start();
    await run.settled;
    const { error, endpoints } = run;
    await run.stop();
    expect(error).toBeNull();
    const said = Array.from({ length: trace.count }, (_, seq) => trace.at(seq)).flatMap((fact) => (fact.kind === 'role.printed' ? [fact.text] : []));
    expect(said[0]).toBe('all servers share one address here: only their ports tell them apart');
    expect(said.at(-1)).toMatch('attack' in params ? LIE : 'name' in params ? 'answer 24 strings' : 'NOERROR, answer 127.0.60.2');
    // Each server has one port, for both transports.
    const ports = new Map(['udp', 'tcp'].map((protocol) => [protocol, endpoints.filter((one) => one.protocol === protocol && !one.role.startsWith('relay')).map((one) => one.port)]));
    expect(ports.get('udp')).toEqual(ports.get('tcp'));
    expect(new Set(ports.get('udp')).size).toBe('attack' in params ? 9 : 10);
    expect(new Set(endpoints.map((one) => one.address))).toEqual(new Set(['127.0.0.1']));
  });
});
