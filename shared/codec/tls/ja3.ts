// JA3 and JA3S (https://github.com/salesforce/ja3): what a hello says of the program that sent it, in one line and as its MD5. GREASE is left out.

import { md5 } from '@noble/hashes/legacy.js';
import { toHex } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { HELLO_EXTENSIONS, type Extension } from './extension';
import type { ClientHello, ServerHello } from './hello';
import { isGrease } from './names';

const list = (values: readonly number[]): string => values.filter((value) => !isGrease(value)).join('-');
const types = (extensions: readonly Extension[] | null): string => list((extensions ?? []).map(({ type }) => type));

/** Version, cipher suites, extensions, groups, point formats. */
export const ja3Of = ({ version, cipherSuites, extensions }: ClientHello): string =>
  [version, list(cipherSuites), types(extensions), list(HELLO_EXTENSIONS.groups(extensions ?? [])), HELLO_EXTENSIONS.pointFormats(extensions ?? []).join('-')].join(',');

/** Version, cipher suite, extensions. */
export const ja3sOf = ({ version, cipherSuite, extensions }: ServerHello): string => [version, cipherSuite, types(extensions)].join(',');

export const ja3Hash = (text: string): string => toHex(md5(utf8Bytes(text)));
