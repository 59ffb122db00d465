import { adminViewer, editorialViewer, accountsViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { exportBriefing } from '../../src/briefings/file/export';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, fieldsOf, idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo } from '../support/letters';
import { said, visit, type Page } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
const cookie = () => cast.editor.headers['Cookie']!;
const at = (path: string, name: Name = 'editor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const acts = async (id: string) =>
  (await at(`/desk/briefings/${id}/publish`)).html
    .querySelectorAll('button[name=act]')
    .map((one) => one.getAttribute('value'));
let taken = 0;
/** A briefing of its own for each test, as readers have it. */
async function aBriefing(changes: Record<string, string | null> = {}): Promise<{ id: string; slug: string }> {
  const slug = `case-${++taken}`;
  await dossier.take(slug, { 'en.md': original({ slug, ...changes }), 'es.md': SPANISH });
  return { id: await idOf(dossier, slug), slug };
}
const aDraft = () => aBriefing({ state: 'draft', published: null });

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

test('a briefing goes from a title to readers: draft, review, published', async () => {
  const begun = await send(
    dossier,
    '/desk/briefings',
    { title: '  Añadir   nubes ', lang: 'es', category: 'cloud-service' },
    { cookie: cookie() },
  );
  expect(begun.status).toBe(303);
  const id = /briefings\/(.+)$/.exec(begun.headers.get('location')!)![1]!;
  expect(await acts(id)).toEqual(['submit', 'archive']);
  const missing = await at(`/desk/briefings/${id}/publish`);
  for (const one of ['There is no source', 'No language has a summary', 'No language has a text'])
    expect(said(missing, '.findings-missing')).toContain(one);
  // Nobody has chosen any of these: the form, the page and the files say nothing of them.
  const names = ['Content type', 'Primary domain', 'Impact', 'Confidence', 'Operational relevance', 'Time horizon'];
  for (const name of names) expect(said(missing, '.findings-missing')).toContain(`${name}: not chosen`);
  const choices = ['type', 'domain', 'impact', 'confidence', 'relevance', 'horizon'];
  const unchosen = (await openSheet(dossier, cast.editor, id)).fields;
  expect(choices.map((name) => unchosen.get(name))).toEqual(choices.map(() => ''));
  const preview = await at(`/desk/briefings/${id}/preview?as=leadership-alliance&lang=es`);
  expect(preview.status).toBe(200);
  expect(preview.html.querySelector('.glance')).toBeNull();
  expect(said(preview, '#classification')).toMatch(/^Clasificación .+ Categoría Servicio en la nube$/);
  const files = await exportBriefing(dossier.wall, 'anadir-nubes');
  expect(files!.get('es.md')).not.toMatch(new RegExp(`^ {2}(${choices.join('|')}):`, 'm'));
  expect((await doAct(dossier, cast.editor, id, 'submit')).status).toBe(303);
  expect((await doAct(dossier, cast.editor, id, 'publish')).status).toBe(422);
  const sheet = await openSheet(dossier, cast.editor, id, '?add=sources');
  const row = [...sheet.fields.keys()].map((name) => /^sources\.(wip-\w+)\.url$/.exec(name)?.[1]).find(Boolean)!;
  await sendSheet(dossier, cast.editor, sheet, {
    [`sources.${row}.url`]: 'https://example.org/a',
    [`sources.${row}.risk`]: 'low',
    [`sources.${row}.note.es`]: 'GATED nota',
    'summary.es': 'Un resumen.',
    'body.es': '\u200B---',
    impact: 'high',
    confidence: '0.9',
  });
  expect((await visit(`${dossier.url}/es/briefings/anadir-nubes`)).status).toBe(404);
  expect((await doAct(dossier, cast.editor, id, 'publish')).status).toBe(422);
  const rest = { 'body.es': 'Un texto.', type: 'signal', domain: 'energy', relevance: 'low', horizon: 'near' };
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), rest);
  // An emptied score is one that nobody has chosen any more.
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { confidence: '' });
  expect((await doAct(dossier, cast.editor, id, 'publish')).status).toBe(422);
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { confidence: '0.8' });
  const published = await doAct(dossier, cast.editor, id, 'publish');
  expect([published.status, published.headers.get('location')]).toEqual([303, `/desk/briefings/${id}?done=published`]);
  const page = await visit(`${dossier.url}/es/briefings/anadir-nubes`);
  expect([page.status, said(page, 'h1')]).toEqual([200, 'Añadir nubes']);
  expect(page.text).not.toContain('GATED');
  expect((await at('/es/briefings/anadir-nubes', 'alliance')).text).toContain('GATED nota');
  const revisions = await dossier.wall.read(editorialViewer, (db) =>
    db.revision.findMany({
      where: { briefingId: id },
      orderBy: { number: 'asc' },
      select: { origin: true, authorId: true },
    }),
  );
  expect(revisions).toEqual(Array.from({ length: 3 }, () => ({ origin: 'desk', authorId: cast.editor.id })));
});

