import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { somebody, type Somebody } from '../admin/support';
import { original } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';
import { asSuperuserIn } from '../support/stores/cluster';
import { until } from '../support/until';
import { act, check, CHOSEN, idIn, stateOf, upload } from './support';

/** A process that dies between what a post becomes and the row that says so: taking back finds all of it. */
const POSTS = [
  { id: '1', title: 'Told 1', slug: 'told-1', type: 'post' },
  { id: '2', title: 'Told 2', slug: 'told-2', type: 'page' },
].map((one) => ({
  ...{ ...one, status: 'published', visibility: 'public', published_at: '2024-03-01 09:00:00', html: '<p>Body</p>' },
}));
const AUTHORS = [
  { id: 'c', name: 'Cleo Example', slug: 'cleo', bio: 'Writes.', website: 'https://example.org/cleo' },
  { id: 'd', name: 'Dora Example', slug: 'dora' },
];
const EXPORT = JSON.stringify({
  db: [
    {
      data: {
        ...{ posts: POSTS, users: AUTHORS },
        posts_authors: POSTS.map(({ id }, n) => ({ post_id: id, author_id: AUTHORS[n]!.id, sort_order: 0 })),
      },
    },
  ],
});

let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  admin = await somebody(dossier, 'admin');
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(() => dossier.stop());

/** Lets the transaction fail that notes in a row what was made of it: as if the process died before it. */
const cutBefore = (number: number) =>
  asSuperuserIn(dossier.urls.superuser, (db) =>
    db.query(`
      CREATE OR REPLACE FUNCTION public.cut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''cut''; END';
      CREATE TRIGGER cut BEFORE UPDATE ON import_rows FOR EACH ROW
        WHEN (NEW.outcome = 'added' AND NEW.number = ${number}) EXECUTE FUNCTION public.cut()`),
  );
const cutNoMore = () => asSuperuserIn(dossier.urls.superuser, (db) => db.query('DROP TRIGGER cut ON import_rows'));

const there = () =>
  dossier.wall.read(editorialViewer, async (db) => [
    ...(await db.briefing.findMany({ where: { slug: 'told-1' }, select: { slug: true } })),
    ...(await db.page.findMany({ where: { slug: 'told-2' }, select: { slug: true } })),
    ...(await db.author.findMany({ select: { slug: true }, orderBy: { slug: 'asc' } })),
  ]);
const slugs = async () => (await there()).map(({ slug }) => slug);

async function begin(): Promise<string> {
  const id = idIn(await upload(dossier, admin.cookie, EXPORT, 'ghost.json'));
  await check(dossier, admin.cookie, id, CHOSEN);
  return id;
}

async function takeBack(id: string): Promise<void> {
  await act(dossier, admin.cookie, id, 'take-back');
  await stateOf(dossier, id, 'taken-back');
  const rows = await dossier.wall.read(accountsViewer, (db) => db.importRow.findMany({ where: { importId: id } }));
  expect(rows.map(({ outcome }) => outcome).filter((one) => one !== 'add')).not.toContain('added');
  expect(await slugs()).toEqual([]);
}

test('it goes on, and is taken back when it is done', async () => {
  const id = await begin();
  await cutBefore(1);
  await act(dossier, admin.cookie, id, 'run');
  await until(async () => (await slugs()).includes('told-1'));
  await act(dossier, admin.cookie, id, 'stop');
  await cutNoMore();
  await cutBefore(2);
  await act(dossier, admin.cookie, id, 'resume');
  await until(async () => (await slugs()).includes('told-2'));
  await act(dossier, admin.cookie, id, 'stop');
  await cutNoMore();
  await act(dossier, admin.cookie, id, 'resume');
  await stateOf(dossier, id, 'done');
  expect(await slugs()).toEqual(['told-1', 'told-2', 'cleo', 'dora']);
  await takeBack(id);
});

test.each([
  [1, ['told-1', 'cleo']],
  [2, ['told-1', 'told-2', 'cleo', 'dora']],
])('it does not go on after row %i, and is taken back as it was left', async (number, left) => {
  const id = await begin();
  await cutBefore(number);
  await act(dossier, admin.cookie, id, 'run');
  await until(async () => (await slugs()).length === left.length);
  await act(dossier, admin.cookie, id, 'stop');
  await cutNoMore();
  expect(await slugs()).toEqual(left);
  await takeBack(id);
});

test('an author who was changed meanwhile stays', async () => {
  const id = await begin();
  await cutBefore(1);
  await act(dossier, admin.cookie, id, 'run');
  await until(async () => (await slugs()).includes('told-1'));
  await act(dossier, admin.cookie, id, 'stop');
  await cutNoMore();
  await dossier.wall.write(editorialViewer, (db) =>
    db.author.update({ where: { slug: 'cleo' }, data: { name: 'Cleo E. Example' }, select: { slug: true } }),
  );
  await act(dossier, admin.cookie, id, 'take-back');
  await stateOf(dossier, id, 'taken-back');
  expect(await slugs()).toEqual(['cleo']);
});
