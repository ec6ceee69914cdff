// The order of vitest's files: those that mostly wait (labs, foreign programs) are spread evenly among those that compute, so that one worker
// computes while others wait; in each of both the longest come first, so that none is left alone at the end.

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Projects whose tests mostly wait. */
const WAITING = new Set(['labs', 'alone']);

/** The longest of those that wait, from half a minute up; a file's size, by which the others are sorted, does not tell. */
export const LONG: readonly string[] = [
  'tests/interop/nothingLeaves', 'tests/interop/share', 'tests/interop/kernel/webTruth', 'tests/interop/appTruth', 'electron/labs/course',
  'tests/interop/swarmPrograms', 'electron/labs/single-point-of-failure/lab', 'electron/labs/p2p-swarm/lab', 'tests/interop/kernel/failureTruth',
  'tests/interop/kernel/joinedLabs', 'tests/interop/kernel/swarmTruth', 'electron/labs/architectures', 'tests/interop/kernel/truth',
  'tests/interop/swarmLab', 'tests/interop/cli', 'electron/cli/soak', 'tests/interop/kernel/load', 'tests/interop/agreement',
  'tests/interop/kernel/joinedTruth', 'tests/interop/kernel/hybridTruth', 'tests/interop/webPrograms',
];

function rankOf(file: string): number {
  const at = LONG.findIndex((name) => file.endsWith(`/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
}

/** First those that are named long, in the order of the names; the others stay as they are. */
export const longestFirst = <T>(files: readonly T[], pathOf: (file: T) => string): T[] => [...files].sort((one, other) => rankOf(pathOf(one)) - rankOf(pathOf(other)));

/** Both lists in their orders, as one in which any part has its share of each. */
export function evenly<T>(one: readonly T[], other: readonly T[]): T[] {
  const placed = [one, other].flatMap((list) => list.map((item, at) => ({ item, place: at / list.length })));
  return placed.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ project }: TestSpecification): boolean => WAITING.has(project.name);
    return evenly(longestFirst(sorted.filter(waits), ({ moduleId }) => moduleId), sorted.filter((file) => !waits(file)));
  }
}
