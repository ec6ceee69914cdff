// tests/course.md keeps its word: every statement of the course's texts names a lab, parameters and a step that exist, and running it
// really comes to that step's moment. Where the texts are at hand, what is quoted stands in them. Rows with the same run share it.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import type { ParameterValues } from '../../shared/lab/manifest';
import { checkParams } from '../../shared/lab/params';
import type { Lab } from '../roles/lab';
import { probeAddress } from '../runtime/hosts';
import { LabTest } from './run.fixture';

interface Row {
  /** File name of the text. */
  readonly text: string;
  readonly statement: string;
  readonly words: string;
  readonly lab: string;
  readonly step: string;
  readonly params: ParameterValues;
}

/** ms that a moment may come after the script. */
const PATIENCE = 10_000;
/** ms for a whole script as the lab plays it by itself: some take 8 s where nothing else is at work. */
const SCRIPT = 45_000;

/** Some machines have no IPv6: what happens over it alone cannot come there, and the name of its test says so. */
const six = (await probeAddress('::1')) === null;
const isOverIpv6 = ({ lab, step }: Row): boolean => lab === 'socket-families' && step.startsWith('inet6');

const found = import.meta.glob<{ default: Lab }>('./*/lab.ts', { eager: true });
const labs = new Map(Object.values(found).map(({ default: lab }) => [lab.manifest.id, lab]));
const root = resolve(import.meta.dirname, '../..');
const rows = rowsOf(readFileSync(resolve(root, 'tests/course.md'), 'utf8'));

function rowsOf(table: string): Row[] {
  let text = '';
  return table.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) text = line.slice(3).trim();
    if (!line.startsWith('| ') || line.startsWith('| Statement')) return [];
    // A quotation may have a bar in it, after a backslash.
    const [statement = '', words = '', lab = '', step = '', given = ''] = line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    return [{ text, statement, words: words.slice(1, -1), lab, step, params: paramsOf(lab, given) }];
  });
}

/** 'client=half-closes clients=3' as the lab's parameters are typed. */
function paramsOf(lab: string, given: string): ParameterValues {
  const specs = labs.get(lab)?.manifest.parameters ?? [];
  return Object.fromEntries(given.split(' ').filter((one) => one !== '').map((one) => {
    const [id = '', value = ''] = one.split('=');
    const type = specs.find((spec) => spec.id === id)?.type;
    return [id, type === 'integer' ? Number(value) : type === 'boolean' ? value === 'true' : value];
  }));
}

const plain = (text: string): string => text.replace(/\s+/g, ' ');

describe('the table of the course', () => {
  it.each([...new Set(rows.map(({ text }) => text))])('%s: what its rows name exists', (text) => {
    for (const { statement, lab, step, params } of rows.filter((row) => row.text === text)) {
      const { manifest } = must(labs.get(lab), `lab ${lab}: ${statement}`);
      expect(manifest.steps.map(({ id }) => id), statement).toContain(step);
      expect(checkParams(manifest.parameters, params), statement).toMatchObject({ ok: true });
    }
  });

  const texts = resolve(root, '../shared/course');
  it.skipIf(!existsSync(texts))('quotes the texts', () => {
    const missing = rows.filter(({ text, words }) => words === '' || !plain(readFileSync(resolve(texts, text), 'utf8')).includes(plain(words)));
    expect(missing.map(({ text, words }) => `${text}: ${words}`)).toEqual([]);
  });
});

const sameRun = (one: Row, other: Row): boolean => one.lab === other.lab && JSON.stringify(one.params) === JSON.stringify(other.params);
const runs = new Map<string, Row[]>();
for (const row of rows) {
  const lacks = six || !rows.some((other) => isOverIpv6(other) && sameRun(row, other)) ? '' : ' (no ::1 here: all but what is over IPv6)';
  const key = `${row.lab} ${JSON.stringify(row.params)}${lacks}`;
  runs.set(key, [...(runs.get(key) ?? []), row]);
}

describe('the run', () => {
  it.each([...runs])('%s comes to its moments', { timeout: 120_000 }, async (_run, [first, ...others]) => {
    const { lab, params } = must(first, 'a row');
    const steps = [must(first, 'a row'), ...others].filter((row) => six || !isOverIpv6(row)).map(({ step }) => step);
    const run = await LabTest.play(must(labs.get(lab), lab), params, { timeout: SCRIPT });
    // Servers go on when the script is over: what an expiry shows may come then.
    await Promise.race([run.until(() => steps.every((step) => run.stepsDone().includes(step))), sleep(PATIENCE)]);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(steps));
  });
});
