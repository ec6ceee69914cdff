// What is wrong with a damaged capture, as a kind that the catalogues have words for (capture.damaged.*): the readers of files say it in English for
// the command line. What is not known here is shown as they say it.

const KINDS = [
  { kind: 'cut', says: /^the file is cut: |^the gzip data is cut$/u },
  { kind: 'gzip', says: /^the gzip data is damaged/u },
  { kind: 'packetLength', says: /^a packet of \d+ B: more than \d+$/u },
  { kind: 'blockLength', says: /^a block of \d+ B(:| that ends saying )/u },
  { kind: 'version', says: /^pcapng of version \d+\.\d+ is not read/u },
  { kind: 'byteOrder', says: /^a section without its byte order$/u },
  { kind: 'blockContent', says: /past the end of (its|their) block$| too short$|^a packet of \d+ B in a block of \d+/u },
  { kind: 'interface', says: /^a packet of interface \d+: the section has \d+$/u },
] as const;

export type DamageKind = (typeof KINDS)[number]['kind'];

/** Null: a reason that has no words of its own. */
export const damageKind = (why: string): DamageKind | null => KINDS.find(({ says }) => says.test(why))?.kind ?? null;
