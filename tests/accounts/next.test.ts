import { safeNext } from '../../src/accounts/login/next';

const HERE = 'https://dossier.example';
const FALLBACK = '/the-fallback';

/** What a browser that follows the answer would ask for. */
const followed = (given: unknown, publicUrl = HERE) =>
  new URL(safeNext(given, publicUrl, FALLBACK), `${publicUrl}/login`);

const ELSEWHERE = [
  'https://evil.example',
  'http://evil.example/x',
  'HTTPS://EVIL.EXAMPLE',
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/////evil.example/x',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '\\evil.example',
  '/\\/evil.example',
  '//\\evil.example',
  '/%5Cevil.example',
  '/%5cevil.example',
  '%5C%5Cevil.example',
  '/x/%5C../evil',
  'https:evil.example',
  'http:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https:\\\\evil.example',
  '//evil.example@dossier.example/../..',
  'https://dossier.example@evil.example',
  'https://dossier.example:pass@evil.example/',
  'https://user@dossier.example/',
  'https://user:pass@dossier.example/',
  '//dossier.example@evil.example',
  '//dossier.example.evil.example',
  'https://dossier.example.evil.example',
  'https://dossier.examples',
  'https://evil.example/dossier.example',
  'https://evil.example?dossier.example',
  'https://evil.example#dossier.example',
  'https://dossier.example:8443/',
  '//dossier.example:8443/',
  'http://dossier.example/',
  'https://dossier.example:80/',
  'https://xn--dossier-.example/',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '//evil.example ',
  '/\u0000/evil.example',
  'ht\ntps://evil.example',
  'java\nscript:alert(1)',
  '\u0001https://evil.example',
  '/x\r\nSet-Cookie: a=b',
  '/\u007f/evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'javascript://dossier.example/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'blob:https://dossier.example/x',
  'filesystem:https://dossier.example/x',
  'file:///etc/passwd',
  'about:blank',
  'mailto:a@b.example',
  'ftp://dossier.example/',
  'ws://dossier.example/',
  'view-source:https://dossier.example',
  '//evil。example',
  '//evil．example',
  '//evil｡example',
  '//ⅇvil.example',
  '//%65vil.example',
  '//evil%E3%80%82example',
  '/.//evil.example',
  '/..//evil.example',
  '/x/..//evil.example',
  '/./%2e//evil.example',
  '/%2e%2e//evil.example',
  '/x/%2E%2E//evil.example',
  '/x/../..//evil.example',
  'x/..//evil.example',
  './/evil.example',
  '..//evil.example',
  'https://[::1]/',
  'https://[',
  'https://2130706433/',
  '//[evil]',
  'https://evil.example:99999',
  '//',
  '///',
  'https://',
  'https:',
  ':',
  '//:443',
];

test('there are enough ways to lead elsewhere', () => {
  expect(new Set(ELSEWHERE).size).toBeGreaterThanOrEqual(65);
});

test.each(ELSEWHERE)('%j leads nowhere but here', (given) => {
  for (const publicUrl of [HERE, 'http://localhost:3000', 'https://dossier.example:8443']) {
    expect([publicUrl, followed(given, publicUrl).origin]).toEqual([publicUrl, publicUrl]);
    const location = safeNext(given, publicUrl, FALLBACK);
    expect(location).toMatch(/^\/(?!\/)/);

    expect(location).not.toMatch(/[\\\u0000-\u0020]/);
  }
});

test.each<[unknown]>([
  [undefined],
  [null],
  [''],
  [['/a', '/b']],
  [{ toString: () => '/x' }],
  [42],
  [`/${'x'.repeat(2_000)}`],
])('%j is no address', (given) => {
  expect(safeNext(given, HERE, FALLBACK)).toBe(FALLBACK);
});

test.each([
  '/login',
  '/login?next=/login',
  '/LOGIN',
  '/es/login',
  '/login/second-factor',
  '/es/login#x',
  '/logout',
  '/es/logout',
  '/x/../login',
  'https://dossier.example/login',
  'login',
])('%s is a door, and leads in a circle', (given) => {
  expect(safeNext(given, HERE, FALLBACK)).toBe(FALLBACK);
});

test.each([
  ['/', '/'],
  ['/briefings/a-signal#trend', '/briefings/a-signal#trend'],
  ['/es/categories/cloud-service?page=2#x', '/es/categories/cloud-service?page=2#x'],
  ['https://dossier.example/briefings/a-signal', '/briefings/a-signal'],
  ['/search?q=https://evil.example', '/search?q=https://evil.example'],
  ['/loginstructions', '/loginstructions'],
  ['/señal', '/se%C3%B1al'],
  ['/a/../b', '/b'],
  ['@evil.example', '/@evil.example'],
  ['/@evil.example', '/@evil.example'],
])('%s leads to %s', (given, where) => {
  expect(safeNext(given, HERE, FALLBACK)).toBe(where);
});
