// What the clients of the HTTP API lab ask, by the choice of the parameter `requests`. Data for electron/roles/http/apiClient.ts.

import type { HeaderLines } from '../../roles/http/headers';
import { valueOf } from '../../roles/http/headers';
import type { RequestText } from '../../roles/http/handClient';
import type { HttpResponse } from '../../roles/http/responseReader';
import { encode } from '../../roles/text';

const type = (value: string): HeaderLines => [['Content-Type', value]];
const FORM = type('application/x-www-form-urlencoded');
const JSON_TYPE = type('application/json');

/** Where the last answer says that the new thing is. */
const located = (last: HttpResponse): string => valueOf(last.headers, 'location') ?? '/api/users';

export type Asked = readonly (RequestText | ((last: HttpResponse) => RequestText))[];

const get = (target: string): RequestText => ({ method: 'GET', target, headers: [['Accept', 'application/json']] });

/** All but 'broken', where no two clients do the same. */
export const SCENARIOS: ReadonlyMap<string, Asked> = new Map<string, Asked>([
  ['user', [get('/api/user')]],
  ['elsewhere', [get('/')]],
  // What a browser sends for two fields: percent-encoded UTF-8, '+' for a space.
  ['form', [{ method: 'POST', target: '/api/users', headers: FORM, body: encode(new URLSearchParams([['name', '김 철수'], ['nickname', 'kim']]).toString()) }, (last) => get(located(last))]],
  ['json', [{ method: 'POST', target: '/api/users', headers: JSON_TYPE, body: encode('{"name": "김철수", "nickname": "kim"}') }, (last) => get(located(last))]],
  [
    'methods',
    [
      { method: 'OPTIONS', target: '/api/users' },
      { method: 'HEAD', target: '/api/user' },
      { method: 'POST', target: '/api/users', headers: JSON_TYPE, body: encode('{"name": "이영희"}') },
      (last) => ({ method: 'PUT', target: located(last), headers: JSON_TYPE, body: encode('{"name": "이영희", "nickname": "lee"}') }),
      (last) => ({ method: 'PATCH', target: sameUser(last), headers: JSON_TYPE, body: encode('{"nickname": "younghee"}') }),
      (last) => get(sameUser(last)),
      (last) => ({ method: 'DELETE', target: sameUser(last) }),
      { method: 'DELETE', target: '/api/user' },
      { method: 'TRACE', target: '/api/user' },
    ],
  ],
  [
    'refused',
    [
      { method: 'POST', target: '/api/users', headers: type('text/xml'), body: encode('<name>김철수</name>') },
      { method: 'POST', target: '/api/users', headers: JSON_TYPE, body: encode('{"name": "김철수"') },
      { method: 'POST', target: '/api/users', headers: FORM, body: encode(`name=${'x'.repeat(300)}`) },
    ],
  ],
]);

/** The user that the last answer shows. */
function sameUser(last: HttpResponse): string {
  const id = /"id": (\d+)/.exec(new TextDecoder().decode(last.body))?.[1];
  return id === undefined ? '/api/users' : `/api/users/${id}`;
}

/** No HTTP: a name of a header with a space in it, and no version. */
export const BROKEN = encode('GET /api/user HTTP/one\r\nHost of mine: localhost\r\n\r\n');

export const USER: RequestText = get('/api/user');
