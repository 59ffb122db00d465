import { createHash } from 'node:crypto';
import { parse } from 'node-html-parser';
import sharp from 'sharp';
import { PNG } from '../support/pictures';
import { original, SPANISH } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';
import { jsonLd, meta, said, visit } from '../support/page';

let dossier: Dossier;
const at = (path: string, init?: RequestInit) => visit(`${dossier.url}${path}`, init);

beforeAll(async () => {
  dossier = await startDossier();
  const plain = (slug: string, changes: Record<string, string | null> = {}) =>
    original({ slug, organizations: null, ...changes }, '');
  await dossier.take('a-signal', {
    'en.md': original({ updated: '2024-05-21T09:00:00Z', formerly: '[an-older-name]' }),
    'es.md': SPANISH,
  });
  await dossier.take('only-spanish', {
    'es.md': plain('only-spanish', { published: '2024-03-01T00:00:00Z', confidence: '0.07', impact: 'low' }).replace(
      'A signal in English',
      'Solo en español',
    ),
  });
  await dossier.take('a-draft', {
    'en.md': plain('a-draft', { state: 'draft', published: null, formerly: '[a-draft-before]' }),
  });
  await dossier.take('tomorrow', { 'en.md': plain('tomorrow', { published: '2999-01-01T00:00:00Z' }) });
  for (let n = 10; n < 24; n++)
    await dossier.take(`note-${n}`, {
      'en.md': plain(`note-${n}`, { category: 'policy-watch', published: `2023-01-${n}T00:00:00Z` }).replace(
        'A signal in English',
        `Note ${n}`,
      ),
    });
});
afterAll(() => dossier.stop());

