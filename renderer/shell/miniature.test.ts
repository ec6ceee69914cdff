// The sketch on a lab's card follows its manifest.
import { describe, expect, it } from 'vitest';
import type { LabManifest } from '../../shared/lab/manifest';
import { pictureOf, sketchOf } from './miniature';

const manifest = {
  hosts: [{ id: 'client', address: '127.0.10.1' }, { id: 'server', address: '127.0.20.1' }],
  endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 7 }],
  steps: [
    { id: 'listen', match: { fact: 'socket.listened', role: 'server' } },
    { id: 'connect', match: { fact: 'connect.ended', role: 'client' } },
    { id: 'refused', match: { fact: 'connect.ended', role: 'client', err: 'ECONNREFUSED' } },
    { id: 'answer', match: { fact: 'bytes.sent', role: 'server' } },
    { id: 'read', match: { fact: 'bytes.received', role: 'client' } },
  ],
} as unknown as LabManifest;

describe('the sketch', () => {
  const { arrows, hosts } = sketchOf(manifest);
  it('has a lifeline for each host', () => expect(hosts.map((host) => host.id)).toEqual(['client', 'server']));
  it('draws what goes over the wire and not what stays in a host', () => expect(arrows).toHaveLength(4));
  it('points the way that the bytes go', () => {
    const rightwards = arrows.map((arrow) => arrow.toX > arrow.fromX);
    expect(rightwards).toEqual([true, true, false, false]);
  });
  it('lets a failure stop short, in its colour', () => expect(arrows[1]).toMatchObject({ tone: 'bad', reach: 0.55 }));
});

it('leaves out hosts that only some runs have: late ones, and those of optional relays', () => {
  const optional = { role: 'relay', host: 'relay', protocol: 'tcp', port: 7042, relay: true } as const;
  const ids = (hosts: object[], endpoints: object[]): string[] => sketchOf({ ...manifest, hosts: [...manifest.hosts, ...hosts], endpoints: [...manifest.endpoints, ...endpoints] } as unknown as LabManifest).hosts.map((host) => host.id);
  expect(ids([{ id: 'relay', address: '127.0.30.1', late: true }], [optional])).toEqual(['client', 'server']);
  expect(ids([{ id: 'relay', address: '127.0.30.1' }], [{ ...optional, optional: true }])).toEqual(['client', 'server']);
  expect(ids([{ id: 'relay', address: '127.0.30.1' }], [optional])).toEqual(['client', 'server', 'relay']);
});

it('draws pictures of the web and of architectures as pictures, inside the card', () => {
  for (const tab of ['dns', 'waterfall', 'page', 'exchange', 'tls', 'swarm', 'scaling', 'availability', 'models'] as const) {
    const picture = pictureOf(tab);
    expect(picture?.shapes.length).toBeGreaterThan(3);
    for (const { x, y, width, height } of picture?.shapes ?? []) expect([x >= 0, y >= 0, x + width <= 288, y + height <= 116], `${tab} ${x} ${y}`).toEqual([true, true, true, true]);
  }
  expect(pictureOf('hosts')).toBeNull();
});
