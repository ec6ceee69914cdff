// Many clients that come to a server together: so many may be connecting at once, and they may wait for each other before they ask. Without
// this, thousands of SYNs in one instant meet an accept queue of some hundred places, and most come again a second later.

/** A gate that lets `most` through at once; each gives its place back by what it was given. */
export function createGate(most: number): () => Promise<() => void> {
  let free = most;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    let left = false;
    return () => {
      if (!left) leave();
      left = true;
    };
  };
}

/** A place where `count` meet: resolves for all when the last is there. */
export function createMeeting(count: number): () => Promise<void> {
  let missing = count;
  let open: () => void = () => undefined;
  const met = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (--missing === 0) open();
    return met;
  };
}
