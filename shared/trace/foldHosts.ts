// Hosts, roles and endpoints of a trace, as the fold finds them. Hosts that are not ours (nc, a browser) are made here, one for
// each address, when a socket of ours first hears of them.

import { hostIx, micros, roleIx, type EventSeq, type HostIx, type RoleIx, type SockId } from '../base/brand';
import { I32List, U32List } from '../base/lists';
import type { RoleKind, Service } from './about';
import { parseEndpoint } from './endpoint';
import type { Endpoint } from './event';
import type { TraceStore } from './store';
import type { HostModel, RoleModel } from './story';

/** Indices of hosts that are not ours start here, so that they never meet those of the lab. */
const FOREIGN_FIRST = 0x8000;

/** Endpoints by small ids; 0 is "none". IPv4-mapped addresses count as the IPv4 address that they stand for (RFC 4291 2.5.5.2). */
export class EndpointTable {
  private readonly endpoints: Endpoint[] = [{ address: '', port: 0 }];
  private readonly ids = new Map<string, number>();
  /** Id of each dictionary entry; -1 not looked up yet. */
  private readonly ofString = new I32List();

  constructor(private readonly trace: TraceStore) {}

  /** Id of the endpoint that dictionary entry `index` spells. */
  ofIndex(index: number): number {
    if (index === 0) return 0;
    while (this.ofString.length <= index) this.ofString.push(-1);
    const known = this.ofString.at(index);
    if (known >= 0) return known;
    const endpoint = parseEndpoint(this.trace.string(index));
    const id = endpoint === null ? 0 : this.of(endpoint.address, endpoint.port);
    this.ofString.set(index, id);
    return id;
  }

  of(given: string, port: number): number {
    const address = /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(given) ? given.slice(7) : given;
    const key = `${address} ${port}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.ids.set(key, this.endpoints.length);
    return this.endpoints.push({ address, port }) - 1;
  }

  get(id: number): Endpoint {
    return this.endpoints[id] ?? { address: '', port: 0 };
  }
}

/** True for the address that stands for every address of the machine. */
export const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::' || address === '';

export class HostTable {
  readonly list: HostModel[] = [];
  private readonly byIndex = new Map<number, HostModel>();
  private readonly foreignAt = new Map<string, HostModel>();
  private foreigners = 0;
  /** Programs that are not ours and have a name, by transport and endpoint. */
  readonly named = new Map<string, HostIx>();

  get(index: number): HostModel | null {
    return this.byIndex.get(index) ?? null;
  }

  /** host.added */
  add(index: number, text: string): void {
    const said = record(text);
    const address = string(said['address']);
    this.put({ index: hostIx(index), id: string(said['id']), name: string(said['name']) || string(said['id']), address, foreign: false });
  }

  /** Our hosts on an address: several where the system has only one loopback address. */
  ours(address: string): readonly HostModel[] {
    return this.list.filter((host) => !host.foreign && host.address === address);
  }

  /** The host of programs on `address` that are not ours. */
  foreign(address: string): HostIx {
    const known = this.foreignAt.get(address);
    if (known !== undefined) return known.index;
    // Clients of AF_UNIX have no address, and are all on this machine.
    const id = address === '' ? 'AF_UNIX' : address;
    const host: HostModel = { index: hostIx(FOREIGN_FIRST + this.foreigners++), id, name: id, address, foreign: true };
    this.foreignAt.set(address, host);
    this.put(host);
    return host.index;
  }

  /** The host that stands for a process of the user that has these sockets; `address`: that of the first. */
  program(pid: number, name: string, address: string): HostIx {
    const id = `${name}-${pid}`;
    const known = this.foreignAt.get(id);
    if (known !== undefined) return known.index;
    const host: HostModel = { index: hostIx(FOREIGN_FIRST + this.foreigners++), id, name, address, foreign: true };
    this.foreignAt.set(id, host);
    this.put(host);
    return host.index;
  }

  /** Nobody is there any more: everybody at its address has turned out to be a program with a name. */
  drop(index: HostIx): void {
    const host = this.byIndex.get(index);
    if (host === undefined || !host.foreign) return;
    this.list.splice(this.list.indexOf(host), 1);
    this.foreignAt.delete(host.address);
  }

  hasForeign(address: string): boolean {
    return this.foreignAt.has(address);
  }

  private put(host: HostModel): void {
    this.list.push(host);
    this.byIndex.set(host.index, host);
  }
}

export interface RoleRow {
  readonly index: RoleIx;
  readonly host: HostIx;
  readonly id: string;
  readonly name: string;
  readonly kind: RoleKind;
  readonly startedAt: number;
  ended: RoleModel['ended'];
  readonly sockets: SockId[];
  readonly facts: U32List;
}

export class RoleTable {
  readonly rows: RoleRow[] = [];
  private readonly byIndex: (RoleRow | undefined)[] = [];

  get(index: number): RoleRow | null {
    return this.byIndex[index] ?? null;
  }

  /** role.started */
  add(index: number, host: number, text: string, t: number): RoleRow {
    const said = record(text);
    const row: RoleRow = {
      index: roleIx(index), host: hostIx(host), id: string(said['id']), name: string(said['name']) || string(said['id']),
      kind: said['kind'] === 'server' || said['kind'] === 'relay' ? said['kind'] : 'client', startedAt: t, ended: null, sockets: [], facts: new U32List(),
    };
    this.rows.push(row);
    this.byIndex[index] = row;
    return row;
  }

  /** role.ended */
  end(row: RoleRow, seq: EventSeq, t: number, how: string, err: string): void {
    row.ended ??= { at: micros(t), seq, how: how === 'killed' || how === 'failed' ? how : 'done', err };
  }
}

export const roleModel = (row: RoleRow): RoleModel => ({ ...row, startedAt: micros(row.startedAt) });

/** The JSON object that a fact's text holds; empty when it is broken (a trace may come from a file). */
export function record(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export const string = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The services of lab.started, as far as they are what they should be. */
export function servicesOf(given: unknown): readonly Service[] {
  if (!Array.isArray(given)) return [];
  return given.filter((one: unknown): one is Service => {
    if (typeof one !== 'object' || one === null) return false;
    const { protocol, port, wellKnown } = one as Partial<Record<keyof Service, unknown>>;
    return (protocol === 'tcp' || protocol === 'udp') && Number.isInteger(port) && Number.isInteger(wellKnown);
  });
}
