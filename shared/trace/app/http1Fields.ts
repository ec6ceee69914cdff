// The field tree of one HTTP/1 message whose kind and, for a response, whose request's method are known.

import type { FieldNode } from '../../codec/field';
import { fieldsOfMessage } from '../../codec/http/fields';
import type { AppMessage } from './appStory';

/** `method`: of the request that a response answers; null: not known. */
export const http1Fields = (bytes: Uint8Array, method: string | null, kind: AppMessage['kind']): FieldNode =>
  fieldsOfMessage(bytes, { kind: kind === 'response' ? 'response' : 'request', ...(method === null ? {} : { method }) });
