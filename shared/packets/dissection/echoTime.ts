// The time at the beginning of an echo's data: "ping" writes there when it asked, so that the reply tells by itself how long it took. No RFC has it, and each
// system writes its own byte order; so it is taken for a time only where it is near the capture's. As Wireshark 4.0: seconds and microseconds of four bytes.

import { dissectPayload, type DissectedLayer } from '../../codec/dissect';
import { withChildren, type FieldNode } from '../../codec/field';
import { isEcho } from './echoLinks';
import { dateText } from './frameLayer';
import { spanField, type Moment } from './times';

const LENGTH = 8;
const DAY = 86_400;
const MICROSECONDS = 1_000_000;

/** The layers with such a time as a field of the echo, whose data begins behind it. `moment`: of the packet, asked for only then. */
export function withEchoTime(layers: readonly DissectedLayer[], bytes: Uint8Array, moment: () => Moment): readonly DissectedLayer[] {
  const at = layers.findIndex((layer) => layer.protocol === 'icmp' && isEcho(layer));
  const echo = layers[at];
  if (echo === undefined) return layers;
  const { start, end } = echo.payload;
  const time = end - start < LENGTH ? null : timeAt(bytes, start, moment());
  if (time === null) return layers;
  const sent: FieldNode = { name: 'icmp.data_time', value: time[0] + time[1] / 1e9, display: dateText(time), start, length: LENGTH, children: [] };
  const tree = withChildren(echo.tree, [sent, spanField('icmp.data_time_relative', time, moment(), start, LENGTH)]);
  const from = start + LENGTH;
  const missing = echo.status.status === 'complete' ? echo.status.payload.missing : 0;
  const rest = from === end ? [] : dissectPayload(bytes, [], { missing }, { within: { start: from, end } }).map((layer) => ({ ...layer, quoted: echo.quoted }));
  return [...layers.slice(0, at), { ...echo, length: echo.length + LENGTH, payload: { start: from, end }, tree: { ...tree, length: tree.length + LENGTH } }, ...rest];
}

function timeAt(bytes: Uint8Array, start: number, [now]: Moment): Moment | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, LENGTH);
  for (const little of [false, true]) {
    const [seconds, micros] = [view.getUint32(0, little), view.getUint32(4, little)];
    if (Math.abs(seconds - now) < DAY && micros < MICROSECONDS) return [seconds, micros * 1000];
  }
  return null;
}