describe('the briefing page', () => {
  test('shows every public part, each in its place', async () => {
    const page = await at('/briefings/a-signal');
    expect(page.status).toBe(200);
    expect(said(page, 'h1')).toBe('A signal in English');
    const text = page.html.querySelector('main')!.text.replace(/\s+/g, ' ');
    for (const part of [
      'Signal Briefing',
      'Cloud Service',
      'A summary in English.',
      'A lead in English.',
      'The open body.',
      'High confidence (94%)',
      '2 public sources',
      'The signal',
      'The kind of signal',
      'Somewhere',
      'A surface',
      'A thing to watch',
      'A sentence of context.',
      'Operational relevance',
      'Longer term',
      'Why this category.',
      'Why this type.',
      'Why this domain.',
      'A topic',
      'Why this topic.',
      'Why this impact.',
      'Technology',
      'The first source',
      'What the first source says.',
      'Low risk',
      'Medium risk',
      'One Org',
      'Feb 27, 2024',
      'May 21, 2024',
      'More in Cloud Service',
      'Solo en español',
    ])
      expect(text).toContain(part);
    for (const range of ['0.90–1.00', '0.75–0.89', '0.55–0.74', '0.35–0.54', '0.10–0.34', '0.00–0.09'])
      expect(text).toContain(range);
  });

  test('holds its gates shut: kind, number, tier, way in, and not a word of what is behind', async () => {
    const page = await at('/briefings/a-signal');
    expect(page.text).not.toContain('GATED');
    const gates = page.html.querySelectorAll('.gate').map((gate) => gate.text.replace(/\s+/g, ' '));
    expect(gates).toHaveLength(2);
    expect(gates[0]).toMatch(/Strategy Circle.*Deeper trend context 1 passage.*Linked-organization notes 1 note/);
    expect(gates[1]).toMatch(
      /Leadership Alliance.*Relationship evidence 1 passage.*Failure paths 1 passage.*Source notes 1 note/,
    );
    const hrefs = page.html.querySelectorAll('.gate a').map((link) => link.getAttribute('href'));
    const next = (section: string) => `?next=%2Fbriefings%2Fa-signal%23${section}`;
    expect(hrefs).toEqual([
      `/join/strategy-circle${next('trend')}`,
      `/login${next('trend')}`,
      '/pricing',
      `/join/leadership-alliance${next('evidence')}`,
      `/login${next('evidence')}`,
    ]);
    expect(page.text).toContain('1 linked-organization note requires member access');
    for (const key of ['a-tie', 'a-break']) expect(page.text).not.toContain(key);
  });

  test('says in Spanish what is in Spanish, and marks what is not, field by field', async () => {
    const page = await at('/es/briefings/a-signal');
    expect(page.html.querySelector('html')!.getAttribute('lang')).toBe('es');
    expect(said(page, 'h1')).toBe('Una señal en español');
    expect(page.html.querySelector('.dek')!.querySelector('[lang]')).toBeNull();
    const lead = page.html.querySelector('.lead [lang="en"]')!;
    expect(lead.text).toContain('A lead in English.');
    expect(said(page, '.lead')).toMatch(/inglés/i);
    expect(page.text).toContain('El cuerpo abierto.');
    expect(page.text).not.toContain('The open body.');
    expect(page.html.querySelector('main')!.text).toContain('Servicio en la nube');
    expect(page.text).not.toContain('GATED');
  });

  test("a briefing without a text in the reader's language falls back as a whole, and points to the one it has", async () => {
    const page = await at('/briefings/only-spanish');
    expect(page.status).toBe(200);
    expect(page.html.querySelector('h1 [lang="es"]')!.text).toContain('Solo en español');
    expect(page.html.querySelector('link[rel=canonical]')!.getAttribute('href')).toBe(
      `${dossier.url}/es/briefings/only-spanish`,
    );
  });

  test.each([
    ['0.07', 'Internal monitoring (7%)', 'only-spanish'],
    ['0.94', 'High confidence (94%)', 'a-signal'],
  ])('a score of %s reads %s', async (_score, sentence, slug) => {
    expect((await at(`/briefings/${slug}`)).html.querySelector('main')!.text).toContain(sentence);
  });

  test('a fallback never crosses a gate: a lead that is missing everywhere stays missing', async () => {
    await dossier.take('no-lead', {
      'en.md': original({ slug: 'no-lead' }).replace('lead: A lead in English.\n', '').replace('The open body.\n', ''),
    });
    const page = await at('/es/briefings/no-lead');
    expect(page.html.querySelector('.lead')).toBeNull();
    expect(page.text).not.toContain('GATED');
  });

  test('raw HTML and script in a text are shown, never run', async () => {
    const text = '<script>alert(1)</script> <img src=x onerror=alert(2)> <b>bold</b>';
    await dossier.take('inert', {
      'en.md': original({ slug: 'inert' })
        .replace('The open body.', `${text}\n\n<div onclick="alert(3)">block</div>\n\n<%= slug %> \${slug} {{slug}}`)
        .replace('A signal in English', `'${text}'`)
        .replace('What the first source says.', `'${text}'`),
    });
    const page = await at('/briefings/inert');
    const main = page.html.querySelector('main')!;
    expect(main.querySelectorAll('script, b, main img, [onclick], [onerror]')).toEqual([]);
    expect(main.text).toContain('<script>alert(1)</script> <img src=x onerror=alert(2)> <b>bold</b>');
    expect(main.text).toContain('<%= slug %> ${slug} {{slug}}');
    expect(page.text.match(/<script[^>]*>/g)).toEqual([
      '<script type="application/ld+json">',
      expect.stringMatching(/^<script src="\/assets\/[^"]+\/reading\.js" type="module">$/),
    ]);
    expect(jsonLd(page)!['headline']).toContain('<script>');
  });
});

describe('a cover', () => {
  const covered = (slug: string, changes: Record<string, string | null> = {}) =>
    original({ slug, organizations: null, cover: 'cover.png', ...changes }, '').replace(
      'title: A',
      'cover-alt: A grey point.\ntitle: A',
    );

  test('stands in the head with its size and its description, and is there', async () => {
    await dossier.take('covered', { 'en.md': covered('covered'), 'cover.png': PNG });
    const page = await at('/es/briefings/covered');
    const image = page.html.querySelector('img.cover')!;
    expect([
      image.getAttribute('alt'),
      image.getAttribute('lang'),
      image.getAttribute('width'),
      image.getAttribute('height'),
    ]).toEqual(['A grey point.', 'en', '1', '1']);
    expect(meta(page, 'og:image')).toBe(`${dossier.url}${image.getAttribute('src')}`);
    const picture = await fetch(`${dossier.url}${image.getAttribute('src')}`);
    expect([picture.status, picture.headers.get('content-type'), picture.headers.get('cache-control')]).toEqual([
      200,
      'image/png',
      'public, no-cache',
    ]);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG);
    expect(
      (await at(image.getAttribute('src')!, { headers: { 'If-None-Match': picture.headers.get('etag')! } })).status,
    ).toBe(304);
  });

  test('of a draft is as hidden as the draft', async () => {
    const bytes = Buffer.concat([PNG, Buffer.from('draft')]);
    await dossier.take('covered-draft', {
      'en.md': covered('covered-draft', { state: 'draft', published: null }),
      'cover.png': bytes,
    });
    const id = createHash('sha256').update(bytes).digest('hex');
    expect((await at(`/pictures/${id}.png`)).status).toBe(404);
    await dossier.take('covered-draft', { 'en.md': covered('covered-draft'), 'cover.png': bytes });
    expect((await at(`/pictures/${id}.png`)).status).toBe(200);
  });

  test.each([
    '/pictures/x.png',
    `/pictures/${'0'.repeat(64)}.png`,
    `/pictures/${'0'.repeat(64)}.svg`,
    '/pictures/',
    '/pictures/..%2f..%2fpackage.json',
  ])('%s is not there', async (path) => {
    expect((await at(path)).status).not.toBe(200);
  });
});

