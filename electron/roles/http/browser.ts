// A browser as a role: a URL is typed; name, connection, request; the page is parsed as its bytes arrive, and what it names is fetched as
// the parser meets it, over as many connections as the policy allows. Keeps a DNS and an HTTP cache between visits. Draws nothing:
// the window's page view does, from the same bytes.

import { errnoOf } from '../errno';
import type { DnsCache } from '../dns/cache';
import type { LabClock } from '../dns/labClock';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { bySecurity, type Carrier, type ConnectionPolicy } from './browserCarrier';
import { fetchObject, type Fetched, type FetchTools } from './browserFetch';
import { namesBy, namesOf, type Found, type Names } from './browserNames';
import { sayFailure, sayFetched, sayMs } from './browserSay';
import { http1Carrier, type Trust } from './http1Carrier';
import { http2Carrier } from './http2Carrier';
import { HttpCache } from './httpCache';
import { PageParser, type MetObject } from './pageParser';

export interface BrowserOptions {
  readonly policy: ConnectionPolicy;
  /** What holds for http where it differs: HTTP/2 is mostly spoken under TLS only. */
  readonly clearPolicy?: ConnectionPolicy;
  /** Whom it asks for addresses, and the cache of the answers; or a table of names and addresses. */
  readonly names: { readonly resolver: Endpoint; readonly cache: DnsCache } | ReadonlyMap<string, string>;
  /** Where a server of this address and port is reached (80 and 443 have high twins in a lab). */
  readonly route: (address: string, port: number) => Endpoint;
  /** Whom it trusts under https, and whether session keys are kept. Null: nobody. */
  readonly trust: Trust | null;
  /** By this clock the HTTP cache counts ages; null: it has no HTTP cache. */
  readonly clock: LabClock | null;
}

/** What came of one visit. */
export interface Visited {
  readonly url: string;
  /** The page itself; null when it could not be had. */
  readonly page: Fetched | null;
  /** Its objects in the order in which they were whole. */
  readonly objects: readonly Fetched[];
  /** Why the page, or an object of it, failed; by URL. */
  readonly failures: ReadonlyMap<string, string>;
  /** ms from the typing of the URL until everything was there. */
  readonly took: number;
}

/** Of a Content-Type: 'text/html; charset=euc-kr' -> 'euc-kr'. */
const charsetOf = (type: string): string => /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? '';

export class Browser {
  private readonly names: Names;
  private readonly cache: HttpCache | null;
  private readonly now: () => number;
  private visits = 0;

  constructor(private readonly role: RoleContext, private readonly options: BrowserOptions) {
    const { names, clock } = options;
    this.names = 'resolver' in names ? namesBy(role, names.resolver, names.cache) : namesOf(names);
    const started = Date.now();
    this.now = () => started + (clock?.now() ?? 0) * 1000;
    this.cache = clock === null ? null : new HttpCache('private', this.now);
  }

  /** Rejects never but when the role ends: what fails is in the result, and said. Every visit makes connections of its own. */
  async visit(typed: string): Promise<Visited> {
    const { role } = this;
    const start = performance.now();
    role.note({ topic: 'page.visit', url: typed });
    this.visits++;
    const failures = new Map<string, string>();
    const url = urlOf(typed);
    if (url === null) {
      failures.set(typed, 'EINVAL');
      role.print(`EINVAL: ${typed.slice(0, 100)} is no web address`);
      return { url: typed, page: null, objects: [], failures, took: 0 };
    }
    const { route } = this.options;
    const carrier = this.carrier();
    const close = (): void => carrier.close();
    role.signal.addEventListener('abort', close, { once: true });
    try {
      const tools: FetchTools = { role, carrier, names: oncePerVisit(role, this.names), route, cache: this.cache, now: this.now };
      const visited = await new PageVisit(tools, failures).run(url);
      const took = performance.now() - start;
      if (visited.page !== null) {
        role.note({ topic: 'page.done', url: visited.page.url, objects: visited.objects.length });
        role.print(`visit ${this.visits}: ${1 + visited.objects.length} objects in ${sayMs(took)} ms`);
      }
      return { ...visited, url, failures, took };
    } finally {
      role.signal.removeEventListener('abort', close);
      carrier.close();
    }
  }

  private carrier(): Carrier {
    const { policy, clearPolicy = policy, trust } = this.options;
    const by = (one: ConnectionPolicy): Carrier => (one === 'h2' ? http2Carrier(this.role, trust) : http1Carrier(this.role, one, trust));
    return clearPolicy === policy ? by(policy) : bySecurity(by(clearPolicy), by(policy));
  }

  /** Forgets what the HTTP cache holds. */
  forget(): void {
    this.cache?.clear();
  }
}

/** As address bars do: 'naver.com' is http://naver.com/. Null for what is no web address. */
export function urlOf(typed: string): string | null {
  const trimmed = typed.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  if (trimmed === '' || !URL.canParse(full)) return null;
  const url = new URL(full);
  url.hash = '';
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url.href : null;
}

/** One visit: the page, and beside it the objects that its parser meets. */
class PageVisit {
  private readonly objects: Fetched[] = [];
  private readonly loading: Promise<void>[] = [];
  private parser: PageParser | null = null;

  constructor(private readonly tools: FetchTools, private readonly failures: Map<string, string>) {}

  async run(url: string): Promise<{ readonly page: Fetched | null; readonly objects: readonly Fetched[] }> {
    const page = await this.load(url, true);
    this.parser?.end();
    // The parser may have met the last ones at the very end.
    for (let done = 0; done < this.loading.length; ) {
      const now = this.loading.slice(done);
      done = this.loading.length;
      await Promise.all(now);
    }
    return { page, objects: this.objects };
  }

  private async load(url: string, isPage: boolean): Promise<Fetched | null> {
    const { role } = this.tools;
    try {
      const fetched = await fetchObject(this.tools, url, (bytes, head) => {
        if (isPage && /^(text\/html|application\/xhtml\+xml)\b/i.test(head.type)) this.parse(bytes, head.url, head.type);
      });
      role.print(sayFetched(fetched));
      role.note({ topic: 'page.loaded', url: isPage ? fetched.url : url, type: fetched.type, size: fetched.size, from: fetched.from });
      if (fetched.status >= 400) this.failures.set(url, String(fetched.status));
      return fetched;
    } catch (error) {
      if (role.signal.aborted) throw error;
      this.failures.set(url, errnoOf(error));
      role.print(`${url.slice(0, 100)}: ${sayFailure(error)}`);
      return null;
    }
  }

  private parse(bytes: Uint8Array, url: string, type: string): void {
    this.parser ??= new PageParser(url, charsetOf(type), (met) => this.meet(met));
    this.parser.write(bytes);
  }

  private meet({ element, url, offset }: MetObject): void {
    this.tools.role.note({ topic: 'page.met', element, url, offset });
    this.loading.push(this.load(url, false).then((fetched) => void (fetched !== null && this.objects.push(fetched))));
  }
}

/** A visit asks for each name once, and says what it was told. */
function oncePerVisit(role: RoleContext, names: Names): Names {
  const asked = new Map<string, Promise<Found>>();
  return async (name) => {
    const known = asked.get(name);
    if (known !== undefined) return { ...(await known), from: 'own', took: 0 };
    const asking = names(name);
    asked.set(name, asking);
    const found = await asking;
    if (found.from === 'cache') role.print(`${name} is ${found.address}, from the DNS cache (${found.ttl} s left)`);
    else if (found.from === 'network') role.print(`${name} is ${found.address}, says the resolver (for ${found.ttl} s)`);
    return found;
  };
}
