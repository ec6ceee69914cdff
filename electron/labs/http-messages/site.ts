// The site of the HTTP messages lab: a redirection to /posts as in the course, and one path for each way that a body can end or be
// asked for. Data for electron/roles/http/siteServer.ts; /upload, which takes a body, is a handler of its own.

import type { HeaderLines } from '../../roles/http/headers';
import { HTML, notAllowed, textAnswer, type Handler } from '../../roles/http/message';
import { siteHandler, type Resource, type Site } from '../../roles/http/siteServer';
import { encode } from '../../roles/text';

const TEXT: HeaderLines = [['Content-Type', 'text/plain; charset=utf-8']];
/** The course's page has 4203 bytes. */
const POSTS_SIZE = 4203;
export const POSTS_TAG = '"posts-1"';
const CHANGED = 'Sat, 07 Nov 2020 17:14:54 GMT';
/** ms that /slow lets others wait. */
const SLOW = 300;

const FOUND = encode('<html>\r\n<head><title>302 Found</title></head>\r\n<body>\r\n<center><h1>302 Found</h1></center>\r\n</body>\r\n</html>\r\n');

function posts(): Uint8Array {
  const head = '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Posts</title></head>\n<body>\n<h1>Posts</h1>\n';
  const tail = '</body>\n</html>\n';
  let list = '';
  for (let number = 1; ; number++) {
    const post = `<article><h2>Post ${number}</h2><p>A page is text. Its bytes came one after another, and Content-Length said how many.</p></article>\n`;
    // The last line is as long as is left.
    const left = POSTS_SIZE - encode(head + list + tail).length;
    if (left < post.length + 20) return encode(`${head}${list}<!-- ${'.'.repeat(left - 10)} -->\n${tail}`);
    list += post;
  }
}

const LINES = Array.from({ length: 6 }, (_, index) => encode(`part ${index + 1} of 6\n`));
const DIGITS = encode('0123456789'.repeat(100));
const PROSE = encode('What is said often is soon said shortly. '.repeat(100));

const plain = (body: Uint8Array, more: Partial<Resource> = {}): Resource => ({ headers: TEXT, body, ...more });

const SITE: Site = new Map<string, Resource>([
  ['/', { status: 302, headers: [['Content-Type', 'text/html'], ['Location', '/posts']], body: FOUND }],
  ['/posts', { headers: [['Content-Type', HTML], ['ETag', POSTS_TAG], ['Last-Modified', CHANGED]], body: posts() }],
  ['/length', plain(Buffer.concat(LINES))],
  ['/chunked', plain(Buffer.concat(LINES), { framing: 'chunked', partSize: LINES[0]?.length ?? 1, trailers: [['X-Lines', String(LINES.length)]] })],
  ['/until-close', plain(Buffer.concat(LINES), { framing: 'close' })],
  ['/empty', { status: 204, headers: [], body: new Uint8Array(0) }],
  ['/slow', plain(encode('slow\n'), { delay: SLOW })],
  ['/quick', plain(encode('quick\n'))],
  ['/quicker', plain(encode('quicker\n'))],
  ['/digits', { headers: [...TEXT, ['ETag', '"digits-1"'], ['Last-Modified', CHANGED]], body: DIGITS, ranges: true }],
  ['/prose', { headers: [...TEXT, ['ETag', '"prose-1"']], body: PROSE, codings: ['br', 'gzip', 'deflate'] }],
]);

const fromSite = siteHandler(() => SITE);

/** Each answer names its server, as the course's does. */
export const messagesHandler: Handler = async (request) => {
  const answer = request.path === '/upload' ? (request.method === 'POST' ? textAnswer(200, `${request.body.length} bytes have come.\n`) : notAllowed(['POST'])) : await fromSite(request);
  return { ...answer, headers: [['Server', 'looplab'], ...answer.headers] };
};
