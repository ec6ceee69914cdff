// Numbers of a crowd at an instant, and the words for them: for the rows, the table and the slider. Joins message keys and numbers only.

import { useI18n } from 'vue-i18n';
import { formatDuration } from '../../ui/numbers';
import type { ModelStory, ProcessSample } from '../../../shared/trace/models/modelStory';
import { countsAt, latencyAt, lossesAt, within, type Latency, type PlaceCounts } from '../../../shared/trace/models/modelTimes';
import type { Row } from './layout';

/** What is so at one instant of a row. */
export interface Instant {
  readonly counts: PlaceCounts;
  readonly latency: Latency | null;
  readonly losses: ReadonlyMap<string, number>;
  /** Connections in the accept queue, as the kernel told last; null: it was not asked yet, or does not tell. */
  readonly queue: number | null;
  /** What the system said last of the server; null: nothing yet. */
  readonly sample: ProcessSample | null;
}

/** `elapsed`: µs since the row's beginning; later than it has come is as it is. */
export function instantOf(story: ModelStory, { run, elapsed: most }: Row, elapsed: number): Instant {
  const t = run.begin + Math.min(elapsed, most);
  return {
    counts: countsAt(run, t), latency: latencyAt(run, t), losses: lossesAt(run, t),
    queue: within(story.queues.get(run.model), run, t).at(-1)?.depth ?? null, sample: within(story.samples.get(run.model), run, t).at(-1) ?? null,
  };
}

export interface ModelWords {
  ms(value: number): string;
  /** µs. */
  time(value: number): string;
  memory(bytes: number): string;
  latency(latency: Latency | null): string;
  losses(losses: Instant['losses']): string;
  /** 'done after 1.20 s', 'going on'. */
  state(row: Row): string;
  /** '6 clients, 2 requests each'. */
  crowd(row: Row): string;
}

export function useModelWords(): ModelWords {
  const { t, n } = useI18n();
  const ms = (value: number): string => formatDuration(value * 1000);
  return {
    ms,
    time: formatDuration,
    memory: (bytes) => `${n(Math.round(bytes / 1048576))}\u00a0MiB`,
    latency: (latency) => (latency === null ? t('models.noAnswer') : t('models.percentiles', { p50: ms(latency.p50), p95: ms(latency.p95), max: ms(latency.max) })),
    losses: (losses) => [...losses].map(([how, count]) => t(`models.loss.${how}`, { count: n(count) }, count)).join(', '),
    state: ({ run, elapsed, broken }) => {
      if (broken) return t('models.broken', { time: formatDuration(elapsed) });
      return run.end !== null && elapsed >= run.end.t - run.begin ? t('models.doneAfter', { time: formatDuration(elapsed) }) : t('models.goingOn', { time: formatDuration(elapsed) });
    },
    crowd: ({ run }) => t('models.crowd', { clients: t('models.clients', { count: n(run.clients) }, run.clients), requests: t('models.requests', { count: n(run.requests) }, run.requests) }),
  };
}
