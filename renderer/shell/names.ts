// Names of hosts and roles in the lesson's language. A role that a lab starts several times ('client-2') has the name of its kind and
// its number, the number only where there are several.

import type { Lesson } from '../../shared/lab/lesson';
import type { Labels } from '../timeline/viewProps';

/** @param roles the ids of the roles of the shown run */
export function labelsOf(lesson: Lesson, roles: readonly string[]): Labels {
  const stemOf = (id: string): string => id.replace(/-\d+$/u, '');
  const siblings = new Map<string, number>();
  for (const id of roles) siblings.set(stemOf(id), (siblings.get(stemOf(id)) ?? 0) + 1);
  return {
    host: (id) => {
      const family = lesson.hosts.get(stemOf(id));
      return lesson.hosts.get(id) ?? (family === undefined ? id : `${family} ${id.slice(stemOf(id).length + 1)}`);
    },
    role: (id) => {
      const exact = lesson.roles.get(id);
      if (exact !== undefined) return exact;
      const stem = stemOf(id);
      const name = lesson.roles.get(stem);
      if (name === undefined || stem === id) {
        // The second process on a host of a family: 'peer-4-2'.
        const family = lesson.roles.get(stemOf(stem));
        return name ?? (family === undefined || stem === id ? id : `${family} ${stem.slice(stemOf(stem).length + 1)} (${id.slice(stem.length + 1)})`);
      }
      return (siblings.get(stem) ?? 0) > 1 ? `${name} ${id.slice(stem.length + 1)}` : name;
    },
  };
}
