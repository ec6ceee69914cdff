import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY, fileOf, pageHeaders, typeOf } from './pageFiles';

const ROOT = join('/', 'opt', 'looplab', 'out', 'renderer');

describe('files of the page', () => {
  it('are found under the root', () => {
    expect(fileOf('app://looplab/', ROOT)).toBe(join(ROOT, 'index.html'));
    expect(fileOf('app://looplab/assets/index.js?x#y', ROOT)).toBe(join(ROOT, 'assets', 'index.js'));
  });

  it('never lie outside it, however the path is written', () => {
    for (const path of ['..%2f..%2fmain%2fmain.js', '%2e%2e/%2e%2e/package.json', 'a/..%2f..%2f..%2fetc/passwd', '%00/index.html', '%']) {
      const file = fileOf(`app://looplab/${path}`, ROOT);
      expect(file === null || file.startsWith(join(ROOT, '/')), path).toBe(true);
    }
    expect(fileOf('app://elsewhere/index.html', ROOT)).toBeNull();
    expect(fileOf('not a url', ROOT)).toBeNull();
  });

  it('have a type that the page needs, or are not served', () => {
    expect(typeOf('index.html')).toContain('text/html');
    expect(typeOf('settings.ini')).toBeUndefined();
  });

  it('carry a policy that allows nothing by default, no inline code and no eval', () => {
    expect(CONTENT_SECURITY_POLICY.startsWith("default-src 'none'")).toBe(true);
    expect(CONTENT_SECURITY_POLICY).not.toContain('unsafe');
    expect(pageHeaders('text/html')['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
    expect(pageHeaders('text/html')['x-content-type-options']).toBe('nosniff');
  });
});
