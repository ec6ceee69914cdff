// The name servers that a resolver asks: one question to one of them, what it means, and which of several to try first. Remembers who
// was slow and who failed (RFC 1034 5.3.3, SLIST); forgets the oldest.

import { never } from '../../../shared/base/assert';
import { fullRcode, type DnsQuestion } from '../../../shared/codec/dns/records';
import { RCODE } from '../../../shared/codec/dns/types';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { exchange, type SentQuery } from './exchange';
import { judge, type Judgement } from './judge';
import { DNS_LIMITS } from './limits';
import type { LookupNotes } from './lookupNotes';
import { shortName } from './show';

export interface Server {
  readonly name: string;
  readonly address: string;
}

export interface Asking {
  readonly notes: LookupNotes;
  readonly question: DnsQuestion;
  readonly zone: string;
  readonly server: Server;
  readonly attempt: number;
  /** ms */
  readonly wait: number;
}

/** What a search can go on with. */
export type Useful = Exclude<Judgement, { kind: 'servfail' | 'refused' | 'formerr' | 'lame' }>;

/** Differences in speed below this many ms do not matter. */
const SAME_SPEED = 100;

interface Experience {
  readonly failures: number;
  /** Smoothed time to answer, ms (as RFC 6298 2.3 smooths). */
  readonly time: number;
}

const NEW: Experience = { failures: 0, time: 0 };

export class AskedServers {
  private readonly experience = new Map<string, Experience>();

  constructor(
    private readonly role: RoleContext,
    private readonly options: { readonly route: (address: string) => Endpoint; readonly udpSize: number; readonly onSent?: (query: SentQuery) => void },
  ) {}

  forget(): void {
    this.experience.clear();
  }

  /** Those that failed least first, then the quick ones, then as given. */
  inOrder(servers: readonly Server[]): Server[] {
    const cost = ({ address }: Server): number => {
      const { failures, time } = this.experience.get(address) ?? NEW;
      return failures * 1e6 + Math.floor(time / SAME_SPEED);
    };
    return [...servers].sort((one, other) => cost(one) - cost(other));
  }

  /** What the server said; 'silent' when nothing came, 'useless' when it will say no better another time. Notes all of that. */
  async ask(asking: Asking): Promise<Useful | 'silent' | 'useless'> {
    const judgement = await this.once(asking, this.options.udpSize);
    switch (judgement.kind) {
      case 'loop':
        asking.notes.told('cname', asking.zone);
        return judgement;
      case 'referral':
        asking.notes.told('referral', judgement.cut);
        return judgement;
      case 'answer': case 'cname': case 'nodata': case 'nxdomain':
        asking.notes.told(judgement.kind, asking.zone);
        return judgement;
      case 'timeout':
        asking.notes.told('timeout', asking.zone);
        break;
      case 'lame': case 'refused':
        asking.notes.told(judgement.kind, asking.zone);
        break;
      case 'servfail': case 'formerr':
        asking.notes.told('servfail', asking.zone);
        break;
      default:
        never(judgement);
    }
    this.learn(asking.server.address, null);
    return judgement.kind === 'timeout' ? 'silent' : 'useless';
  }

  private async once(asking: Asking, udpSize: number): Promise<Judgement | { readonly kind: 'timeout' }> {
    const { notes, question, zone, attempt, wait } = asking;
    const server = this.options.route(asking.server.address);
    const started = performance.now();
    const result = await exchange(this.role, {
      server, question, recursionDesired: false, udpSize, wait,
      onAsk: (id, transport) => notes.ask({ name: question.name, type: question.type, zone, server, attempt, id, transport }),
      onTruncated: () => notes.told('truncated', zone),
      ...(this.options.onSent && { onSent: this.options.onSent }),
    });
    if ('failure' in result) return { kind: result.failure === 'ETIMEDOUT' ? 'timeout' : 'servfail' };
    // A server that knows no EDNS is asked again without (RFC 6891 7).
    if (udpSize > 0 && fullRcode(result.message) === RCODE.FORMERR) return this.once(asking, 0);
    const { judgement, foreign } = judge(result.message, question.name, question.type, zone);
    for (const name of foreign) this.role.note({ topic: 'dns.ignored', why: 'out-of-bailiwick', from: formatEndpoint(server), name: shortName(name) });
    this.learn(asking.server.address, performance.now() - started);
    return judgement;
  }

  /** `time`: ms, null when it was of no use. */
  private learn(address: string, time: number | null): void {
    const before = this.experience.get(address);
    const { failures, time: known } = before ?? NEW;
    this.experience.delete(address);
    const [oldest] = this.experience.keys();
    if (this.experience.size >= DNS_LIMITS.remembered && oldest !== undefined) this.experience.delete(oldest);
    this.experience.set(address, time === null ? { failures: failures + 1, time: known } : { failures: 0, time: before === undefined ? time : known * 0.875 + time * 0.125 });
  }
}
