// looplab list: the labs, for people or as JSON.

import { describeParameters, readOptions } from './arguments';
import { LIST_HELP } from './help';
import { EXIT, UsageError, type Io } from './io';

export async function list(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
  if (values.help === true) {
    await io.out(LIST_HELP);
    return EXIT.reached;
  }
  if (positionals.length > 0) throw new UsageError(`list takes no argument, not ${JSON.stringify(positionals[0])}`);
  const labs = io.labs();
  if (values.json === true) {
    const said = labs.map(({ lab: { manifest }, lessons }) => {
      const { id, group, parameters, endpoints, actions } = manifest;
      return { id, group, title: lessons.get('en')?.title ?? '', summary: lessons.get('en')?.summary ?? '', parameters, endpoints, actions };
    });
    await io.out(`${JSON.stringify(said)}\n`);
    return EXIT.reached;
  }
  for (const { lab, lessons } of labs) {
    const lesson = lessons.get('en');
    await io.out(`${lab.manifest.id}: ${lesson?.title ?? ''}\n  ${lesson?.summary ?? ''}\n${describeParameters(lab.manifest.parameters)}\n`);
  }
  return EXIT.reached;
}
