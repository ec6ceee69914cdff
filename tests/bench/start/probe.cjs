// Preload script of the start bench: tells main when something was drawn first and when the page said that it is idle, as times since
// 1970 in ms. A page without the idle signal is usable once it is loaded and drawn.

const { ipcRenderer } = require('electron');

let paint = 0;
let usable = 0;
const tell = () => {
  if (paint > 0 && usable > 0) ipcRenderer.send('bench:start', { navigated: performance.timeOrigin, paint, usable });
};
new PerformanceObserver((list) => {
  const first = list.getEntriesByName('first-contentful-paint')[0];
  if (first === undefined) return;
  paint = performance.timeOrigin + first.startTime;
  tell();
}).observe({ type: 'paint', buffered: true });

const settled = () => {
  if (usable > 0) return;
  usable = Date.now();
  tell();
};
document.addEventListener('DOMContentLoaded', () => {
  const root = document.documentElement;
  // What is idle is in the document now; it is usable once that frame is drawn.
  const drawn = () => requestAnimationFrame(() => setTimeout(settled));
  if (!('idle' in root.dataset)) return void drawn();
  const look = () => root.dataset.idle === 'true' && drawn();
  new MutationObserver(look).observe(root, { attributes: true, attributeFilter: ['data-idle'] });
  look();
});
