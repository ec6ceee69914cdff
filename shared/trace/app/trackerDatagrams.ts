// A tracker over UDP in datagrams (BEP 15): each a message, of a request ('query') or of a response ('answer'), told by the port that it
// goes to.

import { NO_BYTES } from '../../base/bytes';
import type { Family } from '../../codec/bittorrent/peers';
import { decodeTracker } from '../../codec/btTracker/message';
import { trackerText } from '../../codec/btTracker/summary';
import { segmentPayload } from '../segmentPayload';
import type { Segment } from '../story';
import { MISSING, type AppContext } from './appContext';
import type { DatagramUser } from './datagrams';
import type { MessageRow } from './messageTable';

/** Of the datagram's addresses, which decide how it writes peers. */
export const familyOf = ({ from }: Pick<Segment, 'from'>): Family => (from.address.includes(':') ? 'ipv6' : 'ipv4');

export class TrackerDatagrams implements DatagramUser {
  constructor(private readonly context: AppContext) {}

  take(segment: Segment, seq: number, toServer: boolean): MessageRow | null {
    const { trace, messages } = this.context;
    const row = messages.addDatagram(segment.id, { protocol: 'bt-tracker', kind: toServer ? 'query' : 'answer' }, toServer ? 'up' : 'down', segment.size);
    if (row === null) return null;
    const bytes = segmentPayload(trace, segment) ?? NO_BYTES;
    const decoded = decodeTracker(bytes, { way: toServer ? 'request' : 'response', family: familyOf(segment) });
    if (!('status' in decoded)) {
      row.state = 'complete';
      row.summary = trackerText(decoded);
      row.trouble = decoded.type === 'error';
      if (bytes.length === segment.size) return row;
    }
    if (bytes.length < segment.size) {
      row.state = 'partial';
      row.why = MISSING;
      if (row.summary === '') row.summary = 'datagram';
      return row;
    }
    row.state = 'malformed';
    row.why = 'status' in decoded && decoded.status === 'malformed' ? `at byte ${decoded.at}: ${decoded.why}` : `${bytes.length} bytes are too few`;
    row.summary = 'malformed';
    row.trouble = true;
    return row;
  }

  arrived(): void {
    // Its time of arrival is the datagram's.
  }
}
