// Numbers of TLS in words, for trees.

import { hex, labelled } from '../layout';
import { isGrease } from './names';

/** Of a registry whose numbers have four hex digits, and in which some mean nothing (RFC 8701). */
export const named = (names: ReadonlyMap<number, string>) => (value: number): string => (isGrease(value) ? `GREASE (${hex(4)(value)})` : labelled(names, hex(4))(value));
