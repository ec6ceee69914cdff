// What a protocol is called where its name in filters is known: 'icmpv6' is ICMPv6. One that nobody knows has no better name.

import { codecs } from '../../../shared/codec/dissect';
import { visibleText } from '../../../shared/codec/text';

export const protocolTitle = (protocol: string): string => codecs.get(protocol)?.title ?? visibleText(protocol).toUpperCase();
