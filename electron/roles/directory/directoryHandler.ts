// The directory's API over HTTP with JSON: PUT, GET and DELETE /people/{name}, GET /people. It believes what it is told: it never calls
// anybody to see whether an entry is true, and no message between people passes it. Answers come from directoryBook.ts.

import { decode } from '../text';
import { isLoopback, isPort } from '../bittorrent/loopback';
import { mediaType } from '../http/forms';
import { answer, JSON_TYPE, jsonAnswer, notAllowed, type Handler, type HttpAnswer, type HttpRequest } from '../http/message';
import type { DirectoryBook, Entry } from './directoryBook';
import { nameInPath, pathOf } from './names';

/** s; what a registration may ask for. */
const LIFETIME = { min: 1, max: 3600 };

export interface DirectoryEvents {
  /** `age`: ms since the entry was last heard of. */
  entry(what: 'registered' | 'refreshed' | 'left' | 'found' | 'absent', name: string, entry: Entry | null, age: number): void;
}

/** `lifetime` in s of an entry that asks for none; `now` in ms. */
export function directoryHandler(book: DirectoryBook, lifetime: number, now: () => number, events: DirectoryEvents): Handler {
  const member = (request: HttpRequest, name: string): HttpAnswer => {
    switch (request.method) {
      case 'GET':
      case 'HEAD': {
        const entry = book.find(name, now());
        events.entry(entry === null ? 'absent' : 'found', name, entry, entry === null ? 0 : now() - entry.heard);
        return entry === null ? unknown(name) : jsonAnswer(200, shown(entry, now()));
      }
      case 'PUT': {
        const entry = entryOf(request, name, lifetime, now());
        return 'status' in entry ? entry : registered(book, entry, events);
      }
      case 'DELETE': {
        const entry = book.leave(name, now());
        if (entry === null) return unknown(name);
        events.entry('left', name, entry, now() - entry.heard);
        return answer(204);
      }
      default:
        return notAllowed(['GET', 'HEAD', 'PUT', 'DELETE']);
    }
  };

  return (request) => {
    if (request.path === '/people') {
      return request.method === 'GET' || request.method === 'HEAD' ? jsonAnswer(200, { people: book.all(now()).map((entry) => shown(entry, now())) }) : notAllowed(['GET', 'HEAD']);
    }
    const name = nameInPath(request.path);
    if (name !== null) return member(request, name);
    if (request.path.startsWith('/people/')) return jsonAnswer(400, { error: 'a name has up to 32 letters and digits' });
    return jsonAnswer(404, { error: 'there is /people here, and /people/{name}' });
  };
}

/** 201 and where it is for a new entry, 200 for one that was there (RFC 9110 9.3.4); 409 for a name that somebody else has (15.5.10). */
function registered(book: DirectoryBook, entry: Entry, events: DirectoryEvents): HttpAnswer {
  const how = book.register(entry);
  if (how === 'full') return jsonAnswer(503, { error: 'the directory is full' });
  if (how === 'taken') return jsonAnswer(409, { error: `somebody at another address is ${entry.name}; the name is free when that entry ends` });
  events.entry(how === 'refreshed' ? 'refreshed' : 'registered', entry.name, entry, 0);
  const seen = shown(entry, entry.heard);
  return how === 'registered' ? jsonAnswer(201, seen, [['Location', pathOf(entry.name)]]) : jsonAnswer(200, seen);
}

const unknown = (name: string): HttpAnswer => jsonAnswer(404, { error: `nobody here is ${name}` });

/** `age` and `lifetime` in s: how long ago it was last heard of, and how long an entry lives unheard. */
const shown = ({ name, at, lifetime, heard }: Entry, now: number): object => ({ name, address: at.address, port: at.port, age: Math.round((now - heard) / 100) / 10, lifetime: lifetime / 1000 });

/** The entry that a PUT asks for, or why it is refused: 415 for what is no JSON, 400 for JSON that says no such thing. */
function entryOf(request: HttpRequest, name: string, lifetime: number, now: number): Entry | HttpAnswer {
  if (mediaType(request.headers) !== JSON_TYPE) return jsonAnswer(415, { error: `send ${JSON_TYPE}` }, [['Accept', JSON_TYPE]]);
  let value: unknown;
  try {
    value = JSON.parse(decode(request.body));
  } catch {
    return jsonAnswer(400, { error: 'this is no JSON' });
  }
  const given = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const address = given.get('address');
  const port = given.get('port');
  const asked = given.get('lifetime') ?? lifetime;
  if (typeof address !== 'string' || !isLoopback(address)) return jsonAnswer(400, { error: '"address" is to be a loopback address, "127.0.0.1"' });
  if (typeof port !== 'number' || !isPort(port)) return jsonAnswer(400, { error: '"port" is to be a number from 1 to 65535' });
  if (typeof asked !== 'number' || !(asked >= LIFETIME.min && asked <= LIFETIME.max)) return jsonAnswer(400, { error: `"lifetime" is to be ${LIFETIME.min} to ${LIFETIME.max} s` });
  return { name, at: { address, port }, lifetime: asked * 1000, heard: now };
}
