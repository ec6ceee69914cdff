// For tests of what work costs: the time that processors have spent on this process, which other programs of a busy machine do not lengthen.

/** Gives the ms since it was called. */
export function cpuTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
