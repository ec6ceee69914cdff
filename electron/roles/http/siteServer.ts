// A site as data and a server of it: path -> resource, answered with conditions, ranges and content coding as RFC 9110 asks. Nothing is
// read from files. Labs that need more decide in a handler of their own (httpServer.ts).

import type { RoleContext } from '../lab';
import { codingFor, encodeBody, type Coding } from './contentCoding';
import { conditionOf, type Validators } from './conditions';
import { valueOf, without, type HeaderLines } from './headers';
import { httpServer, type HttpServerOptions } from './httpServer';
import { answer, notAllowed, textAnswer, type Framing, type Handler, type HttpAnswer, type HttpRequest } from './message';
import { partOf } from './ranges';

export interface Resource {
  /** Default 200. */
  readonly status?: number;
  /** Content-Type, Cache-Control, ETag, Last-Modified, Location, Set-Cookie ... */
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
  readonly framing?: Framing;
  readonly trailers?: HeaderLines;
  /** Bytes of a part when the body is sent in several; with `interval` ms between them. */
  readonly partSize?: number;
  readonly interval?: number;
  /** ms before the answer. */
  readonly delay?: number;
  /** Codings that the server would send it in, best first; none: always as it is. Adds Vary: Accept-Encoding. */
  readonly codings?: readonly Coding[];
  /** Answer Range with 206. */
  readonly ranges?: boolean;
}

export type Site = ReadonlyMap<string, Resource>;

export interface SiteServerOptions extends Omit<HttpServerOptions, 'handler'> {
  readonly site: Site;
}

/** Serves GET and HEAD of the site's paths until the role ends; every other path is 404. */
export const siteServer = (role: RoleContext, options: SiteServerOptions): Promise<void> => httpServer(role, { ...options, handler: siteHandler(() => options.site) });

/** The site as a handler; `site` is asked anew for each request. */
export const siteHandler =
  (site: () => Site): Handler =>
  (request) => {
    const resource = site().get(request.path);
    return resource === undefined ? textAnswer(404, `There is no ${request.path.slice(0, 200)} here.\n`) : answerResource(request, resource);
  };

/** The resource as this request asks for it: 200, 206, 304, 405, 412 or 416. */
export function answerResource(request: HttpRequest, resource: Resource): HttpAnswer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(['GET', 'HEAD']);
  const status = resource.status ?? 200;
  const coding = resource.codings === undefined ? 'identity' : codingFor(request.headers, resource.codings);
  const headers = resource.codings === undefined ? resource.headers : coded(resource.headers, coding);
  if (status !== 200) return { ...answer(status, headers, resource.body), ...mannerOf(resource) };
  const validators: Validators = { etag: valueOf(headers, 'etag'), lastModified: valueOf(headers, 'last-modified') };
  const condition = conditionOf(request, validators);
  // RFC 9110 15.4.5: what a cache needs to freshen its copy goes along, what describes the body does not.
  if (condition === 304) return answer(304, without(headers, 'content-type', 'content-encoding'));
  if (condition === 412) return textAnswer(412, 'The condition does not hold.\n');
  const body = coding === 'identity' ? resource.body : encodeBody(resource.body, coding);
  const whole: HttpAnswer = { ...answer(200, headers, body), ...mannerOf(resource), body: cut(body, resource.partSize) };
  return resource.ranges === true && request.method === 'GET' ? partOf(request, whole, body, validators) : whole;
}

/** A validator belongs to one representation: the coded one has a tag of its own (RFC 9110 8.8.3.3). */
function coded(headers: HeaderLines, coding: Coding | 'identity'): HeaderLines {
  const vary: HeaderLines = [...headers, ['Vary', 'Accept-Encoding']];
  if (coding === 'identity') return vary;
  return [...vary.map(([name, value]) => [name, name.toLowerCase() === 'etag' ? value.replace(/"$/, `-${coding}"`) : value] as const), ['Content-Encoding', coding]];
}

const mannerOf = ({ framing, trailers, interval, delay }: Resource): Partial<HttpAnswer> => ({
  ...(framing !== undefined && { framing }),
  ...(trailers !== undefined && { trailers }),
  ...(interval !== undefined && { interval }),
  ...(delay !== undefined && { delay }),
});

function cut(body: Uint8Array, size = body.length): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += Math.max(size, 1)) parts.push(body.subarray(at, at + Math.max(size, 1)));
  return parts;
}
