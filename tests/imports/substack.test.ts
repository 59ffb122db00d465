import { strToU8, zipSync } from 'fflate';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { accountsViewer } from '../../src/access/viewer';
import { somebody, type Somebody } from '../admin/support';
import { original } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { ran } from '../support/command';
import { SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { act, CANARY, check, CHOSEN, idIn, see, stateOf, upload } from './support';

const WALL = '<div class="paywall-jump" data-component-name="PaywallToDOM"></div>';

const TABLE = `post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle
11.first-letter,2024-03-01T09:00:00.000Z,true,,newsletter,everyone,First letter,What it is about
12.for-payers,2024-03-02T09:00:00.000Z,true,,newsletter,only_paid,"For payers, at last",
13.for-members,2024-03-03T09:00:00.000Z,true,,newsletter,only_free,For members,
14.for-founders,2024-03-04T09:00:00.000Z,true,,newsletter,founding,For founders,
15.not-yet,,false,,newsletter,only_paid,Not yet,
16.about,2024-03-05T09:00:00.000Z,true,,page,everyone,About,
17.without-its-file,2024-03-06T09:00:00.000Z,true,,newsletter,only_paid,Without its file,
`;
const HTML: Readonly<Record<string, string>> = {
  '11.first-letter': `<p>Open 11</p>${WALL}<p>Open too</p><div class="youtube-wrap"><iframe src="x"></iframe></div>`,
  '12.for-payers': `<p>Open 12</p>${WALL}<p>${CANARY} paid</p>`,
  '13.for-members': `<p>${CANARY} members</p>`,
  '14.for-founders': `<p>${CANARY} founders</p><div class="paywall-jump"><p>another spelling</p></div>`,
  '15.not-yet': `<p>${CANARY} draft</p>`,
  '16.about': '<p>A page</p>',
};
const zip = (table: string): Uint8Array =>
  zipSync({
    'export/posts.csv': strToU8(table),
    'export/posts/11.first-letter.opens.csv': strToU8('post_id,email\n11,reader@example.org\n'),
    ...Object.fromEntries(Object.entries(HTML).map(([name, html]) => [`export/posts/${name}.html`, strToU8(html)])),
  });

let dossier: Dossier;
let admin: Somebody;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  cast = await enterAll(dossier);
  admin = await somebody(dossier, 'admin');
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(() => dossier.stop());

const at = (path: string, name: Name = 'visitor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });

test('a zip that is none, or holds no posts, is refused, and its words are in no answer and no log', async () => {
  const cut = zip(TABLE).slice(0, 400);
  for (const [file, why] of [
    [cut, 'This zip cannot be read'],
    [zipSync({ 'other.txt': strToU8(CANARY) }), 'There are no posts'],
    [zip(`post_id,title\n"${CANARY}`), 'There are no posts'],
  ] as const) {
    const answer = await upload(dossier, admin.cookie, file, 'substack.zip');
    expect([answer.status, said(answer, '#file-error')]).toEqual([422, expect.stringContaining(why)]);
    expect(answer.text).not.toContain(CANARY);
  }
  expect(JSON.stringify(dossier.logged)).not.toContain(CANARY);
});

test("Substack's posts become briefings: what stood behind the paywall is gated, and their addresses lead on", async () => {
  const id = idIn(await upload(dossier, admin.cookie, zip(TABLE), 'substack.zip'));
  expect((await see(dossier, admin.cookie, `/admin/import/${id}`)).text).toContain('Substack');
  const checked = await check(dossier, admin.cookie, id, CHOSEN);
  expect(checked.text).not.toContain(CANARY);
  const rows = await dossier.wall.read(accountsViewer, (db) =>
    db.importRow.findMany({ where: { importId: id }, orderBy: { number: 'asc' } }),
  );
  expect(rows.map(({ outcome, notes }) => [outcome, ...notes])).toEqual([
    ['add', 'post-dropped:iframe × 1'],
    ['add', 'post-paid'],
    ['add', 'post-members'],
    ['add', 'post-paid'],
    ['add', 'post-paid'],
    ['add', 'page-draft:/about'],
    ['refuse', 'post-empty'],
  ]);
  await act(dossier, admin.cookie, id, 'run');
  await stateOf(dossier, id, 'done');
  const first = await at('/briefings/first-letter');
  expect([first.text.includes('Open 11'), first.text.includes('Open too')]).toEqual([true, true]);
  expect((await at('/briefings/for-payers')).text).toContain('Open 12');
  for (const slug of ['for-payers', 'for-members', 'for-founders'])
    for (const name of ['visitor', 'circle', 'alliance'] as const) {
      const reads = (await at(`/briefings/${slug}`, name)).text.includes(CANARY);
      const may = name === 'alliance' || (name === 'circle' && slug === 'for-members');
      expect([slug, name, reads]).toEqual([slug, name, may]);
    }
  expect((await at('/briefings/not-yet')).status).toBe(404);
  const led = await at('/p/for-payers');
  expect([led.status, led.headers.get('location')]).toEqual([301, '/briefings/for-payers']);
  expect([(await at('/p/not-yet')).status, (await at('/p/nobodys')).status]).toEqual([404, 404]);
});

describe('npm run import', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-import-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const bringIn = (what: string, name: string, content: string | Uint8Array | null) => {
    const file = path.join(folder, name);
    if (content !== null) writeFileSync(file, content);
    return ran('import', [what, file], {
      ...{ PATH: process.env['PATH'], HOME: folder, PORT: '0', DATA_DIR: path.join(folder, 'data') },
      ...{ DATABASE_URL: dossier.urls.app, DATABASE_OWNER_URL: dossier.urls.owner, SESSION_SECRET },
    });
  };

  test('takes a file in, which is checked where its address says', async () => {
    const { code, out } = await bringIn('substack', 'again.zip', zip(TABLE));
    expect([code, out]).toEqual([0, expect.stringContaining('Taken in: 7 posts.')]);
    const id = /\/admin\/import\/(\S+)/.exec(out)![1]!;
    await check(dossier, admin.cookie, id, CHOSEN);
    const [first] = await dossier.wall.read(accountsViewer, (db) =>
      db.importRow.findMany({ where: { importId: id }, orderBy: { number: 'asc' } }),
    );
    // It was sealed with the secret of the site, which opens it and knows the post.
    expect(first?.notes).toEqual(['post-path-taken:/p/first-letter']);
    const members = await bringIn('members', 'members.csv', 'email,name\nada@example.org,Ada\n');
    expect([members.code, members.out]).toEqual([0, expect.stringContaining('Taken in: 1 rows.')]);
  });

  test.each([
    ['ghost', 'none.json', null, 'There is no file'],
    ['ghost', 'broken.json', `{"db": ${CANARY}`, 'This is no JSON'],
    ['substack', 'broken.zip', zip(TABLE).slice(0, 400), 'This is no zip'],
    ['members', 'empty.csv', '', 'There is no row'],
    ['members', 'open.csv', `email\n"${CANARY}`, 'do not end'],
    ['wordpress', 'x', 'x', 'npm run import -- substack'],
  ] as const)('refuses %s %s in a sentence', async (what, name, content, why) => {
    const { code, err } = await bringIn(what, name, content);
    expect([code, err]).toEqual([1, expect.stringContaining(why)]);
    expect(err).not.toContain(CANARY);
  });
});
