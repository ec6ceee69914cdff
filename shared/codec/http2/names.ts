// Names and numbers of HTTP/2: frame types, flags, error codes, settings (RFC 9113 6, 7, 11; the registries of IANA).

export const FRAME_TYPES = {
  DATA: 0, HEADERS: 1, PRIORITY: 2, RST_STREAM: 3, SETTINGS: 4, PUSH_PROMISE: 5, PING: 6, GOAWAY: 7, WINDOW_UPDATE: 8, CONTINUATION: 9,
} as const;
export type FrameType = keyof typeof FRAME_TYPES;

const BY_NUMBER: ReadonlyMap<number, FrameType> = new Map((Object.keys(FRAME_TYPES) as FrameType[]).map((name) => [FRAME_TYPES[name], name]));
export const frameType = (number: number): FrameType | null => BY_NUMBER.get(number) ?? null;

/** Frames of other documents, by name only: their payload stays bytes (RFC 7838 4, RFC 8336 2, RFC 9218 7.1). */
export const FRAME_NAMES: ReadonlyMap<number, string> = new Map<number, string>([...BY_NUMBER, [10, 'ALTSVC'], [12, 'ORIGIN'], [16, 'PRIORITY_UPDATE']]);

export const FLAGS = { ACK: 0x01, END_STREAM: 0x01, END_HEADERS: 0x04, PADDED: 0x08, PRIORITY: 0x20 } as const;

/** RFC 9113 7. */
export const ERROR_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'NO_ERROR'], [1, 'PROTOCOL_ERROR'], [2, 'INTERNAL_ERROR'], [3, 'FLOW_CONTROL_ERROR'], [4, 'SETTINGS_TIMEOUT'], [5, 'STREAM_CLOSED'], [6, 'FRAME_SIZE_ERROR'],
  [7, 'REFUSED_STREAM'], [8, 'CANCEL'], [9, 'COMPRESSION_ERROR'], [10, 'CONNECT_ERROR'], [11, 'ENHANCE_YOUR_CALM'], [12, 'INADEQUATE_SECURITY'], [13, 'HTTP_1_1_REQUIRED'],
]);

/** RFC 9113 6.5.2; RFC 8441 3; RFC 9218 2.1. */
export const SETTINGS = {
  HEADER_TABLE_SIZE: 1, ENABLE_PUSH: 2, MAX_CONCURRENT_STREAMS: 3, INITIAL_WINDOW_SIZE: 4, MAX_FRAME_SIZE: 5, MAX_HEADER_LIST_SIZE: 6, ENABLE_CONNECT_PROTOCOL: 8, NO_RFC7540_PRIORITIES: 9,
} as const;
export const SETTING_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(SETTINGS).map(([name, number]) => [number, name]));
