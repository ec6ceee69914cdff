// The tree of one HTTP/1 message, with Wireshark's names; every byte of it has a node, the blanks and line ends too. Reads on as far as the
// bytes make sense; what is behind a fault is one node that says why.

import { generated, group, type FieldNode } from '../field';
import { bytesNode } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { visibleText } from '../text';
import { latin1 } from './chars';
import type { Codings } from './codings';
import { bodyNodes } from './fieldsBody';
import { headerValues, type HttpHead, type HttpKind } from './head';
import { headerNode, leaves, SHOWN, type Leaf } from './leaves';
import { readMessage, type MessageLayout, type MessageOptions } from './message';
import { statusName } from './statusNames';

/** The kind that the first bytes speak of: only responses begin with the version. */
export const kindOf = (bytes: Uint8Array): HttpKind => (/^[\r\n]*HTTP\//.test(latin1(bytes, 0, Math.min(bytes.length, 64))) ? 'response' : 'request');

/** The complete tree of one message. Never throws. */
export function fieldsOfMessage(bytes: Uint8Array, options: MessageOptions, base = 0): FieldNode {
  return messageTree(bytes, readMessage(bytes, options), base, options.codings);
}

/** The tree of a message that lies so in the bytes. */
export function messageTree(bytes: Uint8Array, layout: MessageLayout, base: number, brought?: Codings): FieldNode {
  const leaf = leaves(bytes, base);
  const nodes = layout.head === null ? [] : headNodes(bytes, layout.head, leaf, base);
  let end = layout.head?.end ?? 0;
  if (layout.head !== null) {
    const body = bodyNodes(bytes, layout, leaf, base, brought);
    nodes.push(...body.nodes);
    end = body.end;
  }
  const problem = layout.state === 'malformed' ? `${layout.why} (byte ${layout.at})` : undefined;
  if (end < layout.end) nodes.push(bytesNode('http.data', bytes, end, layout.end, base, problem));
  const title = layout.head === null ? 'HTTP' : startLine(layout.head);
  return group('http', title, base, layout.end, nodes, end < layout.end ? undefined : problem);
}

/** 'GET /api/user', '200 OK'. */
export const startLine = (head: HttpHead): string => visibleText((head.kind === 'request' ? `${head.method} ${head.target}` : `${head.status} ${head.reason}`).trimEnd().slice(0, SHOWN));

/** Methods of UPnP that tell of events: Wireshark has a kind of its own for them, beside requests and responses (UDA 2.0 1.2, 4.1). */
const NOTIFICATIONS: ReadonlySet<string> = new Set(['NOTIFY', 'SUBSCRIBE', 'UNSUBSCRIBE']);
const NAMES = {
  request: { line: 'http.request', header: 'http.request.line' },
  notification: { line: 'http.notification', header: 'http.unknown_header' },
  response: { line: 'http.response', header: 'http.response.line' },
} as const;
const kindOfHead = (head: HttpHead): keyof typeof NAMES => (head.kind === 'request' && NOTIFICATIONS.has(head.method) ? 'notification' : head.kind);

function headNodes(bytes: Uint8Array, head: HttpHead, leaf: Leaf, base: number): FieldNode[] {
  const nodes: FieldNode[] = [];
  if (head.start > 0) nodes.push(leaf('http.leading_crlf', { start: 0, end: head.start }));
  const lineEnd = head.headers[0]?.line.start ?? head.blank.start;
  const { line, header: other } = NAMES[kindOfHead(head)];
  nodes.push(leaf(line, { start: head.start, end: lineEnd }, true, head.kind === 'request' ? requestNodes(head, leaf, lineEnd, base) : responseNodes(head, leaf, lineEnd)));
  for (const header of head.headers) nodes.push(headerNode(bytes, header, other, leaf));
  nodes.push(leaf('http.head_end', head.blank));
  const both = headerValues(head.headers, 'transfer-encoding').length > 0 && head.headers.find(({ name }) => name.toLowerCase() === 'content-length');
  // RFC 9112 6.1: two lengths that may contradict each other.
  if (both) nodes.push({ ...leaf('http.te_and_length', both.line, null), generated: true });
  const first = head.problems[0];
  if (first === undefined) return nodes;
  // A problem is told at the node of the head that it lies in.
  return nodes.map((node) => (first.at >= node.start - base && first.at < node.start - base + node.length ? { ...node, problem: first.why } : node));
}

function requestNodes(head: Extract<HttpHead, { kind: 'request' }>, leaf: Leaf, lineEnd: number, base: number): FieldNode[] {
  return [
    leaf('http.request.method', head.methodAt), leaf('http.space', { start: head.methodAt.end, end: head.targetAt.start }),
    leaf('http.request.uri', head.targetAt, undefined, targetNodes(head, base)), leaf('http.space', { start: head.targetAt.end, end: head.versionAt.start }),
    leaf('http.request.version', head.versionAt), leaf('http.line_end', { start: head.versionAt.end, end: lineEnd }),
  ];
}

/** Path and query lie in the target: shown below it, calculated from it (RFC 3986 3.3, 3.4). */
function targetNodes({ target, targetAt }: Extract<HttpHead, { kind: 'request' }>, base: number): FieldNode[] {
  const mark = target.indexOf('?');
  if (mark < 0) return [];
  const part = (name: string, from: number, to: number): FieldNode => generated(name, target.slice(from, to), visibleText(target.slice(from, Math.min(to, from + SHOWN))), base + targetAt.start + from, to - from);
  const nodes = [part('http.request.uri.path', 0, mark), part('http.request.uri.query', mark + 1, target.length)];
  for (let at = mark + 1; at < target.length && nodes.length < CODEC_LIMITS.options;) {
    const next = target.indexOf('&', at);
    const end = next < 0 ? target.length : next;
    nodes.push(part('http.request.uri.query.parameter', at, end));
    at = end + 1;
  }
  return nodes;
}

function responseNodes(head: Extract<HttpHead, { kind: 'response' }>, leaf: Leaf, lineEnd: number): FieldNode[] {
  const nodes = [leaf('http.response.version', head.versionAt), leaf('http.space', { start: head.versionAt.end, end: head.statusAt.start }), leaf('http.response.code', head.statusAt, head.status)];
  nodes.push({ ...leaf('http.response.code.desc', head.statusAt, statusName(head.status)), generated: true });
  if (head.reasonAt.start > head.statusAt.end) nodes.push(leaf('http.space', { start: head.statusAt.end, end: head.reasonAt.start }));
  if (head.reasonAt.end > head.reasonAt.start) nodes.push(leaf('http.response.phrase', head.reasonAt));
  nodes.push(leaf('http.line_end', { start: head.reasonAt.end, end: lineEnd }));
  return nodes;
}