test('an address is made of the title in whatever script it is; one that had to be made up is asked about', async () => {
  const begin = async (title: string) => {
    const begun = await send(
      dossier,
      '/desk/briefings',
      { title, lang: 'en', category: 'cloud-service' },
      { cookie: cookie() },
    );
    const id = /briefings\/(.+)$/.exec(begun.headers.get('location')!)![1]!;
    return { id, slug: (await openSheet(dossier, cast.editor, id)).fields.get('slug') };
  };
  const asked = async (id: string) =>
    said(await at(`/desk/briefings/${id}/publish`), '.findings-warning')?.includes('is made up');
  const named = await begin('Überblick: Fußball, Ørsted & Łukasiewicz');
  expect([named.slug, await asked(named.id)]).toEqual(['uberblick-fussball-orsted-lukasiewicz', false]);
  const invented = await begin('🎉🚀');
  expect([invented.slug, await asked(invented.id)]).toEqual(['untitled', true]);
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, invented.id), { slug: 'a-party' });
  expect(await asked(invented.id)).toBe(false);
  expect((await begin('WIP report')).slug).toBe('report');
});

test('what is not chosen is no part of a preview, and one without gated passages is asked about', async () => {
  const { id } = await aDraft();
  const asks = async () =>
    said(await at(`/desk/briefings/${id}/publish`), '.findings-warning')?.includes('nothing for members');
  expect(await asks()).toBe(false);
  const sheet = await openSheet(dossier, cast.editor, id);
  const gated = [...sheet.fields.keys()].filter((name) => /\.(text|note)\.(en|es)$/.test(name));
  await sendSheet(dossier, cast.editor, sheet, {
    ...Object.fromEntries(gated.map((name) => [name, ''])),
    'sources.first.risk': '',
    'sources.second.url': 'ftp://example.org',
  });
  expect(await asks()).toBe(true);
  const sources = (await at(`/desk/briefings/${id}/preview`)).html.querySelectorAll('.source');
  expect(sources.map((one) => one.querySelector('.risk'))).toEqual([null]);
});

test('what takes a briefing from its readers is asked first, and says what it does', async () => {
  for (const act of ['unpublish', 'archive'] as const) {
    const { id, slug } = await aBriefing();
    const version = fieldsOf(await at(`/desk/briefings/${id}/publish`), 'form.desk-act').get('version')!;
    const sent = await send(dossier, `/desk/briefings/${id}/publish`, { act, version }, { cookie: cookie() });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `/desk/briefings/${id}/${act}`]);
    expect((await visit(`${dossier.url}/briefings/${slug}`)).status).toBe(200);
    const asks = await at(`/es/desk/briefings/${id}/${act}`);
    expect(said(asks, 'main form')).toContain('«Una señal en español» desaparece de inmediato');
    const form = Object.fromEntries(fieldsOf(asks, 'form.section-form'));
    await send(dossier, `/desk/briefings/${id}/publish`, form, { cookie: cookie() });
    expect((await visit(`${dossier.url}/briefings/${slug}`)).status).toBe(404);
    if (act === 'archive') expect((await at(`/desk/briefings/${id}/${act}`)).status).toBe(404);
  }
});

