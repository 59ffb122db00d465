import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { hashPassword } from '../../src/accounts/credentials/passwords';
import { somebody, type Somebody } from '../admin/support';
import { original } from '../support/briefing';
import { logIn } from '../support/cast';
import { PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
  await somebody(dossier, 'admin', { name: 'Ada Admin' });
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(() => dossier.stop());

async function anybody(role: 'editor' | 'support' | 'reader'): Promise<Somebody> {
  const { id, email } = await somebody(dossier, role, { name: 'Lea Leaver' });
  const passwordHash = await hashPassword(PASSWORD);
  await dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { passwordHash } }));
  return { id, email, cookie: await logIn(dossier, id) };
}

const briefing = () =>
  dossier.wall.read(editorialViewer, (db) => db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' } }));
const isThere = (id: string) =>
  dossier.wall.read(accountsViewer, async (db) => (await db.account.count({ where: { id } })) === 1);

test('whoever began briefings hands them on before they delete their own account', async () => {
  const [leaver, heir] = [await anybody('editor'), await somebody(dossier, 'editor', { name: 'Hedda Heir' })];
  const page = () => visit(`${dossier.url}/account/data`, { headers: { Cookie: leaver.cookie } });
  expect(said(await page(), '#heir-hint')).toBeNull();
  await dossier.wall.write(editorialViewer, (db) =>
    db.briefing.update({ where: { slug: 'a-signal' }, data: { authorId: leaver.id } }),
  );
  expect(said(await page(), '#heir-hint')).toBe('You began 1 published. All of it goes to this colleague.');
  const leave = (to: string) =>
    send(dossier, '/account/delete', { email: leaver.email, current: PASSWORD, heir: to }, { cookie: leaver.cookie });
  for (const nobody of ['', leaver.id, 'x']) {
    const answer = await leave(nobody);
    expect([answer.status, said(answer, '#heir-error')]).toEqual([422, 'Choose who takes over what you began.']);
  }
  expect([await isThere(leaver.id), (await briefing()).authorId]).toEqual([true, leaver.id]);
  expect((await leave(heir.id)).status).toBe(303);
  expect([await isThere(leaver.id), (await briefing()).authorId]).toEqual([false, heir.id]);
  const entries = await dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({
      where: { action: 'staff-left' },
      select: { actor: true, target: true, before: true, after: true },
    }),
  );
  const { email } = leaver;
  const after = { 'handed-on-to': heir.email, briefings: 1 };
  expect(entries).toEqual([{ actor: email, target: email, before: { role: 'editor' }, after }]);
});

test('whoever of the staff deletes their own account is in the log, whatever they began; a reader is not', async () => {
  const emails: string[] = [];
  for (const role of ['support', 'reader'] as const) {
    const { email, cookie } = await anybody(role);
    expect((await send(dossier, '/account/delete', { email, current: PASSWORD }, { cookie })).status).toBe(303);
    emails.push(email);
  }
  const entries = await dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({ where: { actor: { in: emails } }, select: { action: true, before: true, after: true } }),
  );
  expect(entries).toEqual([{ action: 'staff-left', before: { role: 'support' }, after: null }]);
});
