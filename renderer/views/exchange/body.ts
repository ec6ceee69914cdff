// What a body is and in which ways it can be shown: text, formatted JSON, form fields, parts, a picture, hex. Pure; judges by the media type
// and by the bytes themselves, because a wrong Content-Type is common. Never makes markup: text stays text.

import { utf8Bytes } from '../../../shared/base/bytesText';
import type { Header } from '../../../shared/trace/app/appStory';
import { formatJson } from './json';
import { BODY_LIMITS } from './limits';
import { pictureOf } from './picture';

export type BodyView = 'text' | 'json' | 'form' | 'parts' | 'picture' | 'hex';

export interface MediaType {
  /** 'text/html', lower case; '' when there is none. */
  readonly type: string;
  readonly charset: string;
  readonly boundary: string;
}

/** The value of a header by its name, the first of them. */
export const headerValue = (headers: readonly Header[], name: string): string => headers.find((one) => one.name.toLowerCase() === name)?.value ?? '';

/** RFC 9110 8.3.1; parameters may be quoted. */
export function mediaType(value: string): MediaType {
  const parameter = (name: string): string => {
    const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]*))`, 'iu').exec(value);
    return found?.[1] ?? found?.[2] ?? '';
  };
  return { type: (value.split(';')[0] ?? '').trim().toLowerCase(), charset: parameter('charset').toLowerCase(), boundary: parameter('boundary') };
}

/** The ways in which these bytes can be shown, the best first; hex is always one of them. */
export function bodyViews(media: MediaType, bytes: Uint8Array, whole: boolean): BodyView[] {
  const views: BodyView[] = [];
  if (whole && pictureOf(bytes) !== null) views.push('picture');
  const text = isText(media, bytes);
  const small = whole && bytes.length <= BODY_LIMITS.formatted;
  if (text && small && media.type === 'application/x-www-form-urlencoded') views.push('form');
  if (text && small && media.type === 'multipart/form-data' && media.boundary !== '') views.push('parts');
  if (text && small && formatJson(textOf(media, bytes)) !== null) views.push('json');
  if (text) views.push('text');
  return [...views, 'hex'];
}

const TEXT_TYPES = /^text\/|[/+](json|xml|javascript|x-www-form-urlencoded)$/u;

/** Text by its type, or by its looks: no zero bytes, hardly any controls, valid in its charset. */
export function isText(media: MediaType, bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 2048);
  if (start.includes(0) && !media.charset.startsWith('utf-16')) return false;
  if (TEXT_TYPES.test(media.type)) return true;
  let controls = 0;
  for (const byte of start) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) controls++;
  const broken = textOf(media, start).split('\ufffd').length - 1;
  return controls * 20 <= start.length && broken * 10 <= start.length;
}

/** Decodes pieces of one text: a character whose bytes lie in two pieces belongs to the later one. */
export function textsOf(media: MediaType, pieces: readonly Uint8Array[]): string[] {
  const decoder = decoderOf(media.charset);
  return pieces.map((piece, at) => decoder.decode(piece, { stream: at < pieces.length - 1 }));
}

export const textOf = (media: MediaType, bytes: Uint8Array): string => decoderOf(media.charset).decode(bytes);

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset === '' ? 'utf-8' : charset);
  } catch {
    return new TextDecoder('utf-8');
  }
}

/** Controls and what formats become signs; line ends and tabs stay: this is shown in lines. */
export const shownText = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu, (sign) => (sign === '\r' ? '\\r' : '·'));

export interface FormField {
  readonly name: string;
  readonly value: string;
  /** Of a part of multipart/form-data. */
  readonly file: string;
  readonly size: number;
}

/** Fields of a form (WHATWG URL 5.1): `+` is a space, `%` escapes are UTF-8. */
export function formFields(text: string): FormField[] {
  return text.split('&').filter((pair) => pair !== '').slice(0, BODY_LIMITS.fields).map((pair) => {
    const at = pair.indexOf('=');
    const value = unescaped(at < 0 ? '' : pair.slice(at + 1));
    return { name: unescaped(at < 0 ? pair : pair.slice(0, at)), value, file: '', size: utf8Bytes(value).length };
  });
}

function unescaped(text: string): string {
  const plain = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** Parts of a form with files (RFC 7578), as text: what is no text shows as signs. */
export function formParts(text: string, boundary: string): FormField[] {
  return text.split(`--${boundary}`).slice(1, BODY_LIMITS.fields + 1).filter((part) => !part.startsWith('--')).map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const head = end < 0 ? part : part.slice(0, end);
    const value = end < 0 ? '' : part.slice(end + 4).replace(/\r\n$/u, '');
    const parameter = (name: string): string => new RegExp(`[;\\s]${name}="([^"]*)"`, 'iu').exec(head)?.[1] ?? '';
    return { name: parameter('name'), value, file: parameter('filename'), size: utf8Bytes(value).length };
  });
}
