// What a browser says to the person before it: an object's line with where its time went, and failures in plain words. Programs print
// English, as the course's do.

import { errnoOf, sayError } from '../errno';
import type { Fetched } from './browserFetch';

const MEANING: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'there is no such name'],
  ['EAI_FAIL', 'the resolver could not find out'],
  ['ETIMEDOUT', 'nobody answered in time'],
  ['ECONNREFUSED', 'nobody listens there. Is the server running?'],
  ['ECONNRESET', 'the connection ended before the answer did'],
  ['TOO_MANY_REDIRECTS', 'the servers send it round in circles'],
  ['BAD_REDIRECT', 'it is redirected to where a browser does not go'],
  ['TOO_LARGE', 'it is larger than this browser takes'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate is not for this name'],
  ['CERT_HAS_EXPIRED', 'the certificate has expired'],
  ['CERT_NOT_YET_VALID', 'the certificate is not valid yet'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'the server vouches for itself: nobody that we trust does'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'nobody that we trust signed the certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'nobody that we trust signed the certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'nobody that we trust signed the certificate'],
]);

/** 'ENOTFOUND: there is no such name'. */
export function sayFailure(error: unknown): string {
  const code = errnoOf(error);
  const meaning = MEANING.get(code);
  return meaning === undefined ? sayError(error) : `${code}: ${meaning}`;
}

const ms = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

/** '/style.css: 200, 812 B, lookup 3.1 + connect 0.4 + wait 1.2 + receive 0.1 = 4.8 ms'. */
export function sayFetched(fetched: Fetched): string {
  const { url, status, size, from, revalidated, name, times } = fetched;
  const what = `${pathOf(url)}: ${status}, ${size} B`;
  if (times === null) return `${what}, from the HTTP cache`;
  const steps: [string, number | null][] = [
    ['waiting for a connection', times.blocked >= 1 ? times.blocked : null],
    ['lookup', name === null || name.from === 'own' ? null : name.took],
    ['connect', times.connect],
    ['TLS', times.tls],
    ['wait', times.wait],
    ['receive', times.receive],
  ];
  const taken = steps.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
  const total = taken.reduce((sum, { value }) => sum + value, 0);
  const how = from === 'cache' && revalidated ? ', the copy in the HTTP cache still holds' : '';
  return `${what}${how}, ${taken.map(({ label, value }) => `${label} ${ms(value)}`).join(' + ')} = ${ms(total)} ms`;
}

const pathOf = (url: string): string => new URL(url).pathname.slice(0, 100);

export { ms as sayMs };
