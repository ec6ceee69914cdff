// Answers that a class gives in a server's place: right ones, wrong ones, late ones. The server serves them like any other.

import { never } from '../../../shared/base/assert';
import { encode } from '../text';
import { jsonAnswer, textAnswer, type Handler, type HttpAnswer } from './message';

export const CANNED = ['normal', 'json', 'not-found', 'error', 'moved', 'slow', 'long', 'short', 'no-length', 'chunked'] as const;
export type Canned = (typeof CANNED)[number];

/** ms that the slow answer lets its client wait. */
export const SLOW = 2000;
/** Paths that may have an answer of their own. */
const MAX_PATHS = 50;

const HELLO = encode('Hello, this body has 33 bytes: 가\n');

/** Null for 'normal': the server's own answer. */
export function cannedAnswer(which: Canned): HttpAnswer | null {
  const text = [['Content-Type', 'text/plain; charset=utf-8']] as const;
  switch (which) {
    case 'normal':
      return null;
    case 'json':
      return jsonAnswer(200, { canned: true, text: '안녕하세요' });
    case 'not-found':
      return textAnswer(404, 'Not here.\n');
    case 'error':
      return textAnswer(500, 'The server failed.\n');
    case 'moved':
      return textAnswer(301, 'It lives elsewhere now.\n', [['Location', '/api/users']]);
    case 'slow':
      return { ...textAnswer(200, 'At last.\n'), delay: SLOW };
    case 'long':
      // It promises more than it sends: the client waits until the connection ends.
      return { status: 200, headers: [...text, ['Content-Length', String(HELLO.length + 20)]], body: [HELLO] };
    case 'short':
      // It sends more than it promised: the rest is taken for the next answer.
      return { status: 200, headers: [...text, ['Content-Length', '5']], body: [HELLO], close: true };
    case 'no-length':
      return { status: 200, headers: text, body: [HELLO], framing: 'close' };
    case 'chunked':
      return { status: 200, headers: text, body: [HELLO.subarray(0, 7), HELLO.subarray(7)], framing: 'chunked' };
    default:
      return never(which);
  }
}

/** Answers that were put in a path's place. */
export class AnswerBook {
  private readonly answers = new Map<string, HttpAnswer>();

  /** Null gives the path back to the server. False when there are too many. */
  set(path: string, answer: HttpAnswer | null): boolean {
    if (answer === null) this.answers.delete(path);
    else if (this.answers.size >= MAX_PATHS && !this.answers.has(path)) return false;
    else this.answers.set(path, answer);
    return true;
  }

  over(handler: Handler): Handler {
    return (request) => this.answers.get(request.path) ?? handler(request);
  }
}