test('from what was published a link leads to the live page, and from there back for whoever may write it', async () => {
  const { id, slug } = await aDraft();
  expect((await at(`/desk/briefings/${id}`)).html.querySelector(`a[href="/briefings/${slug}"]`)).toBeNull();
  const published = await doAct(dossier, cast.editor, id, 'publish');
  const done = await at(published.headers.get('location')!);
  expect(done.html.querySelector(`.done a[href="/briefings/${slug}"]`)).not.toBeNull();
  for (const section of ['', '/publish', '/cover', '/revisions']) {
    const page = await at(`/es/desk/briefings/${id}${section}`);
    expect([section, page.html.querySelectorAll(`a[href="/es/briefings/${slug}"]`).length]).toEqual([section, 1]);
  }
  // A tier may have the rank that editors read at: the page that is kept for its members is another one all the same.
  const rank = (of: number) =>
    dossier.wall.write(adminViewer, (db) =>
      db.tier.update({ where: { slug: 'leadership-alliance' }, data: { rank: of } }),
    );
  await rank(1000);
  try {
    for (const path of [`/briefings/${slug}`, '/categories/cloud-service'])
      for (const name of ['editor', 'alliance', 'admin', 'visitor', 'support', 'alliance', 'editor'] as const) {
        const works = name === 'editor' || name === 'admin';
        expect([name, path, (await at(path, name)).text.includes('/desk/')]).toEqual([name, path, works]);
      }
  } finally {
    await rank(20);
  }
  expect((await at(`/es/briefings/${slug}`)).html.querySelector('.edit-way a')!.getAttribute('href')).toBe(
    `/es/desk/briefings/${id}`,
  );
});

test('who submits for review tells the others at the desk, each once and in their language', async () => {
  const { id } = await aDraft();
  const letters = (member: Member) => lettersTo(dossier, member.email!, 'review-wanted');
  const before = await letters(cast.admin);
  await doAct(dossier, cast.editor, id, 'submit');
  await doAct(dossier, cast.editor, id, 'return');
  await doAct(dossier, cast.editor, id, 'submit');
  const told = (await letters(cast.admin)).slice(before.length);
  expect(told).toHaveLength(2);
  for (const name of ['editor', 'support', 'alliance'] as const) expect(await letters(cast[name])).toEqual([]);
  const shown = await visit(`${dossier.url}/dev/mail/${told[0]!.id}`);
  expect(said(shown, 'main')).toContain('A briefing waits for review');
  expect(shown.html.querySelector(`a[href="${dossier.url}/desk/briefings/${id}"]`)).not.toBeNull();
  expect(shown.text).not.toContain('A signal in English');
});

test('a language is complete when nothing of it is missing, in the list as on its page', async () => {
  const { id, slug } = await aDraft();
  const badges = async () => {
    const list = (await at(`/desk?q=${slug}`)).html.querySelectorAll('.desk-row .desk-languages li');
    const page = (await at(`/desk/briefings/${id}`)).html.querySelectorAll('.desk-bar .desk-languages li');
    const [one, other] = [list, page].map((all) => all.map((badge) => badge.getAttribute('title')));
    expect(one).toEqual(other);
    return one;
  };
  expect(await badges()).toEqual(['English: complete', expect.stringMatching(/^Spanish: \d+ fields missing$/)]);
  const begun = await send(
    dossier,
    '/desk/briefings',
    { title: 'A title alone', lang: 'en', category: 'cloud-service' },
    { cookie: cookie() },
  );
  const page = await at(begun.headers.get('location')!);
  expect(page.html.querySelector('.desk-bar .desk-languages li')!.getAttribute('title')).toBe(
    'English: 2 fields missing',
  );
});

test('warnings ask, and only whoever says it is meant goes on', async () => {
  const { id } = await aDraft();
  expect(said(await at(`/desk/briefings/${id}/publish`), '.findings-warning')).toContain('Spanish lacks');
  const version = (await at(`/desk/briefings/${id}/publish`)).html
    .querySelector('input[name=version]')!
    .getAttribute('value')!;
  const asked = await send(dossier, `/desk/briefings/${id}/publish`, { act: 'publish', version }, { cookie: cookie() });
  expect([asked.status, said(asked, '.desk-wrong')]).toEqual([
    422,
    'Read the points to consider, and say that they are meant.',
  ]);
  expect((await doAct(dossier, cast.editor, id, 'publish')).status).toBe(303);
});

