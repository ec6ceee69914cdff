// Cuts a lesson file into its head and its `## kind: id` sections, each line with its number, and knows which lines are code.
// First half of parseLesson.ts; knows nothing of what the sections mean.

/** A fault in a lesson file. `line` counts from 1. */
export class LessonError extends Error {
  constructor(
    readonly line: number,
    readonly why: string,
  ) {
    super(`line ${line}: ${why}`);
    this.name = 'LessonError';
  }
}

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Inside a fenced code block: never a heading, an option or markup. */
  readonly code: boolean;
}

export const SECTION_KINDS = ['host', 'role', 'step', 'predict', 'parameter', 'action', 'try'] as const;
export type SectionKind = (typeof SECTION_KINDS)[number];

export interface Section {
  readonly kind: SectionKind;
  readonly id: string;
  /** Line of its heading. */
  readonly line: number;
  readonly body: readonly Line[];
}

const HEADING = /^## +([a-z]+): +([a-z0-9][a-z0-9-]*)\s*$/;
const FENCE = /^ {0,3}(```|~~~)/;
const HTML = /<[a-z!/][^>]*>/i;

const isKind = (word: string): word is SectionKind => (SECTION_KINDS as readonly string[]).includes(word);

/** The lines before the first section, and the sections in order. Throws LessonError. */
export function cutSections(source: string): { head: readonly Line[]; sections: readonly Section[] } {
  const head: Line[] = [];
  const sections: (Section & { body: Line[] })[] = [];
  const seen = new Map<string, number>();
  let into = head;
  for (const line of numberedLines(source)) {
    if (line.code || !/^##(?!#)/.test(line.text)) {
      into.push(line);
      continue;
    }
    const [, kind = '', id = ''] = HEADING.exec(line.text) ?? [];
    if (!isKind(kind)) throw new LessonError(line.number, `expected "## ${SECTION_KINDS.join(' | ')}: id", found "${line.text}"`);
    const key = `${kind}: ${id}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) throw new LessonError(line.number, `"${key}" is already on line ${earlier}`);
    seen.set(key, line.number);
    const section = { kind, id, line: line.number, body: [] };
    sections.push(section);
    into = section.body;
  }
  return { head, sections };
}

function numberedLines(source: string): Line[] {
  let fence: { mark: string; line: number } | null = null;
  const lines = source.split(/\r?\n/).map((text, index): Line => {
    const number = index + 1;
    const mark = FENCE.exec(text)?.[1];
    if (mark !== undefined && (fence === null || fence.mark === mark)) {
      fence = fence === null ? { mark, line: number } : null;
      return { number, text, code: true };
    }
    if (fence === null && HTML.test(text.replace(/`[^`]*`/g, ''))) throw new LessonError(number, 'HTML is not shown in lessons; use Markdown');
    return { number, text, code: fence !== null };
  });
  // Assigned in the callback, which the compiler cannot see.
  const open = fence as { mark: string; line: number } | null;
  if (open !== null) throw new LessonError(open.line, `this ${open.mark} block has no end`);
  return lines;
}

/** The text of lines, without empty lines at its ends. */
export const textOf = (lines: readonly Line[]): string =>
  lines
    .map((line) => line.text)
    .join('\n')
    .trim();
