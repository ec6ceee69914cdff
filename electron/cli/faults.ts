// The faults that a run begins with, from the command line: `--fault relay.delay=20`, against the relays of the lab and the bounds of
// shared/lab/faults.ts. Every mistake is a UsageError that names what would be right.

import type { RelayStarts } from '../../shared/ipc/contract';
import { FAULTS, faultError, isSeed, MOST_SEED, type FaultSpec, type RelayProtocol } from '../../shared/lab/faults';
import { endpointsOf } from '../../shared/lab/hosts';
import type { LabManifest } from '../../shared/lab/manifest';
import type { FoundLab } from '../runtime/discovery';
import { UsageError } from './io';

/** What relays begin with, by their ids; a fault that is named twice has its last value. */
export function theFaults({ lab }: FoundLab, texts: readonly string[]): RelayStarts {
  const relays = endpointsOf(lab.manifest).filter((one) => one.relay === true);
  const starts = new Map<string, { seed?: number; faults: Record<string, number | boolean> }>();
  for (const text of texts) {
    const found = /^([a-z0-9-]{1,64})\.([a-zA-Z]{1,20})=(.{1,20})$/u.exec(text);
    if (found === null) throw new UsageError(`--fault is relay.fault=value, not ${JSON.stringify(text.slice(0, 80))}`, relayList(lab.manifest));
    const [, id = '', name = '', value = ''] = found;
    const relay = relays.find((one) => one.role === id);
    if (relay === undefined) throw new UsageError(`lab ${lab.manifest.id} has no relay ${JSON.stringify(id)}`, relayList(lab.manifest));
    const start = starts.get(id) ?? { faults: {} };
    starts.set(id, start);
    if (name === 'seed') start.seed = theSeed(value);
    else start.faults[name] = theValue(lab.manifest, relay.protocol, name, value);
  }
  return Object.fromEntries(starts);
}

function theSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (!isSeed(seed)) throw new UsageError(`a seed is a whole number from 0 to ${MOST_SEED}, not ${JSON.stringify(text)}`);
  return seed;
}

function theValue(manifest: LabManifest, protocol: RelayProtocol, name: string, text: string): number | boolean {
  const value = text === 'true' || text === 'false' ? text === 'true' : /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  const error = faultError(protocol, name, value);
  if (error !== null) throw new UsageError(`${error}, not ${JSON.stringify(text)}`, relayList(manifest));
  return value;
}

/** One indented line for each relay with its faults. */
export function relayList(manifest: LabManifest): string {
  const relays = endpointsOf(manifest).filter((one) => one.relay === true);
  if (relays.length === 0) return `Lab ${manifest.id} has no relay.\n`;
  return `The relays of ${manifest.id} are:\n${relays.map((one) => `  ${one.role.padEnd(16)}${FAULTS[one.protocol].map(described).join(', ')}, seed\n`).join('')}`;
}

const described = (spec: FaultSpec): string => (spec.type === 'switch' ? `${spec.name} (true, false)` : `${spec.name} (${spec.unit})`);
