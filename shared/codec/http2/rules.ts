// The rules of RFC 9113 that one direction of a connection can be held to, frame by frame, without the states of its streams.

import { never } from '../../base/assert';
import type { FrameFault, Http2Error, Http2Frame } from './frame';
import { FLAGS, SETTINGS } from './names';

/** What came before in this direction. `open`: the stream whose header block is not whole. */
export interface Before {
  readonly settled: boolean;
  readonly open: number | null;
  readonly client: boolean;
}

/** The first rule that the frame breaks, else null. */
export function connectionRules(frame: Http2Frame, before: Before): FrameFault | null {
  const broken = (error: Http2Error, at: number, why: string, ends: 'stream' | 'connection' = 'connection'): FrameFault => ({ error, at, why, ends });
  // RFC 9113 3.4: the first frame of each end is SETTINGS.
  if (!before.settled && (frame.type !== 'SETTINGS' || (frame.flags & FLAGS.ACK) !== 0)) return broken('PROTOCOL_ERROR', 3, `the first frame is ${frame.type}, not SETTINGS`);
  // RFC 9113 6.10.
  if (before.open !== null && (frame.type !== 'CONTINUATION' || frame.streamId !== before.open)) return broken('PROTOCOL_ERROR', 3, `${frame.type} within the header block of stream ${before.open}`);
  if (before.open === null && frame.type === 'CONTINUATION') return broken('PROTOCOL_ERROR', 3, 'CONTINUATION of nothing');
  switch (frame.type) {
    case 'DATA': case 'HEADERS': case 'PRIORITY': case 'RST_STREAM': case 'CONTINUATION':
      return frame.streamId === 0 ? broken('PROTOCOL_ERROR', 5, `${frame.type} on stream 0`) : null;
    case 'PUSH_PROMISE':
      // RFC 9113 8.4: a client cannot push.
      return frame.streamId === 0 || before.client ? broken('PROTOCOL_ERROR', 5, frame.streamId === 0 ? 'PUSH_PROMISE on stream 0' : 'PUSH_PROMISE of a client') : null;
    case 'SETTINGS': {
      if (frame.streamId !== 0) return broken('PROTOCOL_ERROR', 5, `SETTINGS on stream ${frame.streamId}`);
      if ((frame.flags & FLAGS.ACK) !== 0 && frame.settings.length > 0) return broken('FRAME_SIZE_ERROR', 0, 'an acknowledgement with settings');
      for (const [i, { id, value }] of frame.settings.entries()) {
        const at = 9 + i * 6;
        if (id === SETTINGS.ENABLE_PUSH && value > 1) return broken('PROTOCOL_ERROR', at, `ENABLE_PUSH ${value}`);
        if (id === SETTINGS.INITIAL_WINDOW_SIZE && value > 0x7fff_ffff) return broken('FLOW_CONTROL_ERROR', at, `INITIAL_WINDOW_SIZE ${value}`);
        if (id === SETTINGS.MAX_FRAME_SIZE && (value < 16_384 || value > 0xff_ffff)) return broken('PROTOCOL_ERROR', at, `MAX_FRAME_SIZE ${value}`);
      }
      return null;
    }
    case 'PING': case 'GOAWAY':
      return frame.streamId === 0 ? null : broken('PROTOCOL_ERROR', 5, `${frame.type} on stream ${frame.streamId}`);
    case 'WINDOW_UPDATE':
      // RFC 9113 6.9: an increment of 0 is an error of its stream, or of the connection for stream 0.
      return frame.increment > 0 ? null : broken('PROTOCOL_ERROR', 9, 'a window is increased by 0', frame.streamId === 0 ? 'connection' : 'stream');
    case 'OTHER': return null;
    default: return never(frame);
  }
}
