import { Client } from 'pg';
import { adminViewer, editorialViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enter, type Member } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { setSetting } from '../support/set-setting';

// What pages ask of Postgres, with nothing set and with everything a publisher sets: a page costs no query more for it.

let dossier: Dossier;
let readers: Readonly<Record<string, Pick<Member, 'headers'>>>;
beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  readers = {
    visitor: { headers: {} },
    circle: await enter(dossier, 'circle'),
    alliance: await enter(dossier, 'alliance'),
  };
});
afterAll(() => dossier.stop());

const PAGES = ['/', '/briefings/a-signal', '/es/briefings/a-signal', '/categories/cloud-service', '/pricing'];

/** What is sent to Postgres while something is done, but for the heartbeat that changes are heard by. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    const sent = (spy.mock.calls as unknown[][]).map(([asked]) =>
      typeof asked === 'string' ? asked : (asked as { readonly text: string }).text,
    );
    return sent.filter((text) => !text.startsWith('NOTIFY '));
  } finally {
    spy.mockRestore();
  }
}

async function see(path: string, reader: string, status = 200): Promise<string> {
  const page = await visit(`${dossier.url}${path}`, { headers: readers[reader]!.headers });
  expect([path, reader, page.status]).toEqual([path, reader, status]);
  return page.text;
}

/** How much a page takes to be made, after a change of what is on pages, with what all of them need known again. */
async function coldCost(path: string, reader: string): Promise<number> {
  await dossier.wall.write(editorialViewer, (db) =>
    db.briefing.update({ where: { slug: 'a-signal' }, data: { impact: 'high' }, select: { id: true } }),
  );
  await see('/nowhere', reader, 404);
  return (await statementsOf(() => see(path, reader))).length;
}

/** The least of a few tries: after each change this process looks when something opens next, beside all pages. */
async function leastCost(path: string, reader: string, enough: number): Promise<number> {
  let least = Infinity;
  for (let tries = 0; tries < 5 && least > enough; tries++) least = Math.min(least, await coldCost(path, reader));
  return least;
}

/** What a page that is kept asks. What is asked beside all pages, after a change, is not its own. */
async function warmStatements(path: string, reader: string): Promise<string[]> {
  let sent: string[] = [];
  for (let tries = 0; tries < 5; tries++) {
    sent = await statementsOf(() => see(path, reader));
    if (sent.length === 0) break;
  }
  return sent;
}

async function setEverything(): Promise<void> {
  await setSetting(dossier, 'identity', {
    name: { en: 'Basel Biotech', es: 'Basilea' },
    tagline: { en: 'What grows' },
  });
  await setSetting(dossier, 'looks', { accent: '#7a2f8f', tiers: { 'strategy-circle': '#0a7a55' }, typefaces: 'plex' });
  const ways = [
    { href: '/categories/cloud-service', label: { en: 'Clouds' } },
    { href: '/pricing', label: { en: 'Prices', es: 'Precios' } },
  ];
  await setSetting(dossier, 'navigation', {
    ...{ main: ways, social: [{ href: 'https://social.example/us', label: { en: 'Social' } }] },
    announcement: { en: 'We have moved' },
  });
  await setSetting(dossier, 'time', { zone: 'Europe/Zurich', dates: 'long' });
  const on = (code: string, dir: 'ltr' | 'rtl' = 'ltr') => ({ code, dir, on: true });
  await setSetting(dossier, 'languages', { list: [on('en'), on('es'), on('he', 'rtl'), on('de')] });
  await dossier.wall.write(adminViewer, (db) =>
    db.phrase.create({ data: { lang: 'en', key: 'nav.join', value: 'Come in', changedAt: new Date() } }),
  );
}

test('a warm page asks nothing, and a cold one no more than before, whatever a publisher has set', async () => {
  const asked = Object.keys(readers).flatMap((reader) => PAGES.map((path) => [path, reader] as const));
  const before = new Map<string, number>();
  for (const [path, reader] of asked) before.set(`${path} ${reader}`, await coldCost(path, reader));
  await setEverything();
  for (const [path, reader] of asked) {
    const most = before.get(`${path} ${reader}`)!;
    const cost = await leastCost(path, reader, most);
    expect([path, reader, cost > 0 && cost <= most, cost, most]).toEqual([path, reader, true, cost, most]);
    expect(await see(path, reader)).toMatch(/Basel Biotech|Basilea/);
    expect([path, reader, await warmStatements(path, reader)]).toEqual([path, reader, []]);
  }
});
