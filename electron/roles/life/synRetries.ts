// What the kernel would have done had the program gone on waiting in connect(): when Linux sends a SYN again that nobody answers, and when it
// gives up with ETIMEDOUT (tcp_write_timeout, tcp_retransmit_timer; RFC 6298 2 and 5.5). The settings are read from the running kernel.

import { readFile } from 'node:fs/promises';

export interface SynPlan {
  /** net.ipv4.tcp_syn_retries, and tcp_syn_linear_timeouts (0 in kernels before 6.5). */
  readonly retries: number;
  readonly linear: number;
  /** Seconds after the first SYN at which it is sent again. */
  readonly again: readonly number[];
  /** Seconds after the first SYN at which connect() fails with ETIMEDOUT. */
  readonly givesUp: number;
}

/** RFC 6298 2.1: the first time-out, in seconds; Linux's longest (TCP_RTO_MAX). */
const FIRST = 1;
const LONGEST = 120;

/** `linear` time-outs of one second come first, then each is twice the one before. */
export function synPlan(retries: number, linear: number): SynPlan {
  const again: number[] = [];
  let wait = FIRST;
  let at = FIRST;
  for (let sent = 1; sent <= retries + linear; sent++) {
    again.push(at);
    if (sent > linear) wait = Math.min(wait * 2, LONGEST);
    at += wait;
  }
  return { retries, linear, again, givesUp: at };
}

const setting = async (name: string): Promise<number | null> => {
  const text = await readFile(`/proc/sys/net/ipv4/${name}`, 'latin1').catch(() => null);
  const value = text === null ? Number.NaN : Number(text.trim());
  return Number.isInteger(value) && value >= 0 && value <= 255 ? value : null;
};

/** As this system's kernel is set; null where it does not tell (only Linux does). */
export async function kernelSynPlan(): Promise<SynPlan | null> {
  const retries = await setting('tcp_syn_retries');
  return retries === null ? null : synPlan(retries, (await setting('tcp_syn_linear_timeouts')) ?? 0);
}
