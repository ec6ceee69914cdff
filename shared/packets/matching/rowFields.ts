// Fields that are a number in a packet's row, and whether every packet has them or those of TCP only. Relative sequence numbers
// are not: where they count from may change within a flow. Read by plan.ts and by columnFilter.ts.

export type FrameField = 'number' | 'wire' | 'captured' | 'epoch' | 'relative';
export type TcpField = 'payload' | 'sequence' | 'acknowledgment' | 'window';
export type RowField = FrameField | TcpField;

/** By Wireshark's names. */
export const ROW_FIELDS: ReadonlyMap<string, RowField> = new Map<string, RowField>([
  ['frame.number', 'number'], ['frame.len', 'wire'], ['frame.cap_len', 'captured'], ['frame.time', 'epoch'], ['frame.time_epoch', 'epoch'], ['frame.time_relative', 'relative'],
  ['tcp.len', 'payload'], ['tcp.seq_raw', 'sequence'], ['tcp.ack_raw', 'acknowledgment'], ['tcp.window_size_value', 'window'],
]);

export const isFrameField = (field: RowField): field is FrameField => field === 'number' || field === 'wire' || field === 'captured' || field === 'epoch' || field === 'relative';
