// The lesson format: what it takes, and how plainly it refuses.
import { describe, expect, it } from 'vitest';
import { LessonError } from './lessonSections';
import { parseLesson } from './parseLesson';

const WHOLE = `# Echo

> One line
> in two.

First paragraph with \`<b>\` in code.

\`\`\`
## not: a heading
\`\`\`

## host: client
Client host

## role: server
Echo server

## step: listen
### The server listens
It *waits*.

- a plain list
- stays in the body

## predict: received
### How many bytes?
- [all] all of
  them
- [fewer] fewer
#### because
It closed.

## parameter: kind
Client
What it does.
- [early] closes early

## action: send
Send
Sends a line.
- [text] the line

## try: nc
Type a line.
`;

/** The line and reason of the error that this lesson gets. */
function refusal(source: string): string {
  try {
    parseLesson(source);
  } catch (error) {
    if (error instanceof LessonError) return error.message;
    throw error;
  }
  return 'accepted';
}

const head = '# T\n\n> S\n\nIntro.\n\n'; // the next line is 7

describe('parseLesson', () => {
  const lesson = parseLesson(WHOLE);

  it('reads title, summary and introduction, and leaves headings in code alone', () => {
    expect(lesson.title).toBe('Echo');
    expect(lesson.summary).toBe('One line in two.');
    expect(lesson.intro).toBe('First paragraph with `<b>` in code.\n\n```\n## not: a heading\n```');
  });

  it('reads every kind of section', () => {
    expect(lesson.hosts).toEqual(new Map([['client', 'Client host']]));
    expect(lesson.roles).toEqual(new Map([['server', 'Echo server']]));
    expect(lesson.steps.get('listen')).toEqual({ title: 'The server listens', body: 'It *waits*.\n\n- a plain list\n- stays in the body' });
    expect(lesson.predictions.get('received')).toEqual({
      question: 'How many bytes?',
      options: new Map([['all', 'all of them'], ['fewer', 'fewer']]),
      because: 'It closed.',
    });
    expect(lesson.parameters.get('kind')).toEqual({ label: 'Client', help: 'What it does.', options: new Map([['early', 'closes early']]) });
    expect(lesson.actions.get('send')).toEqual({ label: 'Send', help: 'Sends a line.', arguments: new Map([['text', 'the line']]) });
    expect(lesson.tryIt.get('nc')).toBe('Type a line.');
  });

  it('reads files with CRLF line ends the same way', () => {
    expect(parseLesson(WHOLE.replaceAll('\n', '\r\n'))).toEqual(lesson);
  });

  it.each([
    ['', 'line 1: a lesson starts with "# Title"'],
    ['# T\n\nno summary', 'line 3: after the title comes "> summary"'],
    ['# T\n\n> S\n', 'line 1: here an introduction is missing'],
    [`${head}## stepp: a\n`, 'line 7: expected "## host | role | step | predict | parameter | action | try: id", found "## stepp: a"'],
    [`${head}## host: a\nA\n\n## host: a\nB\n`, 'line 10: "host: a" is already on line 7'],
    [`${head}## host: a\nA\nB\n`, 'line 9: "host: a" is one line'],
    [`${head}## host: a\n`, 'line 7: "host: a" needs a line with its name'],
    [`${head}## step: a\nbody\n`, 'line 8: "step: a" starts with "### " and the title of the step'],
    [`${head}## step: a\n### t\n`, 'line 7: here a body is missing'],
    [`${head}## predict: a\n### q\n- [x] 1\n- [y] 2\n`, 'line 7: "predict: a" needs "#### because" after its options'],
    [`${head}## predict: a\n### q\n- [x] 1\n#### because\nb\n`, 'line 7: "predict: a" needs at least two options "- [id] text"'],
    [`${head}## predict: a\n### q\nwhat?\n- [x] 1\n- [y] 2\n#### because\nb\n`, 'line 9: between the question and "#### because" stand options only: "- [id] text"'],
    [`${head}## predict: a\n### q\n- [x] 1\n- [x] 2\n#### because\nb\n`, 'line 10: "[x]" is there twice'],
    [`${head}## parameter: a\nLabel\n`, 'line 8: here a help text under its label is missing'],
    [`${head}## parameter: a\nLabel\nHelp\n- [x] 1\nstray\n`, 'line 11: nothing but "- [id] text" may follow the first one'],
    [`${head}## try: a\n<b>hi</b>\n`, 'line 8: HTML is not shown in lessons; use Markdown'],
    [`${head}## step: a\n### t\n\`\`\`\nx\n`, 'line 9: this ``` block has no end'],
  ])('refuses %j', (source, message) => expect(refusal(source)).toBe(message));
});
