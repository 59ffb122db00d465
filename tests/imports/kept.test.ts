import { accountsViewer } from '../../src/access/viewer';
import { expireImports } from '../../src/imports/expire';
import { somebody, type Somebody } from '../admin/support';
import { enterAll, type Member, type Name } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { see } from './support';

let dossier: Dossier;
let admin: Somebody;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  cast = await enterAll(dossier);
  admin = await somebody(dossier, 'admin');
});
afterAll(() => dossier.stop());

test('labels are seen, asked for, and taken along by staff and by whom they are about', async () => {
  expect((await see(dossier, admin.cookie, '/admin/members')).html.querySelector('#label')).toBeNull();
  const accountId = cast.circle.id!;
  await dossier.wall.write(accountsViewer, (db) =>
    db.accountLabel.createMany({
      data: [
        { accountId, label: 'founder' },
        { accountId: cast.alliance.id!, label: 'vip' },
      ],
    }),
  );
  const { email } = await dossier.wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: accountId } }),
  );
  const names = async (query: string) =>
    (await see(dossier, admin.cookie, `/admin/members?${query}`)).html
      .querySelectorAll('tbody tr')
      .filter(({ text }) => text.includes('@'))
      .map(({ text }) => text.includes(email));
  expect(await names('label=founder')).toEqual([true]);
  expect(await names('label=nobodys')).toEqual([]);
  const form = (await see(dossier, admin.cookie, '/admin/members?label=founder')).html.querySelector('#label')!;
  expect(form.querySelectorAll('option').map((one) => one.getAttribute('value'))).toEqual(['', 'founder', 'vip']);
  expect((await see(dossier, admin.cookie, '/admin/members?label=a%00b')).status).toBe(400);
  expect((await see(dossier, admin.cookie, `/admin/members/${accountId}`)).text).toContain('founder');
  const table = await send(dossier, '/admin/members/export', { label: 'founder' }, { cookie: admin.cookie });
  expect(table.text.trimEnd().split('\r\n').slice(1)).toEqual([expect.stringMatching(/,founder$/)]);
  expect((await visit(`${dossier.url}/admin/members?label=founder`, { headers: cast.circle.headers })).status).not.toBe(
    200,
  );
});

test('what was brought in is forgotten ninety days after, as its page says, and what it has made stays', async () => {
  const now = dossier.clock.now().getTime();
  const ago = (days: number) => new Date(now - days * 86_400_000);
  const make = (state: string, finishedAt: Date | null, createdAt: Date) =>
    dossier.wall.write(accountsViewer, async (db) => {
      const it = { name: `${state}.csv`, state, createdAt, finishedAt, rows: 6_000, header: ['email'] };
      const { id } = await db.import.create({ data: it, select: { id: true } });
      const rows = [1, 2, 5_500].map((number) => ({ importId: id, number, line: number, cells: ['x'] }));
      await db.importRow.createMany({ data: rows });
      return id;
    });
  const over = [await make('done', ago(91), ago(200)), await make('read', null, ago(91))];
  const stays = [await make('done', ago(89), ago(200)), await make('running', null, ago(91))];
  const day = new Date(now + 86_400_000).getUTCDate();
  const page = await see(dossier, admin.cookie, `/admin/import/${stays[0]}`);
  expect(page.html.querySelector('dl.known')!.text).toMatch(new RegExp(`deleted on\\s*\\w+ ${day},`));
  expect(await expireImports({ wall: dossier.wall, clock: dossier.clock })).toBe(2);
  const left = await dossier.wall.read(accountsViewer, async (db) => ({
    imports: (await db.import.findMany({ select: { id: true } })).map(({ id }) => id),
    rows: await db.importRow.count({ where: { importId: { in: over } } }),
  }));
  expect([left.imports.sort(), left.rows]).toEqual([[...stays].sort(), 0]);
});
