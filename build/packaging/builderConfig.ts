// What electron-builder is told: which files go in, which switches of Electron are burned in, and the installers of each system. The
// Debian package and the archives of Linux are made by our own scripts (deb.ts, dist.ts), which need no download.

import type { Configuration } from 'electron-builder';
import type { Runtime } from '../electron-runtime/runtime';

/** Configuration for packing `electronDist`, a clean copy of `runtime`, into `output`. `extra`: folder whose files stand beside the program. */
export function builderConfig(runtime: Runtime, electronDist: string, output: string, extra: string): Configuration {
  return {
    appId: 'app.looplab.desktop',
    productName: 'Looplab',
    copyright: 'Copyright © the Looplab authors',
    electronDist,
    electronVersion: runtime.version,
    directories: { output, buildResources: 'build/icons' },
    // Everything is bundled into out/: no node_modules, no native code, no sources.
    files: ['out/**', 'package.json', '!**/*.map', '!out/**/.*', '!node_modules/**'],
    extraFiles: [{ from: extra, to: '.' }],
    asar: true,
    npmRebuild: false,
    nodeGypRebuild: false,
    electronLanguages: ['en-US', 'en', 'ko', 'ru'],
    compression: 'normal',
    electronFuses: {
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      enableCookieEncryption: false,
      loadBrowserProcessSpecificV8Snapshot: false,
      // Electron checks the archive's hash on these two systems only.
      enableEmbeddedAsarIntegrityValidation: process.platform !== 'linux',
    },
    // The Debian package says the same in its own words (deb.ts).
    fileAssociations: [
      { ext: 'pcapng', name: 'pcapng', description: 'Packet capture or run of Looplab', mimeType: 'application/x-pcapng', role: 'Viewer' },
      { ext: 'pcap', name: 'pcap', description: 'Packet capture', mimeType: 'application/vnd.tcpdump.pcap', role: 'Viewer' },
    ],
    linux: { target: ['dir'], executableName: 'looplab', category: 'Education', icon: 'build/icons', syncDesktopName: true },
    win: { target: ['nsis', 'zip'], icon: 'build/icons/512x512.png' },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, differentialPackage: false },
    mac: { target: ['dmg', 'zip'], category: 'public.app-category.education', icon: 'build/icons/512x512.png', darkModeSupport: true },
    dmg: { writeUpdateInfo: false },
    publish: null,
  };
}
