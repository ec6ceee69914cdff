// A client that remembers: its own cache, its own cookies. It asks only when it must, and says where each answer came from.

import type { Endpoint } from '../../../shared/trace/event';
import { sayError } from '../errno';
import type { RoleContext } from '../lab';
import { decode } from '../text';
import { cookieHeader, CookieJar, type CookieUrl } from './cookieJar';
import { fetchThrough, type Fetched, type Origin } from './fetchThrough';
import { exchangeOnce } from './handClient';
import { valueOf, type HeaderLines } from './headers';
import { HttpCache, type CacheResponse } from './httpCache';
import { splitTarget } from './message';

/** Redirections in a row before it gives up, and characters of a page that it shows. */
const MAX_REDIRECTS = 5;
const SHOWN = 120;

export interface CachingClientOptions {
  /** The site's server, or the cache before it. */
  readonly server: Endpoint;
  readonly authority: string;
  /** ms since 1970, by the lab's clock. */
  readonly now: () => number;
  /** What every request of it says besides: Accept-Language. */
  readonly headers: HeaderLines;
}

export interface Visit {
  readonly method?: string;
  readonly target: string;
  readonly headers?: HeaderLines;
  readonly body?: Uint8Array;
}

export class CachingClient {
  readonly cache: HttpCache;
  readonly jar: CookieJar;

  constructor(
    readonly role: RoleContext,
    private readonly options: CachingClientOptions,
  ) {
    this.cache = new HttpCache('private', options.now);
    this.jar = new CookieJar(options.now);
  }

  /** Asks, follows redirections, prints what came and from where. An error is printed, too: the client lives on. */
  async visit(visit: Visit): Promise<void> {
    let next: Visit | null = visit;
    try {
      for (let step = 0; next !== null && step <= MAX_REDIRECTS; step++) {
        const fetched: Fetched = await this.fetch(next);
        this.show(next, fetched);
        const location: string | null = fetched.response.status >= 300 && fetched.response.status < 400 ? valueOf(fetched.response.headers, 'location') : null;
        // 303: read the answer there (RFC 9110 15.4.4).
        next = location?.startsWith('/') === true ? { target: location } : null;
      }
    } catch (error) {
      if (this.role.signal.aborted) throw error;
      this.role.print(`visit ${next?.target ?? visit.target}: ${sayError(error)}`);
    }
  }

  private async fetch({ method = 'GET', target, headers = [], body }: Visit): Promise<Fetched> {
    const { server, authority, now } = this.options;
    const at: CookieUrl = { host: authority, path: splitTarget(target).path, secure: false };
    for (const { name, value } of this.jar.expire()) this.role.note({ topic: 'http.cookie', what: 'expired', name, value });
    const cookies = this.jar.cookiesFor(at);
    const lines: HeaderLines = [['Host', authority], ...this.options.headers, ...headers, ...(cookies.length === 0 ? [] : [['Cookie', cookieHeader(cookies)] as const])];
    const origin: Origin = async (asked): Promise<CacheResponse> => {
      for (const { name, value } of cookies) this.role.note({ topic: 'http.cookie', what: 'sent', name, value });
      const response = await exchangeOnce(this.role, server, { method, target, headers: asked.headers, ...(body !== undefined && { body }) });
      for (const { what, cookie } of this.jar.receive(response.headers, at)) this.role.note({ topic: 'http.cookie', what, name: cookie.name, value: cookie.value });
      return response;
    };
    return fetchThrough(this.cache, { method, url: `http://${authority}${target}`, headers: lines }, origin, now, (note) => this.role.note(note));
  }

  private show({ method = 'GET', target }: Visit, { response, how, age, lifetime }: Fetched): void {
    const size = `${response.body.length} B`;
    const what = `visit ${method === 'GET' ? '' : `${method} `}${target}: ${response.status}`;
    switch (how) {
      case 'hit':
        return this.role.print(`${what} from my cache, ${age} s old, fresh for ${lifetime} s: ${this.text(response)}`);
      case 'revalidated':
        return this.role.print(`${what} from my cache, still good says the server: ${this.text(response)}`);
      case 'disconnected':
        return this.role.print(`${what} from my cache, stale, for nobody answers: ${this.text(response)}`);
      default:
        return this.role.print(`${what}, ${size}${age > 0 ? `, ${age} s old` : ''}: ${this.text(response)}`);
    }
  }

  private text(response: CacheResponse): string {
    return decode(response.body).replace(/<title>[^<]*<\/title>|<[^>]*>|\s+/g, ' ').replace(/ +/g, ' ').trim().slice(0, SHOWN);
  }
}
