import { accountsViewer } from '../../src/access/viewer';
import { isLastAdmin } from '../../src/accounts/last-admin';
import { logIn } from '../support/cast';
import { asSuperuserIn } from '../support/stores/cluster';
import { anAccount, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo } from '../support/letters';
import { said, visit } from '../support/page';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1 });
});
afterAll(() => dossier.stop());
beforeEach(empty);

/** Nobody at all: as the owner of the database could, whom no trigger for rows holds then. */
async function empty(): Promise<void> {
  await asSuperuserIn(dossier.urls.superuser, (client) => client.query('TRUNCATE accounts CASCADE'));
}

async function anAdmin(more: Parameters<typeof anAccount>[1] = {}) {
  const account = await anAccount(dossier, more);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: account.id }, data: { role: 'admin' } }),
  );
  return account;
}
const deletes = async ({ id, email }: { readonly id: string; readonly email: string }, prefix = '') =>
  send(dossier, `${prefix}/account/delete`, { email, current: PASSWORD }, { cookie: await logIn(dossier, id) });
const admins = () =>
  dossier.wall.read(accountsViewer, (db) => db.account.count({ where: { role: 'admin', state: 'active' } }));
const change = (id: string, data: { readonly role?: 'editor'; readonly state?: 'suspended' }) =>
  dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data }));
/** How an act ends: done, or refused as the last admin's. */
const outcome = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error: unknown) => (isLastAdmin(error) ? 'the last admin' : String(error)),
  );

describe('deleting their own account', () => {
  test.each([
    ['', 'You are the only admin'],
    ['/es', 'Usted es la única persona que administra'],
  ])('the only admin is told in words why not, and nothing has happened (%s)', async (prefix, words) => {
    const admin = await anAdmin();
    const page = await deletes(admin, prefix);
    expect([page.status, said(page, '[role=alert]'), page.html.querySelector('#email')!.getAttribute('value')]).toEqual(
      [422, expect.stringContaining(words), admin.email],
    );
    expect([await admins(), await lettersTo(dossier, admin.email)]).toEqual([1, []]);
    expect(
      (await visit(`${dossier.url}/account`, { headers: { Cookie: await logIn(dossier, admin.id) } })).status,
    ).toBe(200);
  });

  test('one of two admins goes, and then the other cannot', async () => {
    const [one, other] = [await anAdmin(), await anAdmin()];
    expect((await deletes(one)).status).toBe(303);
    expect((await deletes(other)).status).toBe(422);
    expect(await admins()).toBe(1);
  });

  test('of two admins who go at once one stays, every time', async () => {
    for (let time = 0; time < 8; time++) {
      await empty();
      const both = [await anAdmin(), await anAdmin()];
      const statuses = (await Promise.all(both.map((admin) => deletes(admin)))).map(({ status }) => status).sort();
      expect([time, statuses, await admins()]).toEqual([time, [303, 422], 1]);
    }
  });

  test('anybody else goes, admin or none', async () => {
    await anAdmin();
    expect((await deletes(await anAccount(dossier))).status).toBe(303);
    await empty();
    expect((await deletes(await anAccount(dossier))).status).toBe(303);
  });
});

describe('whoever makes the change', () => {
  test.each([[{ role: 'editor' } as const], [{ state: 'suspended' } as const]])(
    'the last admin is not changed to %j, and one of two is',
    async (data) => {
      const [one, other] = [await anAdmin(), await anAdmin()];
      expect(await outcome(change(one.id, data))).toBe('done');
      expect(await outcome(change(other.id, data))).toBe('the last admin');
      expect(await admins()).toBe(1);
    },
  );

  test('two who demote each other at once leave one', async () => {
    for (let time = 0; time < 8; time++) {
      await empty();
      const both = [await anAdmin(), await anAdmin()];
      const ended = await Promise.all(
        both.map(({ id }, index) => outcome(change(id, index === 0 ? { role: 'editor' } : { state: 'suspended' }))),
      );
      expect([time, ended.sort(), await admins()]).toEqual([time, ['done', 'the last admin'], 1]);
    }
  });

  test('a suspended admin, and one whose address belongs to nobody, count for nothing', async () => {
    await anAdmin({ state: 'suspended' });
    const planted = await anAdmin({ email: 'leak-canary-x@canary.invalid' });
    const admin = await anAdmin();
    expect(await outcome(change(admin.id, { state: 'suspended' }))).toBe('the last admin');
    expect(
      await outcome(dossier.wall.write(accountsViewer, (db) => db.account.deleteMany({ where: { id: planted.id } }))),
    ).toBe('done');
    expect(await outcome(dossier.wall.write(accountsViewer, (db) => db.account.deleteMany()))).toBe('the last admin');
    expect(await admins()).toBe(1);
  });

  test("an admin's own name, address and password change as anybody's", async () => {
    const { id } = await anAdmin();
    expect(
      await outcome(
        dossier.wall.write(accountsViewer, (db) =>
          db.account.update({ where: { id }, data: { name: 'Other', email: 'other@example.org', passwordHash: null } }),
        ),
      ),
    ).toBe('done');
  });

  test('the role may be handed on in one transaction', async () => {
    const [one, other] = [await anAdmin(), await anAccount(dossier)];
    expect(
      await outcome(
        dossier.wall.write(accountsViewer, async (db) => {
          await db.account.update({ where: { id: other.id }, data: { role: 'admin' } });
          await db.account.update({ where: { id: one.id }, data: { role: 'reader' } });
        }),
      ),
    ).toBe('done');
  });
});
