import { randomUUID } from 'node:crypto';
import { missingBeforeLaunch, type LaunchFacts } from '../../src/admin/settings/missing';
import { accountsViewer, adminViewer } from '../../src/access/viewer';
import { original } from '../support/briefing';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { meta, said, visit, type Page } from '../support/page';
import { open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
const records = { 'basin.example': ['v=spf1 mx ~all'], 'k1._domainkey.basin.example': ['other'] };

beforeAll(async () => {
  dossier = await startDossier({ records });
  await dossier.take('a-signal', { 'en.md': original() });
  admin = await somebody(dossier, 'admin');
});
afterAll(() => dossier.stop());
afterEach(() => dossier.wall.write(adminViewer, (db) => db.siteSetting.deleteMany({})));

const section = (name: string) => `/admin/settings/${name}`;
const anybody = (path: string) => visit(`${dossier.url}${path}`);

/** What the form of a section would send as it was opened. */
function filled({ html }: Page): Record<string, string> {
  const form = html.querySelector('.setting-form')!;
  const inputs = form.querySelectorAll('input:not([type=checkbox]), input[checked]');
  const texts = form.querySelectorAll('textarea').map((one) => [one.getAttribute('name')!, one.text] as const);
  const chosen = form
    .querySelectorAll('select')
    .map(
      (one) => [one.getAttribute('name')!, one.querySelector('option[selected]')?.getAttribute('value') ?? ''] as const,
    );
  const typed = inputs.map((one) => [one.getAttribute('name')!, one.getAttribute('value') ?? ''] as const);
  return Object.fromEntries([...typed, ...texts, ...chosen]);
}

/** Opens a section, types, and sends it. */
async function type(name: string, fields: Readonly<Record<string, string>>, step = 'save'): Promise<Page> {
  const opened = filled(await open(dossier, admin, section(name)));
  return send(dossier, section(name), { ...opened, ...fields, step }, { cookie: admin.cookie });
}
const saved = async (name: string, fields: Readonly<Record<string, string>>) => {
  const { status, headers, text } = await type(name, fields);
  expect([status, status === 303 ? headers.get('location') : text]).toEqual([
    303,
    `${section(name)}?done=setting-changed`,
  ]);
};

describe('the section of a setting', () => {
  test('shows what is set, saves what is typed with its entry, and is in force on the next request', async () => {
    await saved('identity', { 'name.en': 'The Basin', 'tagline.es': 'El agua' });
    expect(said(await anybody('/'), '.nameplate h1')).toBe('The Basin.');
    expect(said(await anybody('/es'), '.nameplate p')).toBe('El agua');
    const again = await open(dossier, admin, `${section('identity')}?done=setting-changed`);
    expect(again.html.querySelector('input[name="name.en"]')!.getAttribute('value')).toBe('The Basin');
    expect(said(again, '.done')).toBe('Saved, and in force from the next page on.');
    expect(said(again, '.setting-history')).toContain(`${admin.email} Name (English) — The Basin`);
    const entries = await dossier.wall.read(accountsViewer, (db) =>
      db.auditEntry.findMany({ where: { action: 'setting-changed' } }),
    );
    expect(entries).toHaveLength(1);
    const audit = await open(dossier, admin, '/admin/audit');
    expect(audit.text).toContain('Changed a setting');
  });

  test('says what is wrong beside the field, keeps what was typed, and saves nothing', async () => {
    const page = await type('identity', { 'name.en': 'x'.repeat(61), 'tagline.en': 'Kept' });
    expect(page.status).toBe(422);
    const field = page.html.querySelector('input[name="name.en"]')!;
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(said(page, '#name\\.en-error')).toBe('At most 60 characters or entries.');
    expect(page.html.querySelector('input[name="tagline.en"]')!.getAttribute('value')).toBe('Kept');
    const ways = await type('navigation', { main: '/pricing | Prices\njavascript:alert(1) | No' });
    expect([ways.status, said(ways, '#main-error')]).toEqual([
      422,
      'Line 2: An address begins with / on this site or with https:// elsewhere.',
    ]);
    const money = await type('money', { currency: 'XXX' });
    expect([money.status, said(money, '#currency-error')]).toEqual([422, 'Stripe charges in no such currency.']);
    expect(await dossier.wall.read(adminViewer, (db) => db.siteSetting.count())).toBe(0);
  });

  test('shows real pages with what is typed, in a language and as a tier, and stores nothing', async () => {
    const fields = { 'name.en': 'Imagined', 'name.es': 'Imaginada', 'preview-language': 'es' };
    const front = await type('identity', fields, 'preview');
    expect([front.status, said(front, '.nameplate h1')]).toEqual([200, 'Imaginada.']);
    expect(front.html.querySelector('html')!.getAttribute('lang')).toBe('es');
    const asTier = { ...fields, 'preview-page': 'briefing', 'preview-language': 'en' };
    const above = await type('identity', { ...asTier, 'preview-tier': 'strategy-circle' }, 'preview');
    expect([above.text.includes('GATED trend text.'), above.text.includes('GATED evidence text.')]).toEqual([
      true,
      false,
    ]);
    const below = await type('identity', asTier, 'preview');
    expect([said(below, 'title'), below.text.includes('GATED')]).toEqual([
      expect.stringMatching(/ · Imagined$/),
      false,
    ]);
    expect(said(await anybody('/'), '.nameplate h1')).toBe('Dossier.');
    expect(await dossier.wall.read(adminViewer, (db) => db.siteSetting.count())).toBe(0);
  });

  test('puts the foot of the page in columns with headings, and says which line leads nowhere', async () => {
    const footer =
      '/pricing | Prices\n# Company | Empresa\n/about | About us | Sobre nosotros\n# Law\nhttps://law.example/x';
    await saved('navigation', { footer });
    const at = async (path: string) => {
      const { html } = await anybody(path);
      const columns = html.querySelectorAll('.foot-columns > div').map((one) => {
        const heading = one.querySelector('h2')!;
        const ways = one.querySelectorAll('a').map((way) => `${way.getAttribute('href')} ${way.text}`);
        return [heading.text, heading.getAttribute('lang') ?? null, ...ways];
      });
      return [html.querySelectorAll('.foot-ways a').map((one) => one.text), ...columns];
    };
    expect(await at('/')).toEqual([
      ['Prices'],
      ['Company', null, '/about About us'],
      ['Law', null, 'https://law.example/x law.example'],
    ]);
    expect(await at('/es')).toEqual([
      ['Prices'],
      ['Empresa', null, '/es/about Sobre nosotros'],
      ['Law', 'en', 'https://law.example/x law.example'],
    ]);
    expect(filled(await open(dossier, admin, section('navigation')))['footer']).toBe(footer);
    for (const [wrong, line] of [
      ['# Law\n# Company\n/about', 1],
      ['/x\n# Law\nlaw.example', 3],
      ['/x\n# Law', 2],
    ] as const) {
      const page = await type('navigation', { footer: wrong });
      expect([page.status, said(page, '#footer-error')]).toEqual([422, expect.stringContaining(`Line ${line}: `)]);
    }
  });

  test('keeps the list of what is missing at /admin, and leads to the members once nothing is', async () => {
    const page = await open(dossier, admin, '/admin');
    expect([page.status, page.html.querySelectorAll('.missing li').length > 3]).toEqual([200, true]);
  });

  test('shows what would be said where no page shows it: a letter, and what programs are asked', async () => {
    const mail = await type(
      'mail',
      { senderName: 'Basin Desk', senderAddress: 'desk@basin.example', postalAddress: 'Pier 4\nBasel' },
      'preview',
    );
    expect([mail.status, said(mail, 'main')]).toEqual([
      200,
      expect.stringContaining('From: Basin Desk <desk@basin.example>'),
    ]);
    expect(said(mail, 'main')).toMatch(/Pier 4 Basel/);
    const found = await type('discovery', { aiCrawlers: 'no-training', indexed: '1' }, 'preview');
    expect(said(found, 'main')).toMatch(/User-agent: GPTBot .*X-Robots-Tag: noai, noimageai/s);
    const closed = await type('joining', { mode: 'closed', 'preview-page': 'briefing' }, 'preview');
    expect(closed.html.querySelectorAll('a[href^="/join"]')).toEqual([]);
    expect(await dossier.wall.read(adminViewer, (db) => db.siteSetting.count())).toBe(0);
  });

  test('leaves addresses of people out of the log, and brings them back from its own history', async () => {
    await saved('joining-addresses', { invited: 'ann@house.example\nbob@house.example' });
    await saved('joining-addresses', { invited: 'ann@house.example', refused: '' });
    const page = await open(dossier, admin, section('joining-addresses'));
    expect(said(page, '.setting-history')).toMatch(/Invited 2 \([0-9a-f]{6}\) 1 \([0-9a-f]{6}\)/);
    const entries = await dossier.wall.read(accountsViewer, (db) =>
      db.auditEntry.findMany({ where: { targetId: 'joining-addresses' } }),
    );
    expect(JSON.stringify(entries)).not.toContain('house.example');
    const [latest] = page.html.querySelectorAll('.setting-history a').map((one) => one.getAttribute('href')!);
    expect(filled(await open(dossier, admin, latest!))['invited']).toBe('ann@house.example\nbob@house.example');
  });

  test('brings what was before a change back into the form, to be saved from there', async () => {
    await saved('identity', { 'name.en': 'The First' });
    await saved('identity', { 'name.en': 'The Second' });
    const page = await open(dossier, admin, section('identity'));
    const [latest] = page.html.querySelectorAll('.setting-history a').map((one) => one.getAttribute('href')!);
    const restored = await open(dossier, admin, latest!);
    expect(said(restored, '.warning')).toMatch(/^This is how it was before the change of /);
    const back = await send(
      dossier,
      section('identity'),
      { ...filled(restored), step: 'save' },
      { cookie: admin.cookie },
    );
    expect(back.status).toBe(303);
    expect(said(await anybody('/'), '.nameplate h1')).toBe('The First.');
  });

  test('asks again where somebody else has saved meanwhile, and saves once what is sent twice', async () => {
    const mine = filled(await open(dossier, admin, section('identity')));
    await saved('identity', { 'name.en': 'Theirs' });
    const sent = { ...mine, 'name.en': 'Mine', step: 'save' };
    const moved = await send(dossier, section('identity'), sent, { cookie: admin.cookie });
    expect([moved.status, moved.html.querySelector('input[name="name.en"]')!.getAttribute('value')]).toEqual([
      409,
      'Mine',
    ]);
    const again = { ...filled(moved), submission: randomUUID(), step: 'save' };
    for (let times = 0; times < 2; times++) {
      expect((await send(dossier, section('identity'), again, { cookie: admin.cookie })).status).toBe(303);
    }
    expect((await type('identity', {})).status).toBe(422);
  });
});

describe('what settings do', () => {
  test('ways around: the main ones, the foot, and a line above the page until its last day', async () => {
    const main = '/categories/cloud-service\nhttps://elsewhere.example | Elsewhere | Fuera';
    const line = { 'announcement.en': 'We have moved.', announcementLink: '/pricing', announcementEnd: '2999-01-01' };
    await saved('navigation', { main, footer: '/pricing | Terms', social: 'https://social.example/@basin', ...line });
    const page = await anybody('/es');
    const nav = page.html.querySelectorAll('.top-nav a').map((one) => [one.getAttribute('href'), one.text]);
    expect(nav).toEqual([
      ['/es/categories/cloud-service', 'Servicio en la nube'],
      ['https://elsewhere.example', 'Fuera'],
    ]);
    expect(said(page, '.foot-ways')).toBe('Terms');
    expect(said(page, '.foot-social')).toBe('social.example');
    expect(page.html.querySelector('.announcement a')!.getAttribute('href')).toBe('/es/pricing');
    await saved('navigation', { announcementTier: 'strategy-circle' });
    expect(said(await anybody('/'), '.announcement')).toBeNull();
    const member = await somebody(dossier);
    expect(said(await open(dossier, member, '/'), '.announcement')).toBe('We have moved.');
    await saved('navigation', { announcementTier: '', announcementEnd: '2001-01-01' });
    expect(said(await anybody('/'), '.announcement')).toBeNull();
  });

  test('being found: robots.txt, a header and the page itself say the same', async () => {
    expect((await anybody('/robots.txt')).text).not.toContain('GPTBot');
    await saved('discovery', { aiCrawlers: 'no-training' });
    const some = await anybody('/robots.txt');
    expect(some.text).toMatch(/User-agent: GPTBot\n[^]*Disallow: \/\n/);
    expect(some.text).not.toContain('PerplexityBot');
    expect([some.headers.get('x-robots-tag'), some.headers.get('tdm-reservation')]).toEqual(['noai, noimageai', '1']);
    await saved('discovery', { indexed: '' });
    const front = await anybody('/');
    expect([meta(front, 'robots'), front.headers.get('x-robots-tag')]).toEqual([
      'noindex',
      'noindex, nofollow, noai, noimageai',
    ]);
    expect((await anybody('/robots.txt')).text).toBe('User-agent: *\nDisallow: /\n');
  });

  test('looks: a style sheet of their own, with what cannot be read corrected and said', async () => {
    expect((await anybody('/')).text).not.toContain('/looks/');
    const wrong = await type('looks', { accent: 'red', 'tiers.strategy-circle': '#00ff6' });
    expect([wrong.status, said(wrong, '#accent-error'), said(wrong, '#tiers\\.strategy-circle-error')]).toEqual([
      422,
      'A colour is written as #8a2d1a.',
      'A colour is written as #8a2d1a.',
    ]);
    const chosen = { accent: '#ffee00', 'tiers.strategy-circle': '#00ff66', typefaces: 'source' };
    const sheetOf = ({ html }: Page) => html.querySelectorAll('link[rel=stylesheet]')[1]!.getAttribute('href')!;
    const preview = await type('looks', chosen, 'preview');
    await saved('looks', chosen);
    const front = await anybody('/');
    expect(sheetOf(front)).toBe(sheetOf(preview));
    const sheet = await anybody(sheetOf(front));
    expect(sheet.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(sheet.text).toMatch(/--act: #[0-9a-f]{6}[^]*\.tier-own-strategy-circle[^]*prefers-color-scheme: dark/);
    expect((await anybody('/briefings/a-signal')).html.querySelector('.gate.tier-own-strategy-circle')).not.toBeNull();
    expect(said(await open(dossier, admin, section('looks')), '.records')).toMatch(
      /#ffee00 could not be read on the page/,
    );
  });

  test('mail: says what the environment says and which wins, and what answers in the DNS', async () => {
    const before = await open(dossier, admin, section('mail'));
    expect(said(before, '.setting-form .warning')).toMatch(
      /letters@publisher\.example \(MAIL_FROM\), which is in force/,
    );
    await saved('mail', { senderAddress: 'desk@basin.example', dkimSelector: 'k1' });
    const after = await open(dossier, admin, section('mail'));
    expect(said(after, '.setting-form .warning')).toMatch(/What is typed here wins\.$/);
    expect(after.html.querySelectorAll('.records .small').map(({ text }) => text)).toEqual([
      'Answers: v=spf1 mx ~all',
      'Nothing of this kind answers there.',
      'Nothing of this kind answers there.',
    ]);
  });
});

const READY: LaunchFacts = {
  ...{ named: true, sender: true, mailServer: true, postalAddress: true, payments: true, paidTiers: true },
  ...{ missingLegal: [], supportAddress: true, samples: 0, published: 3, indexed: true, https: true },
};
test.each<[string, Partial<LaunchFacts>, readonly string[]]>([
  ['nothing', {}, []],
  ['a name', { named: false }, ['name']],
  ['a sender and a server', { sender: false, mailServer: false }, ['sender', 'mail-server']],
  ['payments, where something is sold', { payments: false }, ['payments']],
  ['no payments, where nothing is', { payments: false, paidTiers: false, postalAddress: false }, []],
  [
    'what takes money needs',
    { postalAddress: false, missingLegal: ['terms', 'imprint'] },
    ['terms', 'imprint', 'postal-address'],
  ],
  ['an end of the samples', { samples: 2, published: 0 }, ['samples', 'published']],
  ['readers’ ways in', { indexed: false, https: false }, ['https', 'indexed']],
])('what is missing before going live: %s', (_what, facts, missing) => {
  expect(missingBeforeLaunch({ ...READY, ...facts })).toEqual(missing);
});

test('the list of what is missing leads to where it is put right', async () => {
  const page = await open(dossier, admin, '/admin/settings');
  const links = page.html.querySelectorAll('.missing a').map((one) => one.getAttribute('href'));
  expect(links).toContain('/admin/settings/identity');
  await saved('identity', { 'name.en': 'The Basin' });
  expect(said(await open(dossier, admin, '/admin/settings'), '.missing')).not.toContain('no name of its own');
});