test.each([
  ['0.95', ['low'], 'fewer than 2 sources'],
  ['0.80', ['medium', 'high'], 'without a source of low risk'],
  ['0.40', ['high', 'high'], 'all of high risk'],
  ['0.95', ['low', 'medium'], null],
  ['0.30', ['high'], null],
])('a confidence of %s with sources of %j: %s', async (confidence, risks, doubt) => {
  const sources = risks
    .map(
      (risk, index) =>
        `\n    - key: ${['first', 'second'][index]}\n      url: https://example.org/${index}\n      risk: ${risk}`,
    )
    .join('');
  const slug = `case-${++taken}`;
  const file = original({ slug, confidence, sources }, '');
  await dossier.take(slug, { 'en.md': risks.length > 1 ? file : file.replace(/ {2}second:\n(?: {4}.*\n)+/, '') });
  const text = said(await at(`/desk/briefings/${await idOf(dossier, slug)}/publish`), 'main')!;
  if (doubt) expect(text).toContain(doubt);
  else expect(text).not.toContain('A confidence of');
});

test('what was published while somebody read the checklist is not published over', async () => {
  const { id } = await aDraft();
  const version = (await at(`/desk/briefings/${id}/publish`)).html
    .querySelector('input[name=version]')!
    .getAttribute('value')!;
  await sendSheet(dossier, cast.admin, await openSheet(dossier, cast.admin, id), {
    'title.en': 'Not the text that was checked',
  });
  const answer = await send(
    dossier,
    `/desk/briefings/${id}/publish`,
    { act: 'publish', version, sure: '1' },
    { cookie: cookie() },
  );
  expect([answer.status, said(answer, '.desk-wrong')]).toEqual([
    409,
    'It changed while you were reading this page. Here is how it stands now.',
  ]);
});

test('scheduled to the second, it opens by itself, in a process started later too', async () => {
  const { id, slug } = await aDraft();
  expect((await doAct(dossier, cast.editor, id, 'schedule', { when: '2001-01-01T00:00' })).status).toBe(422);
  expect((await doAct(dossier, cast.editor, id, 'schedule', { when: 'soon' })).status).toBe(422);
  const when = new Date(Math.ceil(Date.now() / 1000) * 1000 + 9000);
  expect((await doAct(dossier, cast.editor, id, 'schedule', { when: when.toISOString().slice(0, 19) })).status).toBe(
    303,
  );
  expect(
    (await dossier.wall.read(editorialViewer, (db) => db.briefing.findUniqueOrThrow({ where: { id } }))).publishedAt,
  ).toEqual(when);
  expect((await at('/desk?state=scheduled')).text).toContain(id);
  expect((await at('/desk/calendar')).text).toContain(id);
  const later = await startDossier({ on: dossier.urls });
  try {
    const open = async () => (await visit(`${later.url}/briefings/${slug}`)).status;
    expect([await open(), Date.now() < when.getTime()]).toEqual([404, true]);
    await until(async () => (await open()) === 200);
    expect(Date.now()).toBeGreaterThanOrEqual(when.getTime());
  } finally {
    await later.stop();
  }
});

test('unpublishing is immediate, in every process and for everybody, and spares what is being written', async () => {
  const { id, slug } = await aBriefing({ published: '2025-05-01T09:00:00Z' });
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), {
    'title.en': 'Being written',
    confidence: 'no score',
  });
  const other = await startDossier({ on: dossier.urls });
  try {
    const seen = async () =>
      Promise.all(
        [dossier, other].flatMap(({ url }) =>
          (['visitor', 'alliance'] as const).map(
            async (name) => (await visit(`${url}/briefings/${slug}`, { headers: cast[name].headers })).status,
          ),
        ),
      );
    // Wherever readers are told of it: the front page, its category, the list and the briefing of the API, each in
    // either language.
    const told = async () =>
      Promise.all(
        [dossier, other].flatMap(({ url }) =>
          [
            '/',
            '/es',
            '/categories/cloud-service',
            '/es/categories/cloud-service',
            '/api/v1/briefings',
            `/api/v1/briefings/${slug}`,
          ].map(async (path) => (await visit(`${url}${path}`)).text.includes(`/briefings/${slug}`)),
        ),
      );
    expect(await seen()).toEqual([200, 200, 200, 200]);
    expect(await told()).toEqual(Array.from({ length: 12 }, () => true));
    expect((await doAct(dossier, cast.editor, id, 'unpublish')).status).toBe(303);
    await until(async () => (await seen()).every((status) => status === 404));
    expect(await told()).toEqual(Array.from({ length: 12 }, () => false));
  } finally {
    await other.stop();
  }
  expect((await openSheet(dossier, cast.editor, id)).fields.get('title.en')).toBe('Being written');
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), {
    confidence: '0,91',
    'evidence.a-tie.text.en': 'GATED rewritten',
  });
  expect((await doAct(dossier, cast.editor, id, 'publish')).status).toBe(303);
  const page = await at(`/briefings/${slug}`, 'alliance');
  expect(page.text).toContain('GATED rewritten');
  expect(page.text).not.toContain('GATED evidence text');
  expect((await visit(`${dossier.url}/briefings/${slug}`)).text).toContain('May 1, 2025');
});

