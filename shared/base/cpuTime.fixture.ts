// For tests of what work costs: the time that processors have spent on this process, which other programs of a busy machine do not lengthen.

interface CpuUsage {
  /** µs. */
  readonly user: number;
  /** µs. */
  readonly system: number;
}

/** Node's, also where code is checked without Node's types. */
declare const process: { cpuUsage(before?: CpuUsage): CpuUsage };

/** Gives the ms since it was called. */
export function cpuTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
