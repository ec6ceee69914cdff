// The Debian package, by dpkg-deb alone: the packed folder under /opt, a desktop entry, icons, and chrome-sandbox setuid root, so that
// the sandbox works on every kernel. Debian Policy Manual chapters 5 and 12.5.

import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '../kit/run';

/** What Electron links or opens at run time; t64 are the names since Debian 13 and Ubuntu 24.04. */
const DEPENDS = [
  'libgtk-3-0t64 | libgtk-3-0', 'libatk-bridge2.0-0t64 | libatk-bridge2.0-0', 'libasound2t64 | libasound2', 'libcups2t64 | libcups2',
  'libnss3', 'libgbm1', 'libxss1', 'libxtst6', 'libdrm2', 'libxkbcommon0',
];
const ARCHITECTURE: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', arm: 'armhf', ia32: 'i386' };

export interface Product {
  readonly version: string;
  readonly description: string;
}

/**
 * Builds `<output>/looplab_<version>_<arch>.deb` from the packed folder and returns its path. `quick` compresses less. Throws when
 * dpkg-deb is missing.
 */
export async function makeDeb(packed: string, output: string, product: Product, quick = false): Promise<string> {
  const architecture = ARCHITECTURE[process.arch] ?? process.arch;
  const tree = await mkdtemp(join(tmpdir(), 'looplab-deb-'));
  try {
    await chmod(tree, 0o755);
    await layOut(tree, packed);
    await put(tree, 'DEBIAN/control', control(product, architecture, await kilobytes(tree)));
    const file = join(output, `looplab_${product.version}_${architecture}.deb`);
    await promisify(execFile)('dpkg-deb', ['--root-owner-group', quick ? '-Zgzip' : '-Zxz', `-z${quick ? 1 : 6}`, '--build', tree, file]);
    return file;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function layOut(tree: string, packed: string): Promise<void> {
  const home = join(tree, 'opt/Looplab');
  await cp(packed, home, { recursive: true, verbatimSymlinks: true });
  await chmod(join(home, 'chrome-sandbox'), 0o4755);
  await mkdir(join(tree, 'usr/bin'), { recursive: true });
  await symlink('/opt/Looplab/looplab', join(tree, 'usr/bin/looplab'));
  await put(tree, 'usr/share/applications/looplab.desktop', DESKTOP_ENTRY);
  await put(tree, 'usr/share/mime/packages/looplab.xml', MIME_TYPES);
  await put(tree, 'usr/share/doc/looplab/copyright', COPYRIGHT);
  for (const name of await readdir(join(REPOSITORY, 'build/icons'))) {
    const size = /^(\d+x\d+)\.png$/.exec(name)?.[1];
    if (size !== undefined) await put(tree, `usr/share/icons/hicolor/${size}/apps/looplab.png`, name);
  }
}

/** Writes a file below the tree; the name of an icon stands for its content. */
async function put(tree: string, path: string, content: string): Promise<void> {
  const file = join(tree, path);
  await mkdir(dirname(file), { recursive: true });
  if (path.endsWith('.png')) await cp(join(REPOSITORY, 'build/icons', content), file);
  else await writeFile(file, content, { mode: 0o644 });
}

async function kilobytes(path: string): Promise<number> {
  const info = await lstat(path);
  if (!info.isDirectory()) return Math.ceil(info.size / 1024);
  let sum = 0;
  for (const name of await readdir(path)) sum += await kilobytes(join(path, name));
  return sum;
}

function control({ version, description }: Product, architecture: string, size: number): string {
  return `${[
    'Package: looplab', `Version: ${version}`, `Architecture: ${architecture}`, 'Maintainer: The Looplab authors <looplab@localhost>',
    `Installed-Size: ${size}`, `Depends: ${DEPENDS.join(', ')}`, 'Recommends: xdg-utils, tcpdump', 'Section: education', 'Priority: optional',
    'Description: network laboratory on the loopback interface', ` ${description}`,
  ].join('\n')}\n`;
}

const DESKTOP_ENTRY = `[Desktop Entry]
Type=Application
Name=Looplab
Comment=Run real network programs and see every call, byte and header
Comment[ko]=실제 네트워크 프로그램을 실행하고 모든 호출, 바이트, 헤더를 살펴보세요
Comment[ru]=Запускайте настоящие сетевые программы и смотрите каждый вызов, байт и заголовок
Exec=looplab %F
Icon=looplab
Categories=Education;Network;
MimeType=application/x-pcapng;application/vnd.tcpdump.pcap;
StartupWMClass=Looplab
`;

/** What a file manager knows a pcapng by: its name, and the type of its first block (shared-mime-info specification). */
const MIME_TYPES = `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-pcapng">
    <comment>packet capture</comment>
    <comment xml:lang="ko">패킷 캡처</comment>
    <comment xml:lang="ru">захват пакетов</comment>
    <magic><match type="string" offset="0" value="\\x0a\\x0d\\x0d\\x0a"/></magic>
    <glob pattern="*.pcapng"/>
  </mime-type>
</mime-info>
`;

const COPYRIGHT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Looplab

Files: *
Copyright: the Looplab authors
License: Apache-2.0
 See /usr/share/common-licenses/Apache-2.0. Licences of bundled packages stand in
 /opt/Looplab/THIRD_PARTY_LICENSES.txt, those of Chromium in LICENSES.chromium.html.
`;
