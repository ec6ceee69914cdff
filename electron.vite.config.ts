// Builds main, worker, command line, preload and page. Targets are those of Electron 33 (Chrome 130, Node 20.18), so that the same
// build runs there and on the newest; electron-vite would otherwise take them from the installed electron package.
import { resolve } from 'node:path';
import vueI18n from '@intlify/unplugin-vue-i18n/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

export default defineConfig({
  main: {
    build: {
      target: 'node20.18',
      outDir: 'out/main',
      externalizeDeps: false,
      rollupOptions: {
        input: { main: resolve('electron/main.ts'), worker: resolve('electron/runtime/worker.ts'), capture: resolve('electron/packets/sessionWorker.ts'), cli: resolve('electron/cli.ts'), program: resolve('electron/runtime/process/program.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: { input: { preload: resolve('electron/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'renderer',
    // Nothing inlined: the page's policy allows no data: fonts.
    build: { target: 'chrome130', outDir: 'out/renderer', minify: true, assetsInlineLimit: 0, rollupOptions: { input: resolve('renderer/index.html') } },
    plugins: [vue(), vueI18n({ include: resolve('renderer/i18n/locales/**'), runtimeOnly: true, compositionOnly: true, strictMessage: true })],
  },
});
