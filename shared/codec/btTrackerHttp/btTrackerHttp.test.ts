// Announces and scrapes over HTTP: queries as clients send them, answers in both forms, and all that either may get wrong.

import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../base/bytes';
import { keyBytes, keyText } from '../bencode/value';
import { TRACKER_LIMITS } from '../btTracker/limits';
import { decodeTrackerAnswer, encodeTrackerAnswer, type TrackerAnswer, type TrackerPeers } from './answer';
import { percentDecode, percentEncode } from '../../base/percent';
import { announceOf, decodeTrackerQuery, encodeAnnounce, scrapedHashes, type Announce } from './query';

const HASH = fromHex('123456789abcdef123456789abcdef123456789a');
const PEER = keyBytes('A2-1-36-0-abcdefghi~');
const ANNOUNCE: Announce = {
  infoHash: HASH, peerId: PEER, port: 6881, uploaded: 0, downloaded: 16_384, left: 1_048_576, event: 'started', compact: true, noPeerId: false, want: 50, key: 'cafe', address: '', trackerId: '',
};
/** As the specification's example encodes it. */
const TARGET = '/announce?info_hash=%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A&peer_id=A2-1-36-0-abcdefghi~&port=6881&uploaded=0&downloaded=16384&left=1048576&compact=1&numwant=50&event=started&key=cafe';
const announce = (target: string): Announce | string => announceOf(decodeTrackerQuery(target));

describe('an announce', () => {
  it('is written and read', () => {
    expect(`/announce?${encodeAnnounce(ANNOUNCE)}`).toBe(TARGET);
    const query = decodeTrackerQuery(TARGET);
    expect(query).toMatchObject({ path: '/announce', problems: [] });
    expect(announceOf(query)).toEqual(ANNOUNCE);
  });

  it('takes either case, all bytes, and what it does not know', () => {
    expect(announce(TARGET.replace('%9A%BC', '%9a%bc').replace('Vx', '%56%78').concat('&supportcrypto=1&&x'))).toEqual(ANNOUNCE);
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(percentDecode(percentEncode(all))).toEqual({ bytes: all, broken: false });
    expect(percentEncode(keyBytes('a b+c/'))).toBe('a%20b%2Bc%2F');
    expect(keyText(percentDecode('a+b').bytes)).toBe('a+b');
  });

  it('keeps keys that are no text', () => {
    const key = '\xff\xfe a';
    expect(announce(`/announce?${encodeAnnounce({ ...ANNOUNCE, key })}`)).toEqual({ ...ANNOUNCE, key });
  });

  it.each([
    ['/announce', 'info_hash is missing'], [TARGET.replace('%124', '4'), 'info_hash has 19 bytes, not 20'], [TARGET.replace(/&peer_id=[^&]*/, ''), 'peer_id is missing'], [TARGET.replace('~', '~~'), 'peer_id has 21 bytes, not 20'],
    [TARGET.replace('6881', '0'), 'port is no port'], [TARGET.replace('6881', '65536'), 'port is no port'], [TARGET.replace('6881', '-1'), 'port is no port'], [TARGET.replace(/&port=\d+/, ''), 'port is missing'],
  ])('%s is none', (target, why) => {
    expect(announce(target)).toBe(why);
  });

  it('counters that are missing or no numbers count as none', () => {
    expect(announce(TARGET.replace('left=1048576', 'left=many').replace('&numwant=50', '').replace('event=started', 'event=paused').replace('&compact=1', ''))).toEqual({ ...ANNOUNCE, left: 0, want: null, event: '', compact: null });
  });

  it('says what is wrong and reads on, with bounds', () => {
    expect(decodeTrackerQuery(`${TARGET}&port=7000&x=%zz&y=%`).problems).toEqual(['port is there twice', 'x is not percent-encoded', 'y is not percent-encoded']);
    expect(announce(`${TARGET}&port=7000`)).toMatchObject({ port: 6881 });
    const many = decodeTrackerQuery(`/announce?${Array.from({ length: 300 }, (_, i) => `a${i}=1`).join('&')}`);
    expect(many.all).toHaveLength(TRACKER_LIMITS.parameters);
    expect(decodeTrackerQuery(`/a?x=${'y'.repeat(100_000)}`).parameters.get('x')?.length).toBeLessThan(TRACKER_LIMITS.query);
    expect([...decodeTrackerQuery('/a?__proto__=1&constructor=2#peer_id=3').parameters.keys()]).toEqual(['__proto__', 'constructor']);
    expect(() => encodeAnnounce({ ...ANNOUNCE, peerId: new Uint8Array(3) })).toThrow(RangeError);
  });

  it('a scrape names torrents, one after the other', () => {
    const hash = percentEncode(HASH);
    expect(scrapedHashes(decodeTrackerQuery(`/scrape?info_hash=${hash}&info_hash=abc&info_hash=${hash}`)).map((bytes) => toHex(bytes))).toEqual([toHex(HASH), toHex(HASH)]);
  });
});

