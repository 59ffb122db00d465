import { visit } from '../support/page';
import { startDossier, type Dossier } from '../support/dossier';
import { enterAll, type Member, type Name } from '../support/cast';
import { saying, writePage } from '../support/own-pages';
import { said } from '../support/page';

/** Pages of the publisher's own as readers meet them. */
let dossier: Dossier;
let cast: Record<Name, Member>;
const at = (path: string, name: Name = 'visitor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());

test('a page stands at its address in every language, field by field', async () => {
  await writePage(dossier, 'about', {
    content: {
      ...{ original: 'en', authors: [] },
      texts: {
        en: { title: 'About us', description: 'Who we are.', body: 'We *write* <b>here</b>.' },
        es: { title: 'Quiénes somos', description: '', body: '' },
      },
    },
  });
  const page = await at('/about');
  expect([page.status, said(page, 'h1'), said(page, '.dek')]).toEqual([200, 'About us', 'Who we are.']);
  expect(page.text).toContain('We <em>write</em> &lt;b&gt;here&lt;/b&gt;.');
  const spanish = await at('/es/about');
  expect(said(spanish, 'h1')).toBe('Quiénes somos');
  expect(spanish.html.querySelector('.dek [lang=en]')?.text).toBe('Who we are.');
  expect(spanish.html.querySelector('.prose')?.getAttribute('lang')).toBe('en');
  const links = page.html.querySelectorAll('link[rel=alternate][hreflang]').map((one) => one.getAttribute('hreflang'));
  expect(links).toEqual(['en', 'es', 'x-default']);
  expect(page.html.querySelector('link[rel=canonical]')?.getAttribute('href')).toBe(`${dossier.url}/about`);
  expect(page.text).toContain('"@type":"AboutPage"');
});

test('what changes is there on the next request, and a former address leads on', async () => {
  await writePage(dossier, 'imprint', { content: saying({ en: 'Imprint' }), formerly: 'legal-notice' });
  expect(said(await at('/imprint'), 'h1')).toBe('Imprint');
  await writePage(dossier, 'imprint', { content: saying({ en: 'Who publishes this' }) });
  expect(said(await at('/imprint'), 'h1')).toBe('Who publishes this');
  const former = await fetch(`${dossier.url}/es/legal-notice`, { redirect: 'manual' });
  expect([former.status, former.headers.get('location')]).toEqual([301, '/es/imprint']);
});

test('what is typed or to come is nobody’s, and a version keeps its address', async () => {
  await writePage(dossier, 'terms', { content: saying({ en: 'Terms one' }) });
  await writePage(dossier, 'terms', { content: saying({ en: 'Terms two' }) });
  await writePage(dossier, 'terms', { content: saying({ en: 'Terms two, put right' }), change: 'correction' });
  await writePage(dossier, 'terms', { content: saying({ en: 'Terms three' }), when: new Date('2999-01-01') });
  await writePage(dossier, 'hidden-plan', { publish: false });
  for (const name of ['visitor', 'admin'] as const) {
    expect((await at('/hidden-plan', name)).status).toBe(404);
    expect(said(await at('/terms', name), 'h1')).toBe('Terms two, put right');
    expect((await at('/terms/versions/3', name)).status).toBe(404);
  }
  expect(said(await at('/terms'), '.byline li')).toBe('Version 2');
  expect(said(await at('/terms/versions/1'), 'h1')).toBe('Terms one');
  expect(said(await at('/terms/versions/1'), '.warning')).toContain('not in force any more');
  expect(said(await at('/terms/versions/2'), 'h1')).toBe('Terms two, put right');
});