describe('what machines read', () => {
  test('title, description, canonical, languages, cards: public text only', async () => {
    const page = await at('/es/briefings/a-signal');
    expect(said(page, 'title')).toBe('Una señal en español · Dossier');
    expect(meta(page, 'description')).toBe('Un resumen en español.');
    expect(meta(page, 'og:title')).toContain('Una señal en español');
    expect(meta(page, 'og:type')).toBe('article');
    expect(page.html.querySelector('link[rel=canonical]')!.getAttribute('href')).toBe(
      `${dossier.url}/es/briefings/a-signal`,
    );
    const alternates = page.html
      .querySelectorAll('link[rel=alternate][hreflang]')
      .map((link) => [link.getAttribute('hreflang'), link.getAttribute('href')]);
    expect(alternates).toEqual([
      ['en', `${dossier.url}/briefings/a-signal`],
      ['es', `${dossier.url}/es/briefings/a-signal`],
      ['x-default', `${dossier.url}/briefings/a-signal`],
    ]);
  });

  test('NewsArticle says what is gated by the boxes it stands in', async () => {
    const page = await at('/briefings/a-signal');
    const article = jsonLd(page)!;
    expect(article).toMatchObject({
      '@type': 'NewsArticle',
      headline: 'A signal in English',
      description: 'A summary in English.',
      inLanguage: 'en',
      datePublished: '2024-02-27T09:00:00.000Z',
      dateModified: '2024-05-21T09:00:00.000Z',
      isAccessibleForFree: false,
    });
    for (const part of article['hasPart'] as { isAccessibleForFree: boolean; cssSelector: string }[]) {
      expect(part.isAccessibleForFree).toBe(false);
      expect(part.cssSelector).toMatch(/^\.[a-z]+$/);
    }
    expect(page.html.querySelectorAll((article['hasPart'] as { cssSelector: string }[])[0]!.cssSelector)).not.toEqual(
      [],
    );
    expect(jsonLd(await at('/briefings/only-spanish'))).toMatchObject({ isAccessibleForFree: true, inLanguage: 'es' });
  });

  test('absolute addresses come from the configuration, whatever the request says', async () => {
    const page = await at('/briefings/a-signal', {
      headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', Forwarded: 'host=evil.example' },
    });
    expect(page.text).not.toContain('evil.example');
  });
});

