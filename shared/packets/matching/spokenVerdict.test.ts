// Which streams may have a field, by what they speak.

import { expect, it } from 'vitest';
import { speakersOf } from './spokenVerdict';

it('asks requests of HTTP for settings of HTTP/2, which they bring where they ask for it', () => {
  expect([speakersOf('http2.settings.initial_window_size'), speakersOf('http2.stream'), speakersOf('ocsp.certStatus')]).toEqual([['http2', 'http'], ['http2'], ['tls']]);
});
