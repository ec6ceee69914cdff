// What the page finds on its window: the preload's bridge (absent in a plain browser), and Vite's module types.
/// <reference types="vite/client" />

interface Window {
  readonly looplab?: import('../shared/ipc/contract').Bridge;
}
