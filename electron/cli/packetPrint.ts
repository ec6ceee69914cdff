// What looplab decode prints of packets: lines as the list has them, asked fields like `tshark -T fields -e`, or JSON. Fields alone take no more than they
// need of each packet (shared/packets/plain); lines and columns take all that it says.

import { PacketFields } from '../../shared/packets/dissection/packetFields';
import { momentOf, spanText } from '../../shared/packets/dissection/times';
import type { DissectedPacket, PacketDissector } from '../../shared/packets/dissector';
import type { PacketTable } from '../../shared/packets/packetTable';
import { FieldLines } from '../../shared/packets/plain/fieldLines';
import { endsOf, packetLine } from '../../shared/packets/text/packetLine';
import { FileWindow } from '../packets/fileWindow';
import { columnNamed, type ColumnFacts } from './columnFields';
import type { IndexedCapture } from './indexedCapture';

/** The capture that is printed. */
export interface Opened {
  readonly capture: IndexedCapture;
  readonly dissector: PacketDissector & { displayed(number: number): void };
  readonly named: (address: string) => string;
}

/** What is printed of packets, without line ends. */
export interface Print {
  line(number: number, length: number): string;
  /** A packet was printed: times of later ones may count from it. */
  displayed?(number: number): void;
}

/** `names`: fields and columns that are asked for; null: none. */
export function printer(names: readonly string[] | null, json: boolean): (opened: Opened) => Print {
  if (names !== null) {
    const said = (texts: readonly (readonly string[])[]): string => {
      if (!json) return tabbed(texts);
      return JSON.stringify(Object.fromEntries(texts.flatMap((values, i) => (values.length === 0 ? [] : [[names[i] ?? '', values]]))));
    };
    const columns = names.map(columnNamed);
    // What a column says is made of all that the packet says; fields alone are not.
    return columns.every((column) => column === null) ? fieldLines(names, said) : columnLines(names, columns, said);
  }
  if (json) return ({ capture: { index: { table } }, dissector, named }) => ({ line: (number, length) => JSON.stringify(packetJson(dissector.dissect(number), timeOf(table, number), length, named)) });
  return ({ capture: { index: { table } }, dissector, named }) => ({
    line: (number, length) => packetLine(dissector.dissect(number), timeOf(table, number), length, named),
  });
}

type Said = (texts: readonly (readonly string[])[]) => string;

function tabbed(texts: readonly (readonly string[])[]): string {
  let line = '';
  for (let i = 0; i < texts.length; i++) {
    const values = texts[i];
    if (i > 0) line += '\t';
    if (values !== undefined && values.length > 0) line += values.length === 1 ? values[0] ?? '' : values.join(',');
  }
  return line;
}

const fieldLines = (names: readonly string[], said: Said) => ({ capture: { index: { table, flows }, facts, file }, dissector }: Opened): Print => {
  const lines = new FieldLines(names, { table, flows, facts, window: new FileWindow(() => file, table), dissector });
  return { line: (number) => said(lines.texts(number)), displayed: (number) => lines.displayed(number) };
};

const columnLines = (names: readonly string[], columns: readonly ReturnType<typeof columnNamed>[], said: Said) => ({ capture: { index: { table } }, dissector, named }: Opened): Print => {
  const wanted = new Set(names);
  return {
    line: (number, length) => {
      const packet = dissector.dissect(number);
      const fields = new PacketFields(packet, wanted);
      const facts: ColumnFacts = { time: timeOf(table, number), length, named };
      return said(names.map((name, i) => {
        const text = columns[i]?.(packet, facts);
        return text === undefined ? fields.texts(name) : text === '' ? [] : [text];
      }));
    },
  };
};

const namedValues = (fields: PacketFields, names: Iterable<string>): object => Object.fromEntries([...names].map((name) => [name, fields.texts(name)]).filter(([, texts]) => texts?.length !== 0));

/** Since the capture's first packet. */
const timeOf = (table: PacketTable, number: number): string => spanText(momentOf(table, 0), momentOf(table, number));

function packetJson(packet: DissectedPacket, time: string, length: number, named: (address: string) => string): object {
  const { number, protocol, info, trouble } = packet;
  const layers = packet.layers.map((layer) => {
    const fields = new PacketFields({ ...packet, layers: [layer] });
    return { protocol: layer.protocol, fields: namedValues(fields, fields.names) };
  });
  return { number: number + 1, time, ...endsOf(packet, named), protocol, length, info, trouble, layers };
}
