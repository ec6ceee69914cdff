// What knip takes as used from outside: entries that a build, a glob or a person starts. Everything else must be imported by something.
import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'electron/{main,cli,preload}.ts',
    'electron/labs/*/lab.ts',
    'build/*.ts',
    'build/electron-runtime/defaultApp/main.js',
    '{electron,shared,renderer,build}/**/*.test.ts',
    'tests/**/*.ts',
  ],
  project: ['{electron,shared,renderer,build,tests}/**/*.{ts,vue,js}'],
  // Exported so that the next issue's code and the tests can use them; types cost nothing.
  ignoreExportsUsedInFile: true,
  rules: { types: 'off', exports: 'off' },
  // Debian's programs, named in the README.
  ignoreBinaries: ['aria2c', 'ip', 'transmission-cli', 'capinfos', 'editcap', 'mkfifo', 'openssl', 'Xvfb', 'strace', 'tcpdump', 'tshark', 'unshare'],
};
export default config;