const PEERS: TrackerPeers = { type: 'peers', interval: 1800, minInterval: null, trackerId: '', complete: 1, incomplete: 2, warning: '', form: 'compact', peers: [{ address: '127.0.70.2', port: 6881, id: null }, { address: '127.0.70.3', port: 6882, id: null }] };

const ANSWERS: readonly { readonly name: string; readonly body: string; readonly answer: TrackerAnswer }[] = [
  { name: 'a failure', body: 'd14:failure reason20:torrent not known toe', answer: { type: 'failure', reason: 'torrent not known to' } },
  { name: 'compact peers', body: 'd8:completei1e10:incompletei2e8:intervali1800e5:peers12:\x7f\x00F\x02\x1a\xe1\x7f\x00F\x03\x1a\xe2e', answer: PEERS },
  { name: 'compact peers of both families', body: `d8:intervali60e5:peers0:6:peers618:${'\0'.repeat(15)}\x01\x1a\xe1e`, answer: { ...PEERS, complete: null, incomplete: null, interval: 60, peers: [{ address: '::1', port: 6881, id: null }] } },
  {
    name: 'peers as dictionaries', body: 'd8:intervali60e12:min intervali30e5:peersld2:ip10:127.0.70.27:peer id20:A2-1-36-0-abcdefghi~4:porti6881eed2:ip9:localhost4:porti6882eee10:tracker id1:x15:warning message4:slowe',
    answer: { ...PEERS, interval: 60, minInterval: 30, complete: null, incomplete: null, trackerId: 'x', warning: 'slow', form: 'dictionaries', peers: [{ address: '127.0.70.2', port: 6881, id: PEER }, { address: 'localhost', port: 6882, id: null }] },
  },
  { name: 'a scrape', body: `d5:filesd20:${keyText(HASH)}d8:completei5e10:downloadedi50e10:incompletei10eeee`, answer: { type: 'scrape', torrents: new Map([[keyText(HASH), { seeders: 5, completed: 50, leechers: 10 }]]) } },
];

describe.each(ANSWERS)('$name', ({ body, answer }) => {
  const bytes = keyBytes(body);
  it('is written and read', () => {
    expect(decodeTrackerAnswer(bytes)).toEqual({ status: 'complete', answer, problems: [] });
    expect(keyText(encodeTrackerAnswer(answer))).toBe(keyText(bytes));
  });

  it('is incomplete at every prefix', () => {
    for (let end = 0; end < bytes.length; end++) expect(decodeTrackerAnswer(bytes.subarray(0, end)).status, `${end}`).toBe('incomplete');
  });
});

describe('an answer', () => {
  const problems = (body: string): readonly string[] => {
    const read = decodeTrackerAnswer(keyBytes(body));
    return read.status === 'complete' ? read.problems : [read.status];
  };

  it('that is none', () => {
    expect(decodeTrackerAnswer(keyBytes('le'))).toEqual({ status: 'malformed', at: 0, why: 'not a dictionary' });
    expect(decodeTrackerAnswer(keyBytes('<html>'))).toMatchObject({ status: 'malformed', at: 0 });
    expect(decodeTrackerAnswer(new Uint8Array(TRACKER_LIMITS.answer + 1))).toMatchObject({ status: 'malformed' });
  });

  it('with faults says them and is read as far as it goes', () => {
    expect(problems('d8:intervali60e5:peers7:abcdefge')).toEqual(['peers of 7 bytes, not a multiple of 6']);
    expect(problems('d5:peersld2:ip1:xed4:porti1eeee')).toEqual(['a peer without address and port']);
    expect(problems('d5:peersld2:ip1:x4:porti65536eeee')).toEqual(['a peer without address and port']);
    expect(problems('d8:intervali60ee')).toEqual(['no peers are said']);
    expect(problems('d5:peers0:8:intervali60eexx')).toEqual(['byte 10: the key is out of order', '2 bytes behind the dictionary']);
    expect(problems('d5:filesd3:abcdeee')).toEqual(['an info hash of 3 bytes']);
    expect(decodeTrackerAnswer(keyBytes('d8:intervali-5e5:peers0:e'))).toMatchObject({ answer: { interval: null } });
  });

  it('with too many peers is cut', () => {
    const size = 6 * (TRACKER_LIMITS.peers + 10);
    expect(decodeTrackerAnswer(keyBytes(`d5:peers${size}:${'a'.repeat(size)}e`))).toMatchObject({ answer: { peers: { length: TRACKER_LIMITS.peers } }, problems: [`more than ${TRACKER_LIMITS.peers} peers`] });
  });
});
