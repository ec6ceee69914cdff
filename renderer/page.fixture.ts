// For tests of the page, which share its texts: all of them are loaded, in English, whichever file comes first in a worker.

import { afterAll, beforeAll } from 'vitest';
import { speak, speakAll } from './i18n/i18n';

beforeAll(speakAll);
afterAll(() => speak('en'));
