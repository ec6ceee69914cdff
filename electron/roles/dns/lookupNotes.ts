// The notes of one lookup, by which a trace tells whose queries belong together (shared/trace/notes.ts, dns.*).

import { rcodeText, typeText } from '../../../shared/codec/dns/types';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { Note } from '../../../shared/trace/notes';
import type { RoleContext } from '../lab';
import type { Transport } from './reply';
import { shortName } from './show';

type Told = Extract<Note, { topic: 'dns.told' }>['how'];

/** Lookups are numbered for each role. */
const numbers = new WeakMap<RoleContext, number>();

export class LookupNotes {
  private readonly number: number;

  /** Says that the lookup begins; `client` '' for the role itself. */
  constructor(private readonly role: RoleContext, name: string, type: number, client: string) {
    this.number = (numbers.get(role) ?? 0) + 1;
    numbers.set(role, this.number);
    role.note({ topic: 'dns.lookup', lookup: this.number, name: shortName(name), type: typeText(type), client });
  }

  /** `zone`: whose server it is taken for; '' where that does not matter. */
  ask(query: { readonly name: string; readonly type: number; readonly zone: string; readonly server: Endpoint; readonly attempt: number; readonly id: number; readonly transport: Transport }): void {
    const { name, type, zone, server, attempt, id, transport } = query;
    this.role.note({
      topic: 'dns.ask', lookup: this.number, name: shortName(name), type: typeText(type), zone: zone === '' ? '' : shortName(zone), server: formatEndpoint(server), attempt, id, transport,
    });
  }

  told(how: Told, zone: string): void {
    this.role.note({ topic: 'dns.told', lookup: this.number, how, zone: zone === '' ? '' : shortName(zone) });
  }

  /** `rcode`: its number, or null when nobody answered. */
  done(rcode: number | null, cached: boolean): void {
    this.role.note({ topic: 'dns.done', lookup: this.number, rcode: rcode === null ? '' : rcodeText(rcode), cached });
  }
}
