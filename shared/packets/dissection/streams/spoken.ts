// What the streams of a packet speak, by the messages that end in it, without their trees: what a filter needs to know of a packet that it does not dissect.

import { readMessage } from '../../../codec/http/message';
import { CONTENT } from '../../../codec/tls/names';
import { HEADLESS, SEALED } from '../../dissector';
import type { Message, Opened, Outcome } from './outcome';

/** Protocols of the messages; those of which there is less to say than of others have a name of their own. */
export function spokenOf({ items }: Outcome): readonly string[] {
  const opened = items.some(({ kind }) => kind === 'opened');
  return items.filter(isMessage).map((message) => (message.protocol === 'tls' && !opened && message.bytes[0] === CONTENT.applicationData ? SEALED : isHeadless(message) ? HEADLESS : message.protocol));
}

const isMessage = (item: Message | Opened): item is Message => item.kind === 'message';

/** No head of a message could be read: its tree is bytes. */
const isHeadless = ({ protocol, http, dir, bytes }: Message): boolean => protocol === 'http' && http === undefined && readMessage(bytes, { kind: dir === 'up' ? 'request' : 'response', tolerant: true }).head === null;