test('archived is gone for readers and kept at the desk, where it may be deleted; what is published is not, what never was is', async () => {
  const [published, draft] = [await aBriefing(), await aDraft()];
  expect((await at(`/desk/briefings/${published.id}/delete`)).status).toBe(404);
  expect((await send(dossier, `/desk/briefings/${published.id}/delete`, {}, { cookie: cookie() })).status).toBe(409);
  expect((await doAct(dossier, cast.editor, published.id, 'archive')).status).toBe(303);
  expect((await visit(`${dossier.url}/briefings/${published.slug}`)).status).toBe(404);
  // Archived, it may be deleted for good; the checklist leads there, and the page asks first.
  expect((await at(`/desk/briefings/${published.id}/publish`)).text).toContain(
    `/desk/briefings/${published.id}/delete`,
  );
  expect((await at(`/desk/briefings/${published.id}/delete`)).text).toContain('is archived. It goes with');
  expect(
    (await send(dossier, `/desk/briefings/${published.id}/delete`, {}, { cookie: cookie() })).headers.get('location'),
  ).toBe('/desk?done=deleted');
  expect((await at(`/desk/briefings/${published.id}`)).status).toBe(404);
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, draft.id), {
    'title.en': 'With a working copy',
  });
  expect((await at(`/desk/briefings/${draft.id}/delete`)).status).toBe(200);
  expect(
    (await send(dossier, `/desk/briefings/${draft.id}/delete`, {}, { cookie: cookie() })).headers.get('location'),
  ).toBe('/desk?done=deleted');
  expect((await at(`/desk/briefings/${draft.id}`)).status).toBe(404);
  expect(
    await dossier.wall.read(editorialViewer, (db) =>
      db.briefing.count({ where: { OR: [{ id: draft.id }, { copyOf: draft.id }] } }),
    ),
  ).toBe(0);
});

test('another address leads on from the one readers know, and a taken one is refused', async () => {
  const [one, other] = [await aBriefing(), await aBriefing()];
  const rename = async (slug: string) =>
    sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, one.id), { slug });
  await rename(other.slug);
  expect(said(await at(`/desk/briefings/${one.id}/publish`), '.findings-fault')).toContain(
    'Another briefing has or had this address',
  );
  await rename('another-address');
  expect((await doAct(dossier, cast.editor, one.id, 'keep')).status).toBe(303);
  const moved = await visit(`${dossier.url}/briefings/${one.slug}`);
  expect([moved.status, moved.headers.get('location')]).toEqual([301, '/briefings/another-address']);
  await rename(one.slug);
  expect((await doAct(dossier, cast.editor, one.id, 'keep')).status).toBe(303);
  expect((await visit(`${dossier.url}/briefings/another-address`)).headers.get('location')).toBe(
    `/briefings/${one.slug}`,
  );
});

test("a correction stands on the reader's page in the language it has, and can be taken back", async () => {
  const { id, slug } = await aBriefing();
  const once = (await at(`/desk/briefings/${id}/publish`)).html
    .querySelector('input[name=submission]')!
    .getAttribute('value')!;
  const correct = async (fields: Record<string, string>) =>
    (await send(dossier, `/desk/briefings/${id}/corrections`, fields, { cookie: cookie() })).status;
  expect([
    await correct({ 'correction.en': 'No form' }),
    await correct({ submission: once, 'correction.en': ' ' }),
  ]).toEqual([400, 422]);
  // Sent twice, it is said once.
  expect(
    await Promise.all([1, 2].map(() => correct({ submission: once, 'correction.en': 'The figure was wrong.' }))),
  ).toEqual([303, 303]);
  expect((await visit(`${dossier.url}/briefings/${slug}`)).text.match(/The figure was wrong/g)).toHaveLength(1);
  expect(said(await visit(`${dossier.url}/briefings/${slug}`), '#corrections')).toContain('The figure was wrong.');
  expect(said(await visit(`${dossier.url}/es/briefings/${slug}`), '#corrections [lang=en]')).toContain(
    'The figure was wrong.',
  );
  const withdraw = (await at(`/desk/briefings/${id}/publish`)).html
    .querySelector('form[action$="/withdraw"]')!
    .getAttribute('action')!;
  expect((await send(dossier, withdraw, {}, { cookie: cookie() })).status).toBe(303);
  expect((await visit(`${dossier.url}/briefings/${slug}`)).html.querySelector('#corrections')).toBeNull();
});

