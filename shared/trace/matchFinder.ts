// Finds the moments of matchers in a story that grows, looking at each fact and each message once: a lesson asks for its steps with every
// batch of a run that may have a hundred thousand moments. Says what findMatch (evaluate.ts) says.

import type { AppStory } from './app/appStory';
import { factFits, findMatch, type FindPackets } from './evaluate';
import { appFits } from './evaluateApp';
import { named } from './evaluateRoles';
import { KIND_CODE, type EventKind } from './event';
import type { Matcher } from './match';
import { TraceStore } from './store';
import type { Story } from './story';

/** How far the facts (or the changes of messages) were looked at for a matcher, and the fact of its nth match (its first message) so far. */
interface Sought {
  next: number;
  /** Matches still to come. */
  left: number;
  seq: number | null;
}

export class MatchFinder {
  private readonly sought = new Map<Matcher, Sought>();

  constructor(private readonly story: Story, private readonly trace: TraceStore, private readonly app: AppStory, private readonly packets: FindPackets = () => null) {}

  /**
   * Index of the moment of the (nth) match in the order of the picture; null when there is none yet. `count`: facts that the story tells of;
   * the trace may have more.
   */
  find(matcher: Matcher, count = this.trace.count): number | null {
    const nth = matcher.nth ?? 1;
    const { story, trace, app, packets } = this;
    // A request of HTTP/2 is whole without its first frame changing; what is known of a segment may change; messages do not come in order.
    const once = matcher.fact !== undefined || (matcher.app !== undefined && !matcher.app.startsWith('http.') && nth === 1 && app.changes !== undefined);
    if (!once) return findMatch(matcher, story, trace, app, packets);
    let sought = this.sought.get(matcher);
    if (sought === undefined) this.sought.set(matcher, (sought = { next: 0, left: nth, seq: null }));
    if (matcher.fact !== undefined) this.readFacts(matcher, matcher.fact, sought, count);
    else this.readMessages(matcher, sought);
    if (sought.seq === null) return null;
    const moment = story.momentOfFact(sought.seq);
    return moment >= 0 ? moment : findMatch(matcher, story, trace, app);
  }

  private readFacts(matcher: Matcher, kind: EventKind, sought: Sought, count: number): void {
    const { story, trace } = this;
    const [code, chunk] = [KIND_CODE[kind], TraceStore.chunkRows];
    while (sought.left > 0 && sought.next < count) {
      const first = sought.next - (sought.next % chunk);
      const kinds = trace.columnsOf(first / chunk).kind;
      const end = Math.min(first + chunk, count);
      for (; sought.left > 0 && sought.next < end; sought.next++) {
        if (kinds[sought.next - first] !== code) continue;
        const fact = trace.at(sought.next);
        if (!factFits(matcher, fact) || !named(matcher.role, story.role(fact.role)?.id ?? '') || story.momentOfFact(fact.seq) < 0) continue;
        sought.left--;
        sought.seq = fact.seq;
      }
    }
    // The nth and no other.
    if (sought.left > 0) sought.seq = null;
  }

  private readMessages(matcher: Matcher, sought: Sought): void {
    const { changes } = this.app;
    const count = changes?.length ?? 0;
    for (; sought.next < count; sought.next++) {
      const message = this.app.message(changes?.at(sought.next) ?? -1);
      if (message === null || (sought.seq !== null && message.sentSeq >= sought.seq)) continue;
      if (appFits(matcher, message, this.story, this.app)) sought.seq = message.sentSeq;
    }
  }
}
