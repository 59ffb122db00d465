import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { adminViewer, accountsViewer } from '../../src/access/viewer';
import { root } from '../../src/lib/root';
import { loadSetting, saveSetting, settingVersion } from '../../src/site/settings/save';
import type { SettingName, SettingValue } from '../../src/site/settings/schemas';
import { writeLetter } from '../../src/stores/postgres/outbox';
import { somebody, type Somebody } from '../admin/support';
import { original, SPANISH } from '../support/briefing';
import { anAccount, cookiesOf, PASSWORD, send } from '../support/door';
import { logIn } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { startMailServer, textOf, type MailServer } from '../support/mail-server';
import { jsonLd, meta, said, visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let other: Dossier;
let server: MailServer;
let admin: Somebody;

async function set<Name extends SettingName>(name: Name, change: Partial<SettingValue<Name>>): Promise<void> {
  const before = await dossier.wall.read(adminViewer, (db) => loadSetting(db, name));
  const by = { actor: { id: null, name: 'a test' } };
  const value = { ...before, ...change };
  const seen = settingVersion(before);
  expect(
    await saveSetting(dossier.wall, {
      name,
      value,
      expectedVersion: seen,
      submissionId: randomUUID(),
      at: new Date(),
      by,
    }),
  ).toBe('saved');
}

beforeAll(async () => {
  server = await startMailServer();
  // Passkeys are made for names, and not for numbers.
  dossier = await startDossier({ billing: true, host: 'localhost' });
  other = await startDossier({ on: dossier.urls, smtpUrl: server.url });
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  admin = await somebody(dossier, 'admin');
  expect(said(await visit(dossier.url), '.nameplate h1')).toBe('Dossier.');
  await set('identity', {
    name: { en: 'The Basin', es: 'La Cuenca' },
    tagline: { en: 'Water, read early.' },
    description: { es: 'El agua, antes que nadie.' },
  });
  await set('mail', {
    senderAddress: 'desk@basin.example',
    replyTo: 'people@basin.example',
    postalAddress: 'Pier 4\nBasel',
  });
});
afterAll(async () => {
  await other?.stop();
  await dossier?.stop();
  await server?.stop();
});

/** Where a page leads within the house. */
const linksOf = (page: Awaited<ReturnType<typeof visit>>, at: string): string[] =>
  page.html
    .querySelectorAll('a[href], link[href], img[src]')
    .map((one) => new URL(one.getAttribute('href') ?? one.getAttribute('src') ?? '', new URL(at, dossier.url)))
    .filter(({ origin }) => origin === dossier.url)
    .map(({ pathname, search }) => pathname + search);

/** A price is found at Stripe by a key that was given when it was made: the raw event that tells of it shows that. */
const LOOKUP_KEY = /lookup_key&#34;: &#34;dossier-/;

/** Whether the software's name stands in an answer; what cookies are called does not count. */
const traces = async (url: string, cookie: string): Promise<{ found: string[]; links: string[] }> => {
  const page = await visit(url, { headers: cookie === '' ? {} : { Cookie: cookie } });
  const heads = [...page.headers].filter(([name]) => name !== 'set-cookie').map((one) => one.join(': '));
  const about = [...heads, ...page.text.split('\n')].filter((line) => /dossier/i.test(line.replace(LOOKUP_KEY, '')));
  return { found: about.map((line) => `${url}: ${line.trim().slice(0, 200)}`), links: linksOf(page, url) };
};

/** Follows every link of the house from these pages, once for each shape of an address. */
async function walk(from: readonly string[], cookie: string): Promise<{ found: string[]; walked: number }> {
  const shapeOf = (address: string) =>
    address
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
      .replace(/\/admin\/shape\/\w+\/[\w-]+/, '/admin/shape/:group/:slug')
      .replace(/\?.*/, '?');
  const seen = new Set(from.map(shapeOf));
  const found: string[] = [];
  const next = [...from];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    const traced = await traces(`${dossier.url}${at}`, cookie);
    found.push(...traced.found);
    for (const link of traced.links.filter((one) => !seen.has(shapeOf(one)))) {
      seen.add(shapeOf(link));
      next.push(link);
    }
  }
  return { found, walked: seen.size };
}

