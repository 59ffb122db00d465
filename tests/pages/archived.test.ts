import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, idOf } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { saying, writePage } from '../support/own-pages';
import { said, visit } from '../support/page';

/** A page that is archived at the desk is gone for readers as an archived briefing is. */
let dossier: Dossier;
let cast: Record<Name, Member>;
const at = (path: string, name: Name = 'visitor') =>
  visit(`${dossier.url}${path}`, { headers: cast[name].headers, redirect: 'manual' });
const NAMES = ['visitor', 'stranger', 'alliance', 'editor', 'admin'] as const;

let page: string;
let terms: string;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  const content = { ...saying({ en: 'How we work', es: 'Cómo trabajamos' }), authors: [{ key: 'ada', name: 'Ada' }] };
  page = await writePage(dossier, 'how-we-work', { formerly: 'method', content });
  terms = await writePage(dossier, 'terms', { content: saying({ en: 'Terms' }) });
});
afterAll(() => dossier.stop());

/** Does something with a page at the desk, as its form does. */
async function actOn(id: string, act: string): Promise<void> {
  const path = `/desk/pages/${id}/publish`;
  const version = (await at(path, 'admin')).html.querySelector('input[name=version]')?.getAttribute('value') ?? '';
  const cookie = cast.admin.headers['Cookie']!;
  expect((await send(dossier, path, { act, version, sure: '1' }, { cookie })).status).toBe(303);
}

/** What leads to readers' pages, to programs' as well. */
const leadsTo = async (path: string): Promise<string[]> => {
  const asked = ['/sitemap-sections.xml', '/sitemap-briefings.xml', '/llms.txt', '/authors/ada', '/', '/feed.json'];
  const answers = await Promise.all([...asked, '/api/v1/briefings', '/search?q=work'].map((one) => at(one)));
  return answers.flatMap(({ text }, index) => (text.includes(path) ? [asked[index] ?? 'programs and search'] : []));
};

test('both answer the same to everybody in every language, and so does what was never there', async () => {
  const told = async (path: string, name: Name) => {
    const answer = await at(path, name);
    return [answer.status, answer.headers.get('cache-control'), said(answer, 'main')];
  };
  expect((await at('/es/how-we-work')).status).toBe(200);
  expect((await at('/method')).headers.get('location')).toBe('/how-we-work');
  expect(await leadsTo('/how-we-work')).toContain('/sitemap-sections.xml');
  await actOn(page, 'archive');
  await doAct(dossier, cast.editor, await idOf(dossier, 'a-signal'), 'archive');
  for (const prefix of ['', '/es'])
    for (const name of NAMES) {
      const briefing = await told(`${prefix}/briefings/a-signal`, name);
      expect([name, briefing[0]]).toEqual([name, 404]);
      for (const path of ['how-we-work', 'method', 'never-was'])
        expect([name, path, ...(await told(`${prefix}/${path}`, name))]).toEqual([name, path, ...briefing]);
    }
});

test('nothing leads there any more, and it comes back as it was', async () => {
  expect([await leadsTo('/how-we-work'), await leadsTo('/briefings/a-signal')]).toEqual([[], []]);
  await actOn(page, 'unarchive');
  for (const [path, title] of [
    ['/how-we-work', 'How we work'],
    ['/es/how-we-work', 'Cómo trabajamos'],
  ] as const)
    expect(said(await at(path), 'h1')).toBe(title);
  expect(await leadsTo('/how-we-work')).toContain('/authors/ada');
});

test('a version that somebody may have accepted keeps its address', async () => {
  await actOn(terms, 'archive');
  expect([(await at('/terms')).status, (await at('/es/terms')).status]).toEqual([404, 404]);
  expect(said(await at('/terms/versions/1'), 'h1')).toBe('Terms');
});
