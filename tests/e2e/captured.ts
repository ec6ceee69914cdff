// A capture of datagrams that tests of the Capture screen open, by its keys.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, idle, type Launched } from './app';

/** Frames of UDP from port 4000 up, with a text each: Ethernet, IPv4, UDP without checksum, in a pcap with microseconds. */
export function pcap(texts: readonly string[]): Buffer {
  const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  return Buffer.concat([head, ...texts.flatMap((text, at) => {
    const udp = Buffer.alloc(8 + text.length);
    udp.writeUInt16BE(4_000 + at, 0);
    udp.writeUInt16BE(5_300, 2);
    udp.writeUInt16BE(udp.length, 4);
    udp.write(text, 8, 'latin1');
    const ip = Buffer.from('450000000000400040110000 7f000a01 7f001401'.replaceAll(' ', ''), 'hex');
    ip.writeUInt16BE(ip.length + udp.length, 2);
    const frame = Buffer.concat([Buffer.from('0200000000020200000000010800', 'hex'), ip, udp]);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE(at * 1_000, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, frame];
  })]);
}

/** Runs with a capture of 40 datagrams open, which the keyboard has opened. */
export async function withCapture(launched: Launched, page: Page, then: (grid: Locator) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-capture-'));
  try {
    const path = join(folder, 'talk.pcap');
    await writeFile(path, pcap(Array.from({ length: 40 }, (_unused, at) => `datagram ${at}`)));
    await launched.app.evaluate(({ dialog }, file) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
    }, path);
    await page.locator('[data-command="open-capture"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('html[data-screen="capture"]');
    await idle(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('talk.pcap');
    const grid = page.getByRole('grid', { name: 'Packets' });
    await expect(grid).toHaveAttribute('aria-rowcount', '41');
    await then(grid);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