describe('preview', () => {
  const tiers: readonly [string, Name][] = [
    ['public', 'visitor'],
    ['strategy-circle', 'circle'],
    ['leadership-alliance', 'alliance'],
  ];

  test.each(tiers)('as %s is what that reader gets, byte for byte, in both languages', async (tier, name) => {
    const { id, slug } = await aBriefing({ stricter: '\n    trend/trend: leadership-alliance' });
    const main = (text: string) => /<main[^]*<\/main>/.exec(text)![0];
    for (const lang of ['en', 'es']) {
      const reader = await at(`${lang === 'es' ? '/es' : ''}/briefings/${slug}`, name);
      const preview = await at(`/desk/briefings/${id}/preview?as=${tier}&lang=${lang}`);
      expect(main(preview.text)).toBe(main(reader.text));
      const ways = ({ html }: Page) => html.querySelectorAll('.top-who a:not([hreflang])').map((one) => one.text);
      expect(ways(preview)).toEqual(ways(reader));
      // The editor's own login is not ended from within it.
      expect(preview.html.querySelector('header.top form[method=post]')).toBeNull();
      expect(preview.headers.get('cache-control')).toBe('private, no-store');
      expect(preview.html.querySelector('meta[name=robots]')!.getAttribute('content')).toBe('noindex');
      expect(preview.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    }
  });

  test('of a working copy shows its words, to each tier its own, before and after publishing alike', async () => {
    const { id, slug } = await aBriefing();
    await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), {
      'title.en': 'New words',
      'trend.trend.text.en': 'GATED circle words',
      'evidence.a-tie.text.en': 'GATED alliance words',
    });
    const look = async (tier: string) => {
      const { text } = await at(`/desk/briefings/${id}/preview?as=${tier}`);
      return ['New words', 'GATED circle words', 'GATED alliance words', 'GATED'].map((words) => text.includes(words));
    };
    expect([await look('public'), await look('strategy-circle'), await look('leadership-alliance')]).toEqual([
      [true, false, false, false],
      [true, true, false, true],
      [true, true, true, true],
    ]);
    const before = (await at(`/desk/briefings/${id}/preview?as=leadership-alliance`)).html.querySelector(
      'main',
    )!.innerHTML;
    await doAct(dossier, cast.editor, id, 'keep');
    expect((await at(`/briefings/${slug}`, 'alliance')).html.querySelector('main')!.innerHTML).toBe(before);
    expect((await at(`/desk/briefings/${id}/preview?as=nobody`)).status).toBe(400);
    expect((await at(`/desk/briefings/${id}/preview?lang=xx`)).status).toBe(400);
  });
});

