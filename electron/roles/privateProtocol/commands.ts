// What a private protocol can be told: a table of lines 'NAME = reply', as the student writes it. A reply may use {argument}, {count} and
// {time}. Pure.

/** Most commands of a table, and characters of a name. */
const MOST = 50;
const LONGEST_NAME = 20;

export interface Commands {
  /** By name, in capitals: commands are the same in either case. */
  readonly replies: ReadonlyMap<string, string>;
  /** What is wrong with the table, one sentence each. */
  readonly faults: readonly string[];
}

export function parseCommands(table: string): Commands {
  const replies = new Map<string, string>();
  const faults: string[] = [];
  table.split(/\r\n|\n|\r/).forEach((line, at) => {
    if (line.trim() === '') return;
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(equals, 0)).trim().toUpperCase();
    const say = (what: string): void => void faults.push(`line ${at + 1}: ${what}`);
    if (equals < 0) say('no "=" between name and reply');
    else if (name === '') say('no name before "="');
    else if (/\s/.test(name)) say('a name is one word');
    else if (name.length > LONGEST_NAME) say(`a name has at most ${LONGEST_NAME} characters`);
    else if (replies.has(name)) say(`${name} is there already`);
    else if (replies.size >= MOST) say(`more than ${MOST} commands`);
    else replies.set(name, line.slice(equals + 1).trim());
  });
  return { replies, faults };
}

/** The answer to a message: the table's, or an error that says what there is. `count`: messages of this client so far, this one counted. */
export function answer({ replies }: Commands, message: string, count: number, now: Date): string {
  const [word = '', ...rest] = message.trim().split(/\s+/);
  const reply = replies.get(word.toUpperCase());
  if (word === '') return 'ERR an empty message';
  if (reply === undefined) return `ERR unknown command; there are: ${[...replies.keys()].join(' ')}`;
  const values: Readonly<Record<string, string>> = { argument: rest.join(' '), count: `${count}`, time: now.toISOString() };
  return reply.replaceAll(/\{(argument|count|time)\}/g, (_, name: string) => values[name] ?? '');
}
