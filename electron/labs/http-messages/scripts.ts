// What the client of the HTTP messages lab does, by the choice of the parameter `shows`; the same for both versions of HTTP.

import { decodeBody } from '../../roles/http/contentCoding';
import type { HeaderLines } from '../../roles/http/headers';
import { valueOf } from '../../roles/http/headers';
import { redirectOf, type Asker } from '../../roles/http/asker';
import type { RequestText } from '../../roles/http/handClient';
import { reasonOf } from '../../roles/http/message';
import type { HttpResponse } from '../../roles/http/responseReader';
import type { RoleContext } from '../../roles/lab';
import { encode } from '../../roles/text';
import { POSTS_TAG } from './site';

/** Redirections in a row before a client gives up. */
const MAX_REDIRECTS = 5;
/** One byte more than the server takes: it says 413 instead of 100. */
const TOO_LARGE = 256 * 1024 + 1;

export interface ScriptContext {
  readonly role: RoleContext;
  readonly asker: Asker;
  /** Go where 302 points. */
  readonly follow: boolean;
}

type Script = (context: ScriptContext) => Promise<void>;

/** The course's client sends these three. */
const request = (target: string, more: HeaderLines = [], method = 'GET'): RequestText => ({ method, target, headers: [['User-Agent', 'looplab'], ['Accept', '*/*'], ...more] });

/** 'GET /posts: 200 OK, 4203 B (length)'. */
function say(role: RoleContext, { method, target }: RequestText, response: HttpResponse): void {
  const coding = valueOf(response.headers, 'content-encoding');
  const decoded = coding === null ? null : decodeBody(response.body, response.headers);
  const size = `${response.body.length} B${decoded === null || coding === null ? '' : ` of ${coding}, ${decoded.length} B decoded`}`;
  const end = response.version === 'HTTP/2' || response.framing === 'none' ? '' : ` (${response.framing})`;
  role.print(`${method} ${target}: ${response.status} ${reasonOf(response.status)}, ${size}${end}`);
  for (const [name, value] of response.trailers) role.print(`trailer ${name}: ${value}`);
}

async function get({ role, asker }: ScriptContext, ...requests: readonly RequestText[]): Promise<void> {
  for (const one of requests) say(role, one, await asker.ask(one));
}

async function redirect(context: ScriptContext): Promise<void> {
  let target: string | null = '/';
  for (let step = 0; target !== null && step <= MAX_REDIRECTS; step++) {
    const one: RequestText = request(target);
    const response: HttpResponse = await context.asker.ask(one);
    say(context.role, one, response);
    target = context.follow ? redirectOf(response) : null;
  }
}

async function consent({ role, asker }: ScriptContext): Promise<void> {
  for (const size of [1000, TOO_LARGE]) {
    const one: RequestText = { ...request('/upload', [], 'POST'), body: encode('x'.repeat(size)) };
    const { went, response } = await asker.askConsent(one);
    role.print(went ? `100 Continue: the body of ${size} B goes` : `no 100: the body of ${size} B stays`);
    say(role, one, response);
  }
}

export const SCRIPTS: ReadonlyMap<string, Script> = new Map<string, Script>([
  ['redirect', redirect],
  ['length', (context) => get(context, request('/length'))],
  ['chunked', (context) => get(context, request('/chunked', [['TE', 'trailers']]))],
  ['until-close', (context) => get(context, request('/until-close'), request('/length'))],
  ['no-body', (context) => get(context, request('/posts', [], 'HEAD'), request('/empty'), request('/posts', [['If-None-Match', POSTS_TAG]]))],
  [
    'pipelined',
    async ({ role, asker }) => {
      const requests = [request('/slow'), request('/quick'), request('/quicker')];
      await asker.askTogether(requests, ({ target }) => role.print(`${target} is here`));
    },
  ],
  ['expect', consent],
  [
    'ranges',
    (context) =>
      get(
        context,
        request('/digits', [['Range', 'bytes=0-9']]),
        request('/digits', [['Range', 'bytes=-5']]),
        request('/digits', [['Range', 'bytes=0-1,998-']]),
        request('/digits', [['Range', 'bytes=5000-']]),
        request('/digits', [['Range', 'bytes=10-'], ['If-Range', '"digits-0"']]),
      ),
  ],
  ['compression', (context) => get(context, request('/prose'), request('/prose', [['Accept-Encoding', 'gzip, deflate']]), request('/prose', [['Accept-Encoding', 'gzip;q=0.5, br']]))],
]);