describe('revisions', () => {
  test('say word by word what changed, gated text among it, and bring it back', async () => {
    const { id, slug } = await aBriefing();
    await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), {
      'summary.en': 'A summary in plain English.',
      'evidence.a-tie.text.en': 'GATED evidence, rewritten.',
    });
    await doAct(dossier, cast.editor, id, 'keep');
    const page = await at(`/desk/briefings/${id}/revisions/2`);
    const change = page.html.querySelectorAll('.changes > div').map((one) => [
      one
        .querySelectorAll('del')
        .map(({ lastChild }) => lastChild?.text.trim())
        .join('|'),
      one
        .querySelectorAll('ins')
        .map(({ lastChild }) => lastChild?.text.trim())
        .join('|'),
    ]);
    expect(change).toEqual([
      ['', 'plain'],
      ['evidence text.', 'evidence, rewritten.'],
    ]);
    expect(said(page, '.changes .gated-who')).toBe('Leadership Alliance');
    const codes = { impact: 'low', confidence: '0.30', horizon: 'near', 'sources.first.risk': 'high', type: 'policy' };
    const tier = { 'trend.trend.tier': 'leadership-alliance', 'trend.trend.until': '2999-12-01T08:00' };
    const sheet = await openSheet(dossier, cast.editor, id);
    await sendSheet(dossier, cast.editor, sheet, { ...codes, ...tier, category: 'policy-watch' });
    await doAct(dossier, cast.editor, id, 'keep');
    const words = said(await at(`/desk/briefings/${id}/revisions/3`), '.changes')!;
    for (const one of ['Low', 'Weak signal (30%)', 'Near term', 'High risk', 'Policy Watch', 'Leadership Alliance'])
      expect(words).toContain(one);
    for (const one of ['near', 'policy-watch', 'leadership-alliance', '0.30', 'T08:00'])
      expect(words).not.toContain(one);
    const first = await at(`/desk/briefings/${id}/revisions/1`);
    expect([
      first.html.querySelectorAll('.changes ins, .changes del').length,
      said(first, '.changes')?.includes('GATED evidence text.'),
    ]).toEqual([0, true]);
    expect((await send(dossier, `/desk/briefings/${id}/revisions/1/restore`, {}, { cookie: cookie() })).status).toBe(
      303,
    );
    const reader = await at(`/briefings/${slug}`, 'alliance');
    for (const words of ['A summary in English.', 'GATED evidence text.']) expect(reader.text).toContain(words);
    expect(reader.text).not.toContain('rewritten');
    expect(said(await at(`/desk/briefings/${id}/revisions`), '.desk-history')).toContain('Revision 4');
  });

  test('are not restored over a working copy', async () => {
    const { id } = await aBriefing();
    await doAct(dossier, cast.editor, id, 'unpublish');
    await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { 'title.en': 'Unfinished' });
    const refused = await send(dossier, `/desk/briefings/${id}/revisions/1/restore`, {}, { cookie: cookie() });
    expect(refused.status).toBe(409);
    expect(refused.html.querySelector('#wrong[role=alert][autofocus]')).not.toBeNull();
    expect((await openSheet(dossier, cast.editor, id)).fields.get('title.en')).toBe('Unfinished');
  });

  test('outlive the account of their author', async () => {
    const { id } = await aDraft();
    const leaver = await dossier.wall.write(accountsViewer, (db) =>
      db.account.create({
        data: { email: `leaver-${id}@example.org`, name: 'A leaver', lang: 'en', role: 'editor' },
        select: { id: true },
      }),
    );
    await dossier.wall.write(editorialViewer, (db) =>
      db.briefing.update({ where: { id }, data: { authorId: leaver.id, saverId: leaver.id }, select: { id: true } }),
    );
    await dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id: leaver.id } }));
    expect(
      (await dossier.wall.read(editorialViewer, (db) => db.briefing.findUniqueOrThrow({ where: { id } }))).authorId,
    ).toBeNull();
  });
});

describe('files', () => {
  const upload = (files: Record<string, string>) => {
    const form = new FormData();
    for (const [name, text] of Object.entries(files)) form.append('files', new Blob([text]), name);
    return visit(`${dossier.url}/desk/import`, {
      method: 'POST',
      body: form,
      headers: { ...cast.editor.headers, Origin: dossier.url },
    });
  };

  test('come in from the page, with their author, and every fault is named', async () => {
    const made = await upload({ 'en.md': original({ slug: 'uploaded' }), 'es.md': SPANISH });
    expect([made.status, said(made, '.done')]).toEqual([200, 'uploaded was created. Open it']);
    const id = await idOf(dossier, 'uploaded');
    expect(
      (await dossier.wall.read(editorialViewer, (db) => db.revision.findFirstOrThrow({ where: { briefingId: id } })))
        .authorId,
    ).toBe(cast.editor.id);
    const wrong = await upload({
      'en.md': original({ slug: 'uploaded', confidence: '7' }),
      'es.md': 'no front matter',
    });
    expect([wrong.status, wrong.html.querySelectorAll('.findings-fault li').length]).toEqual([422, 2]);
    expect((await upload({})).status).toBe(422);
  });

  test('go out as they would be imported', async () => {
    const { id, slug } = await aBriefing();
    const answer = await fetch(`${dossier.url}/desk/briefings/${id}/export`, { headers: cast.editor.headers });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      200,
      'application/zip',
      `attachment; filename="${slug}.zip"`,
    ]);
    const text = Buffer.from(await answer.arrayBuffer()).toString('utf8');
    for (const part of [`${slug}/en.md`, `${slug}/es.md`, 'GATED evidence text.']) expect(text).toContain(part);
  });
});