describe('the front page and the categories', () => {
  test('the newest leads, then category by category, with impact and confidence on each', async () => {
    const page = await at('/');
    expect(page.status).toBe(200);
    expect(said(page, 'main h2') ?? said(page, 'main h1')).toBeTruthy();
    const text = page.html.querySelector('main')!.text.replace(/\s+/g, ' ');
    expect(text.indexOf('Solo en español')).toBeLessThan(text.indexOf('Note 23'));
    expect(text).toContain('Internal monitoring');
    expect(text).toContain('All 14 briefings');
    expect(page.text).not.toContain('GATED');
    expect(page.text).not.toContain('a-draft');
    expect(page.text).not.toContain('tomorrow');
  });

  test('a category is cut into pages that lead to each other', async () => {
    const first = await at('/categories/policy-watch');
    expect(first.text).toContain('14 briefings');
    expect(first.text).toContain('Note 23');
    expect(first.text).not.toContain('>Note 11<');
    const second = await at('/categories/policy-watch?page=2');
    expect(second.html.querySelector('main')!.text).toContain('Note 10');
    expect(second.html.querySelector('main')!.text).not.toContain('Note 23');
    expect(said(second, 'title')).toContain('page 2');
    expect(second.html.querySelector('link[rel=canonical]')!.getAttribute('href')).toBe(
      `${dossier.url}/categories/policy-watch?page=2`,
    );
    expect(second.html.querySelector('[aria-current=page]')).not.toBeNull();
  });

  test('a card shows its cover in small sizes, described in the language, the first at once and the others when they are near', async () => {
    const picture = (tint: number) =>
      sharp({ create: { width: 1200, height: 800, channels: 3, background: { r: tint, g: 80, b: 120 } } })
        .png()
        .toBuffer();
    const covered = (slug: string, published: string) =>
      original({ slug, organizations: null, published, cover: 'cover.png' }, '').replace(
        'title: A',
        'cover-alt: A grey harbour.\ntitle: A',
      );
    await dossier.take('covered-first', {
      'en.md': covered('covered-first', '2025-02-01T00:00:00Z'),
      'es.md': '---\ntitle: Con portada\ncover-alt: Un puerto gris.\n---\n',
      'cover.png': await picture(1),
    });
    await dossier.take('covered-second', {
      'en.md': covered('covered-second', '2025-01-01T00:00:00Z'),
      'cover.png': await picture(2),
    });
    for (const path of ['/es', '/es/categories/cloud-service']) {
      const images = (await at(path)).html.querySelectorAll('.card img');
      const [first, second] = images;
      expect([
        path,
        first!.getAttribute('alt'),
        first!.getAttribute('lang') ?? null,
        first!.getAttribute('loading') ?? null,
      ]).toEqual([path, 'Un puerto gris.', null, null]);
      expect([second!.getAttribute('alt'), second!.getAttribute('lang'), second!.getAttribute('loading')]).toEqual([
        'A grey harbour.',
        'en',
        'lazy',
      ]);
      expect([first!.getAttribute('width'), first!.getAttribute('height')]).toEqual(['1200', '800']);
      expect(first!.getAttribute('srcset')).toMatch(/^(\/pictures\/[0-9a-f]{64})-480\.webp 480w, \1-960\.webp 960w$/);
      expect((await fetch(`${dossier.url}${first!.getAttribute('src')!}`)).headers.get('content-type')).toBe(
        'image/webp',
      );
    }
    expect((await at('/categories/policy-watch')).html.querySelectorAll('.card img, .card-cover')).toEqual([]);
  });

  test('a category named in one language only is named so in the other', async () => {
    expect((await at('/es/categories/policy-watch')).html.querySelector('h1 [lang="en"]')!.text).toContain(
      'Policy Watch',
    );
  });
});

