// In the page of the built app: looks at each frame until all packets of a capture are there, and tells when which rows were drawn.

import type { Opened, RowsPage } from './opened';

let seen: Promise<Opened> | null = null;

function watch(count: number): Promise<Opened> {
  let pressed = Number.NaN;
  addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), { capture: true, once: true });
  const at = { first: Number.NaN, filled: Number.NaN };
  return new Promise((resolve) => {
    const look = (now: number): void => {
      const grid = document.querySelector('[role="grid"]');
      const rows = [...(grid?.querySelectorAll<HTMLElement>('.packet-rows > [role="row"]') ?? [])];
      const written = rows.filter((row) => row.checkVisibility() && (row.lastElementChild?.textContent ?? '') !== '');
      const end = grid?.getBoundingClientRect().bottom ?? Infinity;
      if (written.length > 0 && Number.isNaN(at.first)) at.first = now - pressed;
      if (written.some((row) => row.getBoundingClientRect().bottom >= end) && Number.isNaN(at.filled)) at.filled = now - pressed;
      if (grid?.getAttribute('aria-rowcount') === String(count + 1) && document.documentElement.dataset['idle'] === 'true') resolve({ ...at, whole: now - pressed });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

Object.assign(globalThis, {
  watchRows: (count) => void (seen = watch(count)),
  rowsSeen: () => seen ?? Promise.reject(new Error('nothing was watched')),
} satisfies RowsPage);
