// The names of kept runs: the lab, its number, and the parameters that are not as the lab has them, in the lesson's language.

import { useI18n } from 'vue-i18n';
import type { Lesson } from '../../shared/lab/lesson';
import { settingsOf } from '../../shared/trace/compare/figures';
import type { KeptRun } from '../stores/compare';
import { lessonOf, useLabs } from '../stores/labs';
import { useSettings } from '../stores/settings';
import { labelsOf } from './names';

/** Settings that a name holds. */
const IN_NAME = 3;
const plain = (text: string): string => text.replaceAll(/[`*]/gu, '');

export function useRunWords() {
  const { t } = useI18n();
  const labs = useLabs();
  const settings = useSettings();

  const lessonFor = (run: KeptRun): Lesson | null => {
    const bundle = labs.find(run.lab);
    return bundle === null ? null : lessonOf(bundle, settings.locale);
  };

  function roleOf(run: KeptRun): (role: string) => string {
    const lesson = lessonFor(run);
    const labels = lesson === null ? null : labelsOf(lesson, run.side.story.roles.map(({ id }) => id));
    return (role) => (role === '' ? '' : (labels?.role(role) ?? role));
  }

  /** The label of a setting; with a value: the value in words. `relay.delay` is a fault of a relay. */
  function settingOf(run: KeptRun): (name: string, value?: string) => string {
    const lesson = lessonFor(run);
    return (name, value) => {
      const dot = name.indexOf('.');
      if (dot > 0) return value ?? `${roleOf(run)(name.slice(0, dot))}: ${name.slice(dot + 1) === 'seed' ? t('faults.seed') : t(`faults.name.${name.slice(dot + 1)}`)}`;
      const words = lesson?.parameters.get(name);
      if (value === undefined) return plain(words?.label ?? name);
      if (value === 'true' || value === 'false') return t(value === 'true' ? 'compare.on' : 'compare.off');
      return plain(words?.options.get(value) ?? value);
    };
  }

  function name(run: KeptRun): string {
    const manifest = labs.find(run.lab)?.manifest;
    const defaults = new Map((manifest?.parameters ?? []).map((one) => [one.id, String(one.value)]));
    const other = [...settingsOf(run.side)].filter(([id, value]) => defaults.get(id) !== value);
    const setting = settingOf(run);
    const told = other.slice(0, IN_NAME).map(([id, value]) => `${setting(id)} = ${setting(id, value)}`);
    const title = lessonFor(run)?.title ?? run.lab;
    const which = run.number === 0 ? t('compare.shownRun') : t('compare.kept', { number: run.number });
    // The lab last: in a narrow list the settings are what tells runs apart.
    return [which, ...told, ...(other.length > IN_NAME ? ['…'] : []), title].join(' · ');
  }

  return { name, roleOf, settingOf };
}
