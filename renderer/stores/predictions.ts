// What the user has predicted, by lab and question. Forgotten when the experiment is changed: the question is then a new one.

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** The option's id, or that the user chose not to say. */
export type Answer = { readonly type: 'option'; readonly id: string } | { readonly type: 'skipped' };

export const usePredictions = defineStore('predictions', () => {
  const answers = shallowRef<ReadonlyMap<string, Answer>>(new Map());
  const key = (lab: string, prediction: string): string => `${lab} ${prediction}`;

  const answerOf = (lab: string, prediction: string): Answer | null => answers.value.get(key(lab, prediction)) ?? null;

  function answer(lab: string, prediction: string, given: Answer): void {
    answers.value = new Map(answers.value).set(key(lab, prediction), given);
  }

  function forget(lab: string): void {
    answers.value = new Map([...answers.value].filter(([name]) => !name.startsWith(`${lab} `)));
  }

  /** Those of a run that was opened take the place of what was said of the lab here. */
  function restore(lab: string, given: readonly { readonly question: string; readonly option: string | null }[]): void {
    forget(lab);
    const known = new Map(answers.value);
    for (const { question, option } of given) known.set(key(lab, question), option === null ? { type: 'skipped' } : { type: 'option', id: option });
    answers.value = known;
  }

  /** What was said of a lab, as a file keeps it. */
  const answersOf = (lab: string): { question: string; option: string | null }[] =>
    [...answers.value].filter(([name]) => name.startsWith(`${lab} `)).map(([name, given]) => ({ question: name.slice(lab.length + 1), option: given.type === 'option' ? given.id : null }));

  return { answerOf, answer, forget, restore, answersOf };
});
