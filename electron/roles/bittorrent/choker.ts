// Who gets our upload slots (BEP 3, "choking algorithm"): the peers that give us most (tit for tat), or that take most from us when we seed,
// and by chance one that gave nothing yet (optimistic unchoke). Pure: what is known of the peers comes in, decisions go out.

import type { Random } from '../../../shared/base/random';
import type { ChokeWhy } from '../../../shared/trace/notes';

export interface Rival {
  readonly id: number;
  readonly interested: boolean;
  /** What we do to it now. */
  readonly choked: boolean;
  /** It let us wait: "anti-snubbing" gives it nothing but an optimistic unchoke. */
  readonly snubbed: boolean;
  /** Bytes a second: from it to us, or from us to it when we seed. */
  readonly rate: number;
  /** It came within the last turn of the optimistic unchoke: three times as likely to be its next. */
  readonly fresh: boolean;
}

export interface Verdict {
  readonly id: number;
  readonly what: 'choke' | 'unchoke';
  readonly why: ChokeWhy;
  /** As the rival's, bytes a second. */
  readonly rate: number;
}

/** Rounds that an optimistic unchoke lasts (BEP 3: "rotates every three rechoke periods"). */
const OPTIMISTIC_ROUNDS = 3;
const FRESH_WEIGHT = 3;

export class Choker {
  private rounds = 0;
  private optimistic: ReadonlySet<number> = new Set();

  /** `slots`: interested peers that are unchoked at once, the optimistic one counted; 0: nobody ever gets anything. */
  constructor(public slots: number, private readonly random: Random) {}

  /** The decision of every few seconds. Only changes are told. */
  round(rivals: readonly Rival[]): Verdict[] {
    const rotate = this.rounds++ % OPTIMISTIC_ROUNDS === 0;
    const best = bestOf(rivals, Math.max(this.slots - 1, 0));
    this.optimistic = this.optimists(rivals, best, rotate);
    return rivals.flatMap((rival): Verdict[] => {
      const { id, choked, interested, snubbed, rate } = rival;
      const why = best.has(id) ? 'rate' : this.optimistic.has(id) ? 'optimistic' : null;
      if (why !== null) return choked ? [{ id, what: 'unchoke', why, rate }] : [];
      return choked ? [] : [{ id, what: 'choke', why: interested ? (snubbed ? 'snubbed' : 'slower') : 'uninterested', rate }];
    });
  }

  /** Between rounds, when somebody became interested or went: slots that are free are given, none is taken. */
  fill(rivals: readonly Rival[]): Verdict[] {
    let free = this.slots - rivals.filter(({ interested, choked }) => interested && !choked).length;
    const waiting = rivals.filter(({ interested, choked }) => interested && choked);
    const verdicts: Verdict[] = [];
    for (; free > 0 && waiting.length > 0; free--) {
      const rival = this.draw(waiting);
      if (rival === null) break;
      this.optimistic = new Set([...this.optimistic, rival.id]);
      verdicts.push({ id: rival.id, what: 'unchoke', why: 'free', rate: rival.rate });
    }
    return verdicts;
  }

  /** The slots that the best do not take: whoever has one by chance keeps it until the next turn. */
  private optimists(rivals: readonly Rival[], best: ReadonlySet<number>, rotate: boolean): Set<number> {
    const free = this.slots - rivals.filter(({ id, interested }) => interested && best.has(id)).length;
    const open = rivals.filter(({ id, interested }) => interested && !best.has(id));
    const kept = rotate && open.length > free ? [] : open.filter(({ id }) => this.optimistic.has(id)).slice(0, free);
    const chosen = new Set(kept.map(({ id }) => id));
    // Those that had it wait for their next turn when there are others.
    const others = open.filter(({ id }) => !chosen.has(id) && !this.optimistic.has(id));
    const again = open.filter(({ id }) => !chosen.has(id) && this.optimistic.has(id));
    for (const line of [others, again]) {
      while (chosen.size < free) {
        const rival = this.draw(line);
        if (rival === null) break;
        chosen.add(rival.id);
      }
    }
    return chosen;
  }

  /** Takes one of the list by chance. */
  private draw(rivals: Rival[]): Rival | null {
    let ticket = this.random.below(Math.max(1, rivals.reduce((sum, rival) => sum + weightOf(rival), 0)));
    const at = rivals.findIndex((rival) => (ticket -= weightOf(rival)) < 0);
    return rivals.splice(at, at < 0 ? 0 : 1)[0] ?? null;
  }
}

const weightOf = ({ fresh }: Rival): number => (fresh ? FRESH_WEIGHT : 1);

/** The best that give (or take) anything; those that are better but not interested are unchoked too, and take no slot (BEP 3). */
function bestOf(rivals: readonly Rival[], slots: number): Set<number> {
  const best = new Set<number>();
  let taken = 0;
  for (const { id, interested } of rivals.filter(({ rate, snubbed }) => rate > 0 && !snubbed).sort((one, other) => other.rate - one.rate)) {
    if (taken === slots) break;
    best.add(id);
    if (interested) taken++;
  }
  return best;
}