describe('a house with a name of its own', () => {
  test('says it on its pages, in each language, and in every process on the next request', async () => {
    for (const { url } of [dossier, other]) {
      await until(async () => said(await visit(url), '.nameplate h1') === 'The Basin.');
      const front = await visit(url);
      expect(said(front, 'title')).toBe('The Basin: Water, read early.');
      expect(said(front, '.nameplate p')).toBe('Water, read early.');
      expect(meta(front, 'og:site_name')).toBe('The Basin');
    }
    const spanish = await visit(`${dossier.url}/es`);
    expect(said(spanish, '.nameplate h1')).toBe('La Cuenca.');
    expect(spanish.html.querySelector('.nameplate p')!.getAttribute('lang')).toBe('en');
    expect([meta(spanish, 'description'), said(spanish, '.foot-about')]).toEqual(
      Array(2).fill('El agua, antes que nadie.'),
    );
    const briefing = await visit(`${dossier.url}/es/briefings/a-signal`);
    expect(said(briefing, 'title')).toMatch(/ · La Cuenca$/);
    expect(jsonLd(briefing)).toMatchObject({ publisher: { name: 'La Cuenca' } });
    const api = (await (await fetch(`${dossier.url}/api/openapi.json`)).json()) as { info: { title: string } };
    expect(api.info.title).toBe('The Basin');
  });

  test('says the name of the software in no body and no header, whoever walks through it', async () => {
    const starts = ['/', '/es', '/pricing', '/nowhere', '/api/openapi.json', '/api/briefings', '/dev/mail'];
    const sections = ['/account', '/desk', '/admin/members', '/es/admin/members', '/es/desk'];
    for (const [cookie, from, least] of [
      ['', starts, 30],
      [admin.cookie, [...starts, ...sections], 100],
    ] as const) {
      const { found, walked } = await walk(from, cookie);
      expect(found).toEqual([]);
      expect(walked).toBeGreaterThan(least);
    }
    const wrong = await fetch(`${dossier.url}/api/briefings`, { headers: { Authorization: 'Bearer x' } });
    expect([...wrong.headers].join()).not.toMatch(/dossier/i);
    // Each shape of an address there is: half a minute, and more beside other tests.
  }, 180_000);

  test('is who issues codes and passkeys', async () => {
    const { id } = await anAccount(dossier);
    const cookie = await logIn(dossier, id);
    const begun = await send(dossier, '/account/passkeys/new', { current: PASSWORD }, { cookie });
    const given = begun.html.querySelector('form[data-ceremony=create]')?.getAttribute('data-given') ?? '{}';
    expect(JSON.parse(given)).toMatchObject({ rp: { name: 'The Basin' } });
    const second = { cookie: cookiesOf(begun) || cookie };
    const setUp = await send(dossier, '/account/second-factor/start', { current: PASSWORD }, second);
    const address = setUp.html.querySelector('a[href^="otpauth:"]')?.getAttribute('href') ?? setUp.text;
    expect(decodeURIComponent(address)).toContain('otpauth://totp/The Basin:');
  });

  test('writes letters in its name, from its address, with the postal one', async () => {
    const recipient = 'reader@example.org';
    const data = { token: 'A'.repeat(43) };
    await dossier.wall.write(accountsViewer, (db) =>
      writeLetter(db, { key: 'a letter', kind: 'verify-email', lang: 'es', recipient, accountId: null, data }),
    );
    await until(() => server.received.length > 0);
    const letter = server.received[0]!;
    const head = letter.raw.slice(0, letter.raw.indexOf('\r\n\r\n'));
    expect(letter.from).toContain('<desk@basin.example>');
    expect(head).toMatch(/^From: La Cuenca <desk@basin\.example>\r$/m);
    expect(head).toMatch(/^Reply-To: people@basin\.example\r$/m);
    expect(head).toMatch(/^Message-ID: <[0-9a-f-]{36}@basin\.example>\r$/m);
    const text = textOf(letter);
    expect(text).toContain('La Cuenca');
    expect(text).toContain('Pier 4');
    expect(letter.raw + text).not.toMatch(/dossier/i);
  });
});

test('no phrase and no template says the name of the software', () => {
  const files = readdirSync(path.join(root, 'views'), { recursive: true, encoding: 'utf8' }).filter((one) =>
    /\.(?:json|ejs)$/.test(one),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((one) => /Dossier/i.test(readFileSync(path.join(root, 'views', one), 'utf8')))).toEqual([]);
});
