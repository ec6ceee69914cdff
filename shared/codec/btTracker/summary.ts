// Datagrams of a tracker in the protocol's own words, the same in every language: 'Announce request started', 'Announce response 3 peers'.

import { never } from '../../base/assert';
import { visibleText } from '../text';
import { EVENTS, type TrackerMessage, type TrackerType } from './message';

/** Wireshark's words. */
export const TYPE_NAMES: Readonly<Record<TrackerType, string>> = {
  connectRequest: 'Connection Request', connectResponse: 'Connection Response', announceRequest: 'Announce Request', announceResponse: 'Announce Response', scrapeRequest: 'Scrape Request', scrapeResponse: 'Scrape Response',
  error: 'Error Response',
};

export function trackerText(message: TrackerMessage): string {
  const name = TYPE_NAMES[message.type];
  const { type } = message;
  switch (type) {
    case 'connectRequest': case 'connectResponse': return name;
    case 'announceRequest': return message.event === 0 ? name : `${name} ${EVENTS[message.event] ?? message.event}`;
    case 'announceResponse': return `${name} ${message.peers.length} ${message.peers.length === 1 ? 'peer' : 'peers'}`;
    case 'scrapeRequest': return `${name} ${message.infoHashes.length}`;
    case 'scrapeResponse': return `${name} ${message.torrents.length}`;
    case 'error': return `${name} ${visibleText(message.message.slice(0, 80))}`;
    default: return never(type);
  }
}
