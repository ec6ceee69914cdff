// A site to be cached: a page with chosen Cache-Control and validators, and an account behind a session of a cookie. Pure but for the
// random session ids; time is the lab's clock. Sessions live in memory, bounded.

import { randomUUID } from 'node:crypto';
import { never } from '../../../shared/base/assert';
import { encode } from '../text';
import { parseCookies } from './cookieJar';
import { mediaType, parseUrlencoded } from './forms';
import { valueOf, withHeader, type HeaderLines } from './headers';
import { formatDate } from './httpDate';
import { answer, FORM, HTML, notAllowed, textAnswer, type Handler, type HttpAnswer, type HttpRequest } from './message';
import { answerResource } from './siteServer';

export const POLICIES = ['max-age', 'no-cache', 'no-store', 'private', 's-maxage', 'must-revalidate', 'heuristic', 'vary', 'none'] as const;
export type Policy = (typeof POLICIES)[number];
export type ValidatorChoice = 'etag' | 'last-modified' | 'both' | 'none';

/** Seconds that a page is fresh, in a client's cache and in a shared one, and that a session lasts. */
export const FRESH = 60;
export const SHARED_FRESH = 600;
export const SESSION = 3600;
const MAX_SESSIONS = 100;
const MAX_NAME = 50;
/** The page was last changed ten days before the run: a tenth of that is a day, by guess. */
const UNCHANGED = 10 * 24 * 60 * 60 * 1000;

const GREETINGS: ReadonlyMap<string, string> = new Map([['ko', '안녕하세요'], ['ru', 'Здравствуйте'], ['en', 'Hello']]);

export interface CachingSiteOptions {
  readonly policy: Policy;
  readonly validator: ValidatorChoice;
  /** What the account says of itself: right, or a mistake. */
  readonly account: 'private' | 'public';
  readonly now: () => number;
}

/** The Cache-Control field; '' for none. */
export function cacheControl(policy: Policy): string {
  switch (policy) {
    case 'max-age':
    case 'vary':
      return `max-age=${FRESH}`;
    case 'no-cache':
      return 'no-cache';
    case 'no-store':
      return 'no-store';
    case 'private':
      return `private, max-age=${FRESH}`;
    case 's-maxage':
      return `max-age=${FRESH}, s-maxage=${SHARED_FRESH}`;
    case 'must-revalidate':
      return `max-age=${FRESH}, must-revalidate`;
    case 'heuristic':
    case 'none':
      return '';
    default:
      return never(policy);
  }
}

export class CachingSite {
  private version = 1;
  private changed: number;
  private readonly sessions = new Map<string, { readonly name: string; readonly until: number }>();

  constructor(private readonly options: CachingSiteOptions) {
    this.changed = options.now() - UNCHANGED;
  }

  /** The page is written anew. */
  change(): void {
    this.version++;
    this.changed = this.options.now();
  }

  readonly handler: Handler = (request) => {
    const given = this.answer(request);
    // Ages are reckoned from Date: it must be of the clock that the lab winds.
    return { ...given, headers: withHeader(given.headers, 'Date', formatDate(this.options.now())) };
  };

  private answer(request: HttpRequest): HttpAnswer {
    switch (request.path) {
      case '/':
      case '/page':
        return this.page(request);
      case '/account':
        return this.account(request);
      case '/login':
        return request.method === 'POST' ? this.logIn(request) : notAllowed(['POST']);
      case '/logout':
        return request.method === 'POST' ? this.logOut(request) : notAllowed(['POST']);
      default:
        return textAnswer(404, 'Not here.\n', [['Cache-Control', 'no-store']]);
    }
  }

  private page(request: HttpRequest): HttpAnswer {
    const { policy, validator } = this.options;
    const language = policy === 'vary' ? languageOf(request.headers) : 'en';
    const control = cacheControl(policy);
    const modified = validator === 'last-modified' || validator === 'both' || policy === 'heuristic';
    const headers: HeaderLines = [
      ['Content-Type', HTML],
      ...(control === '' ? [] : [['Cache-Control', control] as const]),
      ...(policy === 'vary' ? [['Vary', 'Accept-Language'] as const, ['Content-Language', language] as const] : []),
      ...(validator === 'etag' || validator === 'both' ? [['ETag', `"v${this.version}-${language}"`] as const] : []),
      ...(modified ? [['Last-Modified', formatDate(this.changed)] as const] : []),
    ];
    const greeting = GREETINGS.get(language) ?? 'Hello';
    const text = `<!doctype html>\n<html lang="${language}"><head><meta charset="utf-8"><title>${greeting}</title></head>\n<body><p>${greeting}! Version ${this.version} of the page.</p></body></html>\n`;
    return answerResource(request, { headers, body: encode(text) });
  }

  private account(request: HttpRequest): HttpAnswer {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(['GET', 'HEAD']);
    const session = this.sessions.get(parseCookies(request.headers).get('sid') ?? '');
    if (session === undefined || session.until <= this.options.now()) return textAnswer(403, 'Log in first.\n', [['Cache-Control', 'no-store']]);
    const control = this.options.account === 'private' ? 'private, no-cache' : `public, max-age=${FRESH}`;
    return textAnswer(200, `The account of ${session.name}.\n`, [['Cache-Control', control]]);
  }

  private logIn(request: HttpRequest): HttpAnswer {
    const name = mediaType(request.headers) === FORM ? (parseUrlencoded(request.body).get('name') ?? '').trim().slice(0, MAX_NAME) : '';
    if (name === '') return textAnswer(400, 'A name is needed: name=...\n', [['Cache-Control', 'no-store']]);
    const now = this.options.now();
    for (const [id, { until }] of this.sessions) if (until <= now || this.sessions.size >= MAX_SESSIONS) this.sessions.delete(id);
    const id = randomUUID();
    this.sessions.set(id, { name, until: now + SESSION * 1000 });
    // HttpOnly: scripts cannot read it. SameSite: other sites' requests do not carry it. (Secure needs TLS, which this lab has not.)
    return answer(303, [['Location', '/account'], ['Set-Cookie', `sid=${id}; Path=/; Max-Age=${SESSION}; HttpOnly; SameSite=Lax`], ['Cache-Control', 'no-store']]);
  }

  private logOut(request: HttpRequest): HttpAnswer {
    this.sessions.delete(parseCookies(request.headers).get('sid') ?? '');
    return answer(303, [['Location', '/account'], ['Set-Cookie', 'sid=; Path=/; Max-Age=0'], ['Cache-Control', 'no-store']]);
  }
}

/** The first language that we have; weights are left out: no client of the lab sends any. */
function languageOf(headers: HeaderLines): string {
  const wanted = (valueOf(headers, 'accept-language') ?? '').split(',').map((one) => one.trim().slice(0, 2).toLowerCase());
  return wanted.find((one) => GREETINGS.has(one)) ?? 'en';
}
