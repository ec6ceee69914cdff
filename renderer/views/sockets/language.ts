// In which language the calls are spelled: remembered while the app lives, so that it is as it was when the tab is shown again.

import { shallowRef } from 'vue';
import type { Language } from '../../../shared/trace/spell/spell';

export const language = shallowRef<Language>('python');
