import { DEFAULT_CODE, makeLanguages, type LanguageSource } from '../../src/lib/language';
import { UTC_STYLE } from '../../src/lib/local-time';
import { markedHtml, unmarked } from '../../src/lib/marked';

const english: LanguageSource = {
  code: DEFAULT_CODE,
  dir: 'ltr',
  phrases: { hello: 'Hello {name}', rows: { one: '{n} row', other: '{n} rows' }, name: 'reader' },
};
const spanish: LanguageSource = { code: 'es', dir: 'ltr', phrases: { hello: 'Hola {name}' } };
const arabic: LanguageSource = { code: 'ar', dir: 'rtl', phrases: { name: 'قارئ' } };

test('a missing phrase is said in the first language, and one that lacks it too as it is delivered; both are marked', () => {
  const languages = makeLanguages([spanish, arabic], english, UTC_STYLE);
  const [first, ar] = [languages.first, languages.find('ar')!];
  expect([first.code, first.prefix, ar.prefix, ar.dir, ar.firstCode]).toEqual(['es', '', '/ar', 'rtl', 'es']);
  expect(ar.say('name')).toBe('قارئ');
  const html = `<p title="${ar.say('rows', { n: 2 })}">${ar.say('hello', { name: ar.say('name') })}; ${ar.say('rows', { n: 1 })}</p>`;
  expect(markedHtml(html)).toBe(
    '<p title="2 rows"><span lang="es" dir="ltr">Hola قارئ</span>; <span lang="en" dir="ltr">1 row</span></p>',
  );
  expect(unmarked(ar.say('hello', { name: 'Ana' }))).toBe('Hola Ana');
  expect(() => ar.say('nothing')).toThrow('no phrase');
  expect([ar.has('rows'), ar.has('nothing'), ar.has('toString')]).toEqual([true, false, false]);
});

test('marks become elements where one can stand, and are left out everywhere else', () => {
  const marked = makeLanguages([english, arabic], english, UTC_STYLE).find('ar')!.say('hello', { name: 'Ana' });
  const kept = 'Hello Ana';
  for (const around of [
    (text: string) => `<title>${text}</title>`,
    (text: string) => `<option value="a" selected>${text}</option>`,
    (text: string) => `<textarea rows="2">\n${text}</textarea>`,
    (text: string) => `<script type="application/ld+json">{"a":"${text} <\\/b>"}</script>`,
    (text: string) => `<input value="${text}">`,
    (text: string) => `<!-- ${text} -->`,
  ])
    expect(markedHtml(`<div>${around(marked)}</div>`)).toBe(`<div>${around(kept)}</div>`);
  expect(markedHtml(`<b>${marked.slice(0, -1)}</b>`)).toBe(`<b>${kept}</b>`);
  expect(markedHtml('<b>nothing</b>')).toBe('<b>nothing</b>');
});
