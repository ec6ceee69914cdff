// The application story of a run of which nothing has been dissected yet: what views read until there is one.

import { NO_BYTES } from '../../base/bytes';
import type { AppStory } from './appStory';

export const EMPTY_APP: AppStory = Object.freeze({
  version: 0, messages: [], exchanges: [], queries: [], lookups: [], sessions: [], notes: [],
  message: () => null,
  messagesOfFact: () => [],
  messagesOfSegment: () => [],
  bytes: () => null,
  fields: () => null,
  opened: () => null,
  body: () => ({ bytes: NO_BYTES, kept: 0, size: 0 }),
  bodyRead: () => 0,
  exchangeOf: () => null,
  queryOf: () => null,
  peerWords: () => null,
});
