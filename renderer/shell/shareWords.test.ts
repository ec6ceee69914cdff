// What others of the class type, and which ports are proposed.
import { describe, expect, it } from 'vitest';
import type { LabManifest } from '../../shared/lab/manifest';
import type { Offerable } from '../../shared/lab/offers';
import { SHARE_CODES, isSharedPort, joinable, joinsSwarm, lanCommands, lanLink, networkText, proposedOffers, typedAddress } from './shareWords';
import { wordsOf } from './failure';
import { i18n, speak } from '../i18n/i18n';

const share = (...offers: [string, 'tcp' | 'udp', number][]) => ({ address: '192.168.77.1', offers: offers.map(([role, protocol, port]) => ({ role, protocol, port, count: 1 })) });
const lab = (...tryIt: LabManifest['tryIt']): Pick<LabManifest, 'tryIt'> => ({ tryIt });

describe('what others type', () => {
  it('is the lab\'s own command, with the door for the server', () => {
    const echo = lab({ id: 'nc', endpoint: 'server', command: 'nc {address} {port}' }, { id: 'other', endpoint: 'database', command: 'nc {address} {port}' });
    expect(lanCommands(echo, share(['server', 'tcp', 8007]))).toEqual([{ id: 'nc', text: 'nc 192.168.77.1 8007' }]);
    expect(lanLink(echo, share(['server', 'tcp', 8007]))).toBe('192.168.77.1:8007');
  });

  it('but for one that holds on this machine only: there may be one for others', () => {
    const swarm = lab(
      { id: 'curl', endpoint: 'tracker', command: 'curl -o film.torrent http://{address}:{port}/film-1.torrent' },
      { id: 'mine', endpoint: 'tracker', command: 'aria2c --interface=127.0.0.1 http://{address}:{port}/film-1.torrent' },
      { id: 'theirs', endpoint: 'tracker', command: 'aria2c --interface=127.0.0.1 x', lan: 'aria2c http://{address}:{port}/film-1.torrent' },
    );
    const shared = share(['tracker', 'udp', 6970], ['tracker', 'tcp', 6969]);
    expect(lanCommands(swarm, shared).map(({ id, text }) => `${id}: ${text}`)).toEqual(['curl: curl -o film.torrent http://192.168.77.1:6969/film-1.torrent', 'theirs: aria2c http://192.168.77.1:6969/film-1.torrent']);
    expect(lanLink(swarm, shared)).toBe('http://192.168.77.1:6969/film-1.torrent');
  });

  it.each([
    ['192.168.1.5:7969', { address: '192.168.1.5', port: 7969 }], [' 192.168.1.5 7969 ', { address: '192.168.1.5', port: 7969 }], ['http://192.168.1.5:8080/film.torrent', { address: '192.168.1.5', port: 8080 }],
    ['192.168.1.5', null], ['192.168.1.256:8080', null], ['192.168.1.5:80', null], ['192.168.1.5:70000', null], ['teacher:8080', null], ['', null], ['192.168.1.5:8080 x', null],
  ])('%j is read as %j', (text, read) => expect(typedAddress(text)).toEqual(read));
});

describe('what is proposed', () => {
  const offer = (role: string, port: number, count = 1, protocol: 'tcp' | 'udp' = 'tcp'): Offerable => ({ role, port, count, protocol, live: [] });
  it('nothing that needs an administrator', () => {
    expect([isSharedPort(1023), isSharedPort(65_535), isSharedPort(65_535, 2), isSharedPort(1.5), isSharedPort(Number.NaN)]).toEqual([false, true, false, false, false]);
  });
  it('a swarm goes together, else the first server with all that it speaks', () => {
    expect(proposedOffers([offer('tracker', 6969), offer('peer', 6881, 200)])).toEqual([true, true]);
    expect(proposedOffers([offer('server', 53, 1, 'udp'), offer('server', 53), offer('other', 54)])).toEqual([true, true, false]);
  });
  it.each([['192.168.77.1', 24, '192.168.77.0/24'], ['10.1.2.3', 8, '10.0.0.0/8'], ['172.31.9.9', 22, '172.31.8.0/22'], ['1.2.3.4', 32, '1.2.3.4/32']] as const)('%s/%i is of %s', (address, prefix, text) => {
    expect(networkText(address, prefix)).toBe(text);
  });
});

it.each(['en', 'ko', 'ru'] as const)('every code has its words in %s', async (locale) => {
  await speak(locale);
  for (const code of [...SHARE_CODES, 'other']) {
    const { what, hint } = wordsOf({ code, message: 'x', where: '' }, 'share.error', SHARE_CODES, (key) => i18n.global.t(key));
    expect(`${what} ${hint}`).not.toContain('share.error');
  }
  await speak('en');
});

describe('what another machine may stand in for', () => {
  const offer = (role: string, protocol: 'tcp' | 'udp'): Offerable => ({ role, protocol, port: 6969, count: 1, live: [{ role, protocol, address: '127.0.60.1', port: 6969 }] });
  const offers = [offer('tracker', 'udp'), offer('tracker', 'tcp'), offer('peer', 'tcp')];
  const endpoint = { host: 'tracker', port: 6969 } as const;

  it('is any server; but a swarm is joined by its tracker over HTTP alone', () => {
    const others: Pick<LabManifest, 'endpoints'> = { endpoints: [{ role: 'tracker', protocol: 'tcp', ...endpoint }] };
    expect([joinsSwarm(others), joinable(others, offers)]).toEqual([false, offers]);
    const swarm: Pick<LabManifest, 'endpoints'> = { endpoints: [{ role: 'tracker', protocol: 'udp', ...endpoint }, { role: 'tracker', protocol: 'tcp', ...endpoint, joins: 'swarm' }, { role: 'peer', protocol: 'tcp', ...endpoint }] };
    expect([joinsSwarm(swarm), joinable(swarm, offers)]).toEqual([true, [offers[1]]]);
    expect(joinable(swarm, [offers[2] ?? offer('peer', 'tcp')])).toEqual([]);
  });
});
