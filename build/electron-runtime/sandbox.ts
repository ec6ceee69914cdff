// Whether Chromium's sandbox can start from a dist folder on this Linux, and what to do when not. The product never turns its sandbox
// off; only these development scripts do, only as root (where Chromium refuses to start otherwise), and they say so.

import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export type SandboxState = 'works' | 'root' | 'blocked';

/** 'root': Chromium needs --no-sandbox. 'blocked': neither user namespaces nor a setuid chrome-sandbox. Always 'works' off Linux. */
export async function sandboxState(dist: string): Promise<SandboxState> {
  if (process.platform !== 'linux') return 'works';
  if (process.getuid?.() === 0) return 'root';
  const helper = await stat(join(dist, 'chrome-sandbox')).catch(() => undefined);
  if (helper !== undefined && helper.uid === 0 && (helper.mode & 0o4111) === 0o4111) return 'works';
  return (await userNamespacesWork()) ? 'works' : 'blocked';
}

/** Asks the kernel rather than its many switches (sysctl, AppArmor, seccomp of a container): makes one user namespace and leaves it. */
async function userNamespacesWork(): Promise<boolean> {
  return promisify(execFile)('unshare', ['--user', '--map-root-user', 'true']).then(
    () => true,
    (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT',
  );
}

/** What to tell a person whose system blocks the sandbox. */
export function sandboxMessage(dist: string): string {
  const helper = join(dist, 'chrome-sandbox');
  return [
    "Chromium's sandbox cannot start: this system lets ordinary users make no user namespaces. Do one of these, once:",
    `  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
    '  sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0     (Ubuntu 23.10 and later)',
    '  sudo sysctl -w kernel.unprivileged_userns_clone=1                 (older Debian kernels)',
  ].join('\n');
}