describe('addresses', () => {
  test.each([
    ['/briefings/a-signal/', '/briefings/a-signal'],
    ['/Briefings/A-Signal', '/briefings/a-signal'],
    ['//briefings//a-signal', '/briefings/a-signal'],
    ['/ES', '/es'],
    ['/es/', '/es'],
    ['/categories/policy-watch/?page=2', '/categories/policy-watch?page=2'],
    ['/briefings/an-older-name', '/briefings/a-signal'],
    ['/es/briefings/an-older-name', '/es/briefings/a-signal'],
  ])('%s leads to %s for good', async (from, to) => {
    const page = await at(from);
    expect([page.status, page.headers.get('location')]).toEqual([301, to]);
  });

  test.each([
    '/nothing',
    '/briefings/nothing',
    '/es/briefings/nothing',
    '/categories/nothing',
    '/categories/policy-watch?page=3',
    '/briefings/a-draft',
    '/briefings/tomorrow',
    '/briefings/a-draft-before',
    '/briefings/..%2f..%2fetc',
    '/briefings/a_b',
    '/assets/nothing.css',
    '/assets/../package.json',
    '/.git/config',
    '/.env',
    '/es/es',
    '/fr',
    '/%5Cevil.example',
    '/briefings/a-signal.json',
    '/briefings/a-signal;x.css',
    '/briefings/a-signal%2fx.png',
  ])('%s is not there, and says so in the house', async (path) => {
    const page = await at(path);
    expect(page.status).toBe(404);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(said(page, 'h1')).toMatch(/no page|No hay/i);
    expect(page.text).not.toMatch(/node_modules|at .*\.ts|Error:/);
  });

  test('a draft and a briefing that does not exist answer alike', async () => {
    const [draft, nothing] = [await at('/briefings/a-draft'), await at('/briefings/no-draft')];
    expect(draft.text.replaceAll('a-draft', 'no-draft')).toBe(nothing.text);
  });

  test.each([
    '/categories/policy-watch?page=x',
    '/categories/policy-watch?page=0',
    '/categories/policy-watch?page=-1',
    '/categories/policy-watch?page=1e3',
    '/categories/policy-watch?page=1&page=2',
    '/briefings/%E0%A4%A',
  ])('%s is a bad request', async (path) => {
    expect((await at(path)).status).toBe(400);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s on a page is refused with what it answers to', async (method) => {
    for (const path of ['/', '/briefings/a-signal', '/es/categories/policy-watch', '/healthz']) {
      const page = await at(path, { method, headers: { Origin: dossier.url } });
      expect([path, page.status, page.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD']);
    }
  });

  test.each([
    '/join/strategy-circle',
    '/join/leadership-alliance',
    '/login',
    '/es/join/strategy-circle',
    '/es/join/leadership-alliance',
    '/es/login?next=%2F',
  ])('the way in %s is a page', async (path) => {
    expect((await at(path)).status).toBe(200);
  });

  test('the language switch stays on the page', async () => {
    const page = await at('/briefings/a-signal');
    expect(page.html.querySelectorAll('a[hreflang=es]').map((link) => link.getAttribute('href'))).toContain(
      '/es/briefings/a-signal',
    );
    expect(
      (await at('/es')).html.querySelectorAll('a[hreflang=en]').map((link) => link.getAttribute('href')),
    ).toContain('/');
  });
});

describe('every answer', () => {
  test.each([
    '/',
    '/es',
    '/briefings/a-signal',
    '/categories/policy-watch',
    '/nothing',
    '/healthz',
    '/readyz',
    '/briefings/an-older-name',
  ])('%s carries the security headers, no cookie, no trace of what serves it', async (path) => {
    const { headers } = await at(path);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|nonce|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  test('no page has a style, a script or a handler inline', async () => {
    for (const path of [
      '/',
      '/briefings/a-signal',
      '/categories/policy-watch',
      '/nothing',
      '/login',
      '/join/leadership-alliance',
    ]) {
      const { html } = await at(path);
      expect(html.querySelectorAll('[style], style')).toEqual([]);
      expect(
        html
          .querySelectorAll('script')
          .filter((script) => script.getAttribute('type') !== 'application/ld+json' && !script.getAttribute('src')),
      ).toEqual([]);
      for (const element of html.querySelectorAll('*'))
        expect(Object.keys(element.attributes).filter((name) => name.startsWith('on'))).toEqual([]);
    }
  });

  test('everything a page points to is there', async () => {
    const seen = new Set<string>();
    for (const path of ['/', '/es/briefings/a-signal', '/categories/policy-watch']) {
      const { html } = await at(path);
      for (const element of html.querySelectorAll(
        'link[rel=stylesheet], link[rel=preload], link[rel*=icon], script[src], img[src], a[href]',
      )) {
        const href = (element.getAttribute('href') ?? element.getAttribute('src'))!;
        if (href.startsWith('/')) seen.add(href);
        if (href.startsWith('#'))
          expect([path, href, parse(html.toString()).querySelector(`[id="${href.slice(1)}"]`) !== null]).toEqual([
            path,
            href,
            true,
          ]);
      }
    }
    for (const href of seen) expect([href, (await at(href)).status]).toEqual([href, 200]);
  });

  test('files under a fingerprint may be kept for ever', async () => {
    const { html } = await at('/');
    const css = html.querySelector('link[rel=stylesheet]')!.getAttribute('href')!;
    expect((await at(css)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const [plain, brotli] = await Promise.all(
      ['identity', 'br'].map((encoding) => at(css, { headers: { 'Accept-Encoding': encoding } })),
    );
    expect([brotli!.headers.get('content-encoding'), brotli!.text === plain!.text]).toEqual(['br', true]);
    expect((await at(css.replace(/assets\/[^/]+/, 'assets/older'))).headers.get('cache-control')).toBe(
      'public, no-cache',
    );
  });
});

test('no phrase is missing from a page in any language', () => {
  expect(dossier.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
