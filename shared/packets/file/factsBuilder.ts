// CaptureFacts while they grow: what the scanners find beside packets is put here, within CAPTURE_LIMITS. Live: who reads a file sees in it
// what was found so far.

import { BLOCK, TLS_KEY_LOG } from '../../codec/pcapng/format';
import type { InterfaceDescription, SectionHeader } from '../../codec/pcapng/read';
import type { CaptureDamage, CaptureFacts, CaptureInterface, CaptureSink, CustomBlock } from '../captureFacts';
import { CAPTURE_LIMITS } from './limits';
import { utf8Text } from '../../base/bytesText';

const KNOWN: ReadonlySet<number> = new Set(Object.values(BLOCK));
const MIB = 1024 * 1024;

export class FactsBuilder implements CaptureFacts {
  format: 'pcap' | 'pcapng' = 'pcap';
  byteOrder: 'little' | 'big' = 'little';
  readonly interfaces: CaptureInterface[] = [];
  readonly names = new Map<string, string>();
  keyLog = '';
  readonly comments: string[] = [];
  hardware = '';
  os = '';
  application = '';
  readonly packetComments = new Map<number, string>();
  packetOptions = 0;
  readonly custom: CustomBlock[] = [];
  readonly blocks = new Map<number, number>();
  readonly unknownBlocks = new Map<number, number>();
  readonly drops = new Map<number, number>();
  readonly leftOut: string[] = [];
  damage: CaptureDamage | null = null;
  /** Packets told so far. */
  packets = 0;
  #commentSize = 0;
  #customSize = 0;

  readonly #sink: CaptureSink;

  constructor(sink: CaptureSink, readonly gzip: boolean) {
    this.#sink = sink;
  }

  /** No property of its own: what crosses to another thread is data alone. */
  get sink(): CaptureSink {
    return this.#sink;
  }

  addInterface(section: number, one: InterfaceDescription): void {
    const { linkType, snapLength, name, description, filter, os, resolution, offset, fcs } = one;
    const added: CaptureInterface = { section, linkType, snapLength, name, description, filter, os, resolution, offset, ...(fcs === null ? {} : { fcs }) };
    this.interfaces.push(added);
    this.#sink.interface(added);
  }

  /** The first section's are the file's; comments are of all. */
  addSection(section: SectionHeader): void {
    this.hardware ||= section.hardware;
    this.os ||= section.os;
    this.application ||= section.application;
    for (const comment of section.comments) if (this.#room(comment)) this.comments.push(comment);
  }

  addName(address: string, name: string): void {
    if (this.names.size >= CAPTURE_LIMITS.names && !this.names.has(address)) this.leave(`names over ${CAPTURE_LIMITS.names}`);
    else this.names.set(address, name);
  }

  addSecrets(kind: number, data: Uint8Array): void {
    if (kind !== TLS_KEY_LOG) return;
    const text = utf8Text(data);
    if (this.keyLog.length + text.length > CAPTURE_LIMITS.keyLog) this.leave(`key log lines over ${CAPTURE_LIMITS.keyLog / MIB} MiB`);
    else this.keyLog += this.keyLog === '' || this.keyLog.endsWith('\n') ? text : `\n${text}`;
  }

  addCustom(block: CustomBlock): void {
    if (this.#sink.custom !== undefined) this.#sink.custom(block);
    else if (this.#customSize + block.data.length > CAPTURE_LIMITS.custom) this.leave(`custom blocks over ${CAPTURE_LIMITS.custom / MIB} MiB`);
    else {
      this.#customSize += block.data.length;
      this.custom.push(block);
    }
  }

  /** Of the packet that is told next. */
  addPacketComment(comment: string): void {
    if (comment !== '' && this.#room(comment)) this.packetComments.set(this.packets, comment);
  }

  countBlock(type: number): void {
    this.blocks.set(type, (this.blocks.get(type) ?? 0) + 1);
    if (!KNOWN.has(type)) this.unknownBlocks.set(type, (this.unknownBlocks.get(type) ?? 0) + 1);
  }

  #room(comment: string): boolean {
    this.#commentSize += comment.length;
    if (this.#commentSize <= CAPTURE_LIMITS.comments) return true;
    this.leave(`comments over ${CAPTURE_LIMITS.comments / MIB} MiB`);
    return false;
  }

  /** Says that something of the file is not here. */
  leave(what: string): void {
    if (!this.leftOut.includes(what)) this.leftOut.push(what);
  }
}
