// lesson.<locale>.md -> Lesson. The format is taught by electron/labs/_template/lesson.en.md. Markdown stays Markdown here: it is
// rendered in the page. Checks the form, not which ids a lab needs (checkLesson.ts does).

import { never } from '../base/assert';
import { LessonError, cutSections, textOf, type Line, type Section } from './lessonSections';
import type { Lesson } from './lesson';

type Items = Map<string, string>;

/** Throws LessonError with the line at fault. */
export function parseLesson(source: string): Lesson {
  const { head, sections } = cutSections(source);
  const lesson = {
    ...parseHead(head),
    hosts: new Map<string, string>(),
    roles: new Map<string, string>(),
    steps: new Map<string, { title: string; body: string }>(),
    predictions: new Map<string, { question: string; options: Items; because: string }>(),
    parameters: new Map<string, { label: string; help: string; options: Items }>(),
    actions: new Map<string, { label: string; help: string; arguments: Items }>(),
    tryIt: new Map<string, string>(),
  };
  for (const section of sections) {
    switch (section.kind) {
      case 'host':
        lesson.hosts.set(section.id, onlyLine(section));
        break;
      case 'role':
        lesson.roles.set(section.id, onlyLine(section));
        break;
      case 'step':
        lesson.steps.set(section.id, parseStep(section));
        break;
      case 'predict':
        lesson.predictions.set(section.id, parsePrediction(section));
        break;
      case 'parameter':
        lesson.parameters.set(section.id, parseSetting(section));
        break;
      case 'action': {
        const { label, help, options } = parseSetting(section);
        lesson.actions.set(section.id, { label, help, arguments: options });
        break;
      }
      case 'try':
        lesson.tryIt.set(section.id, needText(section.line, section.body, 'a sentence'));
        break;
      default:
        never(section.kind);
    }
  }
  return lesson;
}

/** `# Title`, `> summary`, then the introduction. */
function parseHead(head: readonly Line[]): { title: string; summary: string; intro: string } {
  const [first, ...afterTitle] = skipEmpty(head);
  const title = first === undefined ? undefined : /^# +(.+)$/.exec(first.text)?.[1];
  if (first === undefined || title === undefined) throw new LessonError(first?.number ?? 1, 'a lesson starts with "# Title"');
  const rest = skipEmpty(afterTitle);
  const quoted = rest.findIndex((line) => !line.text.startsWith('>'));
  const summary = rest.slice(0, quoted < 0 ? rest.length : quoted);
  if (summary.length === 0) throw new LessonError(rest[0]?.number ?? first.number, 'after the title comes "> summary"');
  return {
    title: title.trim(),
    summary: summary.map((line) => line.text.replace(/^>\s?/, '').trim()).join(' '),
    intro: needText(first.number, rest.slice(summary.length), 'an introduction'),
  };
}

/** `### Title`, then the body. */
function parseStep(section: Section): { title: string; body: string } {
  const { heading, rest } = subheading(section, 'the title of the step');
  return { title: heading, body: needText(section.line, rest, 'a body') };
}

/** `### Question`, options, `#### because`, text. */
function parsePrediction(section: Section): { question: string; options: Items; because: string } {
  const { heading, rest } = subheading(section, 'the question');
  const split = rest.findIndex((line) => !line.code && /^#### +because\s*$/.test(line.text));
  if (split < 0) throw new LessonError(section.line, `"predict: ${section.id}" needs "#### because" after its options`);
  const { before, items } = splitItems(rest.slice(0, split));
  const stray = skipEmpty(before)[0];
  if (stray !== undefined) throw new LessonError(stray.number, 'between the question and "#### because" stand options only: "- [id] text"');
  if (items.size < 2) throw new LessonError(section.line, `"predict: ${section.id}" needs at least two options "- [id] text"`);
  return { question: heading, options: items, because: needText(section.line, rest.slice(split + 1), 'a text after "#### because"') };
}

/** A line with the label, help, then "- [id] text" for each choice or argument. */
function parseSetting(section: Section): { label: string; help: string; options: Items } {
  const { before, items } = splitItems(section.body);
  const [label, ...help] = skipEmpty(before);
  if (label === undefined) throw new LessonError(section.line, `"${section.kind}: ${section.id}" needs a line with its label`);
  return { label: label.text.trim(), help: needText(label.number, help, 'a help text under its label'), options: items };
}

function onlyLine(section: Section): string {
  const [line, extra] = skipEmpty(section.body);
  if (line === undefined) throw new LessonError(section.line, `"${section.kind}: ${section.id}" needs a line with its name`);
  if (extra !== undefined) throw new LessonError(extra.number, `"${section.kind}: ${section.id}" is one line`);
  return line.text.trim();
}

function subheading(section: Section, what: string): { heading: string; rest: readonly Line[] } {
  const [line, ...rest] = skipEmpty(section.body);
  const heading = line === undefined ? undefined : /^### +(.+)$/.exec(line.text)?.[1];
  if (heading === undefined) throw new LessonError(line?.number ?? section.line, `"${section.kind}: ${section.id}" starts with "### " and ${what}`);
  return { heading: heading.trim(), rest };
}

/** Takes the "- [id] text" items, which may go on in indented lines, out of the lines that end with them. */
function splitItems(lines: readonly Line[]): { before: Line[]; items: Items } {
  const before: Line[] = [];
  const items: Items = new Map();
  let current: string | null = null;
  for (const line of lines) {
    const [, id, text] = (line.code ? null : /^- \[([A-Za-z0-9][\w./-]*)\] +(.+)$/.exec(line.text)) ?? [];
    if (id !== undefined && text !== undefined) {
      if (items.has(id)) throw new LessonError(line.number, `"[${id}]" is there twice`);
      items.set(id, text.trim());
      current = id;
    } else if (current !== null && /^ {2,}\S/.test(line.text)) items.set(current, `${items.get(current) ?? ''} ${line.text.trim()}`);
    else if (current === null) before.push(line);
    else if (line.text.trim() !== '') throw new LessonError(line.number, 'nothing but "- [id] text" may follow the first one');
  }
  return { before, items };
}

function needText(line: number, lines: readonly Line[], what: string): string {
  const text = textOf(lines);
  if (text === '') throw new LessonError(line, `here ${what} is missing`);
  return text;
}

function skipEmpty(lines: readonly Line[]): readonly Line[] {
  const filled = (line: Line): boolean => line.text.trim() !== '';
  const start = lines.findIndex(filled);
  return start < 0 ? [] : lines.slice(start, lines.findLastIndex(filled) + 1);
}
