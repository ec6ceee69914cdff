// The largest packet that the loopback interface takes, as the system tells it: a file on Linux, nothing that Node could ask elsewhere.

import { readFile } from 'node:fs/promises';
import type { RoleContext } from '../lab';

/** Bytes of an IP packet on `lo` at most; null where the system does not tell. */
async function loopbackMtu(): Promise<number | null> {
  try {
    const mtu = Number((await readFile('/sys/class/net/lo/mtu', 'utf8')).trim());
    return Number.isInteger(mtu) && mtu > 0 ? mtu : null;
  } catch {
    return null;
  }
}

/** Notes it, where it is known: how large a segment or datagram can be follows from it. */
export async function linkMtuNote(role: RoleContext): Promise<void> {
  const mtu = await loopbackMtu();
  if (mtu !== null) role.note({ topic: 'link.mtu', link: 'lo', mtu });
}
