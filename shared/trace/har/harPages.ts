// Which exchanges belong together: in a run the visit of a browser or the work of one client, in a HAR a page. Written so that who opens
// the file sees the same groups as in the run.

import { micros, type Micros, type RoleIx } from '../../base/brand';
import type { AppStory, HttpExchange } from '../app/appStory';
import type { Story } from '../story';

export interface HarGroup {
  readonly id: string;
  /** What was visited, and by which client where there are several; else the client's role. */
  readonly title: string;
  readonly start: Micros;
  /** When the client said that the page was whole. */
  readonly done: Micros | null;
}

/** The group of each exchange; null of a client that is not ours. */
export function harGroups(app: AppStory, story: Story, exchanges: readonly HttpExchange[]): { readonly groups: readonly HarGroup[]; groupOf(exchange: HttpExchange): HarGroup | null } {
  const visits = new Map<RoleIx, { readonly t: Micros; readonly url: string }[]>();
  for (const { role, t, note } of app.notes) {
    if (note.topic !== 'page.visit') continue;
    const known = visits.get(role);
    if (known === undefined) visits.set(role, [{ t, url: note.url }]);
    else known.push({ t, url: note.url });
  }
  const several = new Set(exchanges.map(({ clientRole }) => clientRole)).size > 1;
  const titleOf = (role: RoleIx, url: string | undefined): string => {
    const client = story.role(role)?.id ?? '';
    return url === undefined ? client : several ? `${url} (${client})` : url;
  };
  const groups = new Map<string, HarGroup>();
  const keyOf = ({ clientRole, request }: HttpExchange): string => `${clientRole ?? 0} ${(visits.get(clientRole ?? (0 as RoleIx)) ?? []).filter(({ t }) => t <= request.depart).length}`;
  for (const exchange of exchanges) {
    const { clientRole, request, timing } = exchange;
    const key = keyOf(exchange);
    if (clientRole === null || groups.has(key)) continue;
    const visit = visits.get(clientRole)?.findLast(({ t }) => t <= request.depart) ?? null;
    const start = visit?.t ?? micros(Math.min(request.depart, timing.blocked?.start ?? request.depart, timing.lookup?.start ?? request.depart, timing.connect?.start ?? request.depart));
    const next = visits.get(clientRole)?.find(({ t }) => t > start)?.t ?? Number.POSITIVE_INFINITY;
    const done = visit === null ? null : (app.notes.find(({ role, t, note }) => role === clientRole && note.topic === 'page.done' && t >= start && t <= next)?.t ?? null);
    groups.set(key, { id: `page_${groups.size + 1}`, title: titleOf(clientRole, visit?.url), start, done });
  }
  return { groups: [...groups.values()], groupOf: (exchange) => groups.get(keyOf(exchange)) ?? null };
}
