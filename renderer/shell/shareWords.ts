// What others type to reach what is shared, from the lab's own "try it" commands, and what they may type here. Pure.

import type { ShareOffer, ShareState } from '../../shared/ipc/contract';
import type { LabManifest, TryItSpec } from '../../shared/lab/manifest';
import { SHARED_PORTS, type Offerable } from '../../shared/lab/offers';

type Shared = NonNullable<ShareState['share']>;
type Where = Pick<ShareOffer, 'role' | 'protocol' | 'port'>;

export interface LanCommand {
  readonly id: string;
  readonly text: string;
}

export const isSharedPort = (port: number, count = 1): boolean => Number.isInteger(port) && port >= SHARED_PORTS.lowest && port + count - 1 <= SHARED_PORTS.highest;

/** A tracker and its peers. */
export const isSwarm = (offers: readonly Offerable[]): boolean => offers.some(({ role }) => role === 'tracker');

/** Whether the lab can go into the swarm of another machine. */
export const joinsSwarm = ({ endpoints }: Pick<LabManifest, 'endpoints'>): boolean => endpoints.some(({ joins }) => joins === 'swarm');

/** What another machine's server may stand in for: of a lab that joins swarms only the tracker that says so. */
export const joinable = (manifest: Pick<LabManifest, 'endpoints'>, offers: readonly Offerable[]): readonly Offerable[] =>
  joinsSwarm(manifest) ? offers.filter((offer) => manifest.endpoints.some(({ role, protocol, joins }) => joins === 'swarm' && role === offer.role && protocol === offer.protocol)) : offers;

/** What to tick at first: a swarm goes together, tracker and peers; else the first server. */
export const proposedOffers = (offers: readonly Offerable[]): readonly boolean[] => {
  const swarm = isSwarm(offers);
  return offers.map(({ role }) => swarm || role === offers[0]?.role);
};

const fill = (template: string, { address }: Pick<Shared, 'address'>, { port }: Where): string => template.replaceAll('{address}', address).replaceAll('{port}', String(port));

/** Of an endpoint with two protocols HTTP is spoken over TCP. */
function whereOf(spec: TryItSpec, { offers }: Pick<Shared, 'offers'>): Where | undefined {
  const mine = offers.filter(({ role }) => role === spec.endpoint);
  return (/https?:/.test(`${spec.command} ${spec.lan ?? ''}`) ? mine.find(({ protocol }) => protocol === 'tcp') : undefined) ?? mine[0];
}

/** What others type, for each command of the lab that can be typed there. */
export function lanCommands(manifest: Pick<LabManifest, 'tryIt'>, share: Pick<Shared, 'address' | 'offers'>): readonly LanCommand[] {
  return manifest.tryIt.flatMap((spec) => {
    const where = whereOf(spec, share);
    const template = spec.lan ?? (spec.command.includes('127.') ? null : spec.command);
    return where === undefined || template === null ? [] : [{ id: spec.id, text: fill(template, share, where) }];
  });
}

/** What the code says: the first page or file that the lab's commands ask for, else address and port. */
export function lanLink(manifest: Pick<LabManifest, 'tryIt'>, share: Pick<Shared, 'address' | 'offers'>): string {
  for (const spec of manifest.tryIt) {
    const where = whereOf(spec, share);
    const url = /https?:\/\/\{address\}:\{port\}[^\s'"|&;]*/.exec(spec.command)?.[0];
    if (where !== undefined && url !== undefined) return fill(url, share, where);
  }
  return shortAddress(share);
}

/** '192.168.1.5:8080': short enough to type. */
export const shortAddress = ({ address, offers }: Pick<Shared, 'address' | 'offers'>): string => `${address}:${offers[0]?.port ?? ''}`;

/** What was typed as address and port, with or without what a browser puts before and after it; null: not that. */
export function typedAddress(text: string): { readonly address: string; readonly port: number } | null {
  const parts = /^\s*(?:[a-z]+:\/\/)?(\d{1,3}(?:\.\d{1,3}){3})\s*[: ]\s*(\d{1,5})(?:\/\S*)?\s*$/i.exec(text);
  const [, address = '', digits = ''] = parts ?? [];
  const port = Number(digits);
  return parts === null || address.split('.').some((part) => Number(part) > 255) || !isSharedPort(port) ? null : { address, port };
}

/** '192.168.1.0/24' */
export function networkText(address: string, prefix: number): string {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
}

/** Codes with words of their own in the catalogue (`share.error.what.*`, `share.error.try.*`). */
export const SHARE_CODES = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'EMFILE', 'SHARE_ADDRESS', 'SHARE_PUBLIC', 'SHARE_NOTHING', 'SHARE_PORTS', 'SHARE_STATE', 'SHARE_OWN', 'SHARE_SWARM', 'RUN_UNKNOWN', 'RUN_STATE'] as const;
