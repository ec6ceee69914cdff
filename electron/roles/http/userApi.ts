// The course's server: GET /api/user answers who teaches, every other path is 404. Beside it a collection /api/users, for POST from forms
// and programs and for the other methods. Pure: a handler over a Map in memory; nothing is read from files or kept.

import { decode, encode } from '../text';
import { boundaryOf, mediaType, parseMultipart, parseUrlencoded } from './forms';
import { answer, FORM, HTML, JSON_TYPE, jsonAnswer, notAllowed, textAnswer, type Handler, type HttpAnswer, type HttpRequest } from './message';

/** Methods that this server knows; others are 501 (RFC 9110 15.6.2), of these some are not for every resource: 405. */
const KNOWN = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Users that the collection holds at most, and letters of one of their fields. */
const MAX_USERS = 100;
const MAX_FIELD = 200;

type User = Map<string, string>;

/** `name` of the one user that the course knows. */
export function userApi(name: string): Handler {
  const users = new Map<number, User>();
  let made = 0;

  const collection = (request: HttpRequest): HttpAnswer => {
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return json(200, `[${[...users].map(([id, user]) => jsonOf(withId(id, user))).join(', ')}]`);
      case 'POST': {
        const user = fieldsOf(request, ['form', 'json']);
        if (!(user instanceof Map)) return user;
        if (users.size >= MAX_USERS) return textAnswer(503, `There are ${MAX_USERS} users; delete one.\n`);
        users.set(++made, user);
        return json(201, jsonOf(withId(made, user)), [['Location', `/api/users/${made}`]]);
      }
      default:
        return notAllowed(['GET', 'HEAD', 'POST', 'OPTIONS']);
    }
  };

  const member = (request: HttpRequest, id: number): HttpAnswer => {
    const known = users.get(id);
    if (!['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].includes(request.method)) return notAllowed(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
    if (known === undefined) return notFound(request);
    if (request.method === 'DELETE') {
      users.delete(id);
      return answer(204);
    }
    if (request.method === 'GET' || request.method === 'HEAD') return json(200, jsonOf(withId(id, known)));
    const given = fieldsOf(request, ['json']);
    if (!(given instanceof Map)) return given;
    // PUT replaces all of it (RFC 9110 9.3.4), PATCH only what it names (RFC 5789, RFC 7396).
    const user = request.method === 'PUT' ? given : new Map([...known, ...given]);
    users.set(id, user);
    return json(200, jsonOf(withId(id, user)));
  };

  return (request) => {
    if (!KNOWN.has(request.method)) return textAnswer(501, `This server has no ${request.method}.\n`);
    const id = /^\/api\/users\/(\d{1,9})$/.exec(request.path)?.[1];
    const methods = request.target === '*' ? [...KNOWN] : methodsOf(request.path);
    if (request.method === 'OPTIONS' && methods.length > 0) return answer(204, [['Allow', methods.join(', ')]]);
    if (request.path === '/api/user') return read(request, () => json(200, jsonOf(new Map([['name', name], ['nickname', 'jeff'], ['role', 'Instructor']]))));
    if (request.path === '/form') return read(request, () => answer(200, [['Content-Type', HTML]], PAGE));
    if (request.path === '/api/users') return collection(request);
    return id === undefined ? notFound(request) : member(request, Number(id));
  };
}

/** What OPTIONS says of a path; none for one that is not there. */
function methodsOf(path: string): string[] {
  if (path === '/api/user' || path === '/form') return ['GET', 'HEAD', 'OPTIONS'];
  if (path === '/api/users') return ['GET', 'HEAD', 'POST', 'OPTIONS'];
  return /^\/api\/users\/\d{1,9}$/.test(path) ? ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] : [];
}

const read = (request: HttpRequest, make: () => HttpAnswer): HttpAnswer =>
  request.method === 'GET' || request.method === 'HEAD' ? make() : notAllowed(['GET', 'HEAD', 'OPTIONS']);

const notFound = (request: HttpRequest): HttpAnswer => jsonAnswer(404, { error: `no ${request.path.slice(0, MAX_FIELD)} here` });

const json = (status: number, text: string, headers: HttpAnswer['headers'] = []): HttpAnswer => answer(status, [['Content-Type', JSON_TYPE], ...headers], text);

/** As Python's json.dumps(ensure_ascii=False) writes it, which the course uses. */
const jsonOf = (user: ReadonlyMap<string, string | number>): string => `{${[...user].map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(', ')}}`;

const withId = (id: number, user: User): ReadonlyMap<string, string | number> => new Map<string, string | number>([['id', id], ...[...user].filter(([key]) => key !== 'id')]);

/** The fields of a request's body, or why it is refused: 415 for a type that we do not read here, 400 for a body that is not of its type. */
function fieldsOf(request: HttpRequest, accepted: readonly ('form' | 'json')[]): User | HttpAnswer {
  const type = mediaType(request.headers);
  if (accepted.includes('form') && type === FORM) return checked(parseUrlencoded(request.body));
  if (accepted.includes('form') && type === 'multipart/form-data') {
    const boundary = boundaryOf(request.headers);
    const fields = boundary === null ? null : parseMultipart(request.body, boundary);
    return fields === null ? textAnswer(400, 'This is no multipart form.\n') : checked(fields);
  }
  if (type === JSON_TYPE || type === 'application/merge-patch+json') return jsonFields(request.body);
  const takes = accepted.includes('form') ? `${JSON_TYPE}, ${FORM}, multipart/form-data` : JSON_TYPE;
  return textAnswer(415, `Not ${type === '' ? 'without a Content-Type' : type.slice(0, MAX_FIELD)}; send ${takes}.\n`, [['Accept', takes]]);
}

function jsonFields(body: Uint8Array): User | HttpAnswer {
  let value: unknown;
  try {
    value = JSON.parse(decode(body));
  } catch (error) {
    return textAnswer(400, `This is no JSON: ${error instanceof Error ? error.message.slice(0, MAX_FIELD) : ''}\n`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return textAnswer(400, 'A JSON object is needed.\n');
  return checked(new Map(Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? one : JSON.stringify(one)])));
}

const checked = (fields: Map<string, string>): User | HttpAnswer =>
  [...fields].some(([key, value]) => key.length > MAX_FIELD || value.length > MAX_FIELD) || fields.size > 20 ? textAnswer(413, `A user has at most 20 fields of ${MAX_FIELD} letters.\n`) : fields;

/** A page for browsers: its form sends POST. */
const PAGE = encode(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A form</title></head>
<body>
<form method="post" action="/api/users">
<label>Name <input name="name" value="홍길동"></label>
<label>Nickname <input name="nickname" value="hong"></label>
<button>Send by POST</button>
</form>
</body>
</html>
`);
