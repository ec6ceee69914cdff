// The marks of the picture in words: for the line beneath it, for screen readers and for the table. Joins message keys and names only.

import { useI18n } from 'vue-i18n';
import { formatDuration } from '../../ui/numbers';
import { visibleText } from '../../../shared/codec/text';
import type { RoleIx } from '../../../shared/base/brand';
import type { Story } from '../../../shared/trace/story';
import type { Labels } from '../../timeline/viewProps';
import type { Lane, Mark } from './picture';
import { outcomeAt } from './places';

export interface MarkWords {
  laneName(lane: Lane): string;
  roleName(role: RoleIx): string;
  /** 'refused'; 'waits' while it is not known. */
  outcome(mark: Mark, now: number): string;
  /** What happened, in one sentence, without who and when. */
  what(mark: Mark, now: number): string;
  /** µs of the trace, as the timeline counts them. */
  time(t: number): string;
}

/** `story` and `labels` as functions: they change. */
export function useMarkWords(story: () => Story, labels: () => Labels): MarkWords {
  const { t } = useI18n();
  const roleName = (role: RoleIx): string => {
    const found = story().role(role);
    return found === null ? '' : visibleText(labels().role(found.id));
  };
  const outcome = (mark: Mark, now: number): string => {
    if (mark.type === 'event') return t(`availability.event.${mark.what}`);
    const how = outcomeAt(mark, now);
    return how === null ? t('availability.waits') : t(`availability.outcome.${how}`);
  };
  return {
    roleName, outcome,
    laneName: (lane) => visibleText(labels().host(lane.id)),
    time: (t) => formatDuration(t - (story().moments.count > 0 ? story().momentTime(0) : 0)),
    what: (mark, now) => {
      if (mark.type === 'event') {
        const named = { by: mark.by === null ? '' : roleName(mark.by), why: t(`availability.why.${WHY.has(mark.why) ? mark.why : 'other'}`), to: visibleText(mark.detail) };
        return t(`availability.eventLong.${mark.what}`, named);
      }
      const { number, to, ended } = mark.request;
      const how = outcomeAt(mark, now);
      const request = t('availability.request', { number, to: visibleText(to) });
      if (how === null || ended === null) return t('availability.said', { request, outcome: t('availability.waits') });
      const by = ended.by === '' ? '' : t('availability.by', { by: visibleText(labels().role(ended.by)) });
      return t('availability.saidAfter', { request, outcome: t(`availability.outcomeLong.${how}`, { status: ended.status === 0 ? '' : ended.status }), time: formatDuration(ended.ms * 1000), by });
    },
  };
}

const WHY = new Set(['answered', 'refused', 'reset', 'timeout', 'status', 'slow', 'error', 'cut', 'ok']);
