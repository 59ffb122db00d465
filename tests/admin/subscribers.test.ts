import { accountsViewer } from '../../src/access/viewer';
import { enter, type Member } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

let dossier: Dossier;
let admin: Member;
let support: Member;

beforeAll(async () => {
  dossier = await startDossier();
  [admin, support] = [await enter(dossier, 'admin'), await enter(dossier, 'support')];
  await dossier.wall.write(accountsViewer, (db) =>
    db.subscriber.createMany({
      data: Array.from({ length: 53 }, (_none, at) => ({
        email: at === 0 ? '=1+1@example.org' : `sub-${at}@example.org`,
        list: at % 2 === 0 ? 'each' : 'daily',
        lang: 'en',
        categories: at === 1 ? ['cloud-service'] : [],
        confirmedAt: new Date(Date.UTC(2026, 0, 1, 0, at)),
        mailRefusedAt: at === 52 ? new Date() : null,
      })),
    }),
  );
});
afterAll(() => dossier.stop());

const section = (path: string, who = admin) => visit(`${dossier.url}${path}`, { headers: who.headers });
const emails = ({ html }: Awaited<ReturnType<typeof section>>) =>
  html.querySelectorAll('tbody .dense-name').map(({ text }) => text);
const rowOf = (email: string) =>
  dossier.wall.read(accountsViewer, (db) => db.subscriber.findUnique({ where: { email } }));

test('the newest come first, page by page, found by a part of the address or by list', async () => {
  const first = await section('/admin/subscribers', support);
  expect([emails(first).length, emails(first)[0], first.text.includes('53 subscribers')]).toEqual([
    50,
    'sub-52@example.org',
    true,
  ]);
  expect(first.html.querySelectorAll('tbody .chip-warning')).toHaveLength(1);
  expect(emails(await section('/admin/subscribers?page=2'))).toEqual([
    'sub-2@example.org',
    'sub-1@example.org',
    '=1+1@example.org',
  ]);
  expect(emails(await section('/admin/subscribers?q=SUB-11%40&list='))).toEqual(['sub-11@example.org']);
  expect(emails(await section('/admin/subscribers?q=sub-5&list=daily'))).toEqual([
    'sub-51@example.org',
    'sub-5@example.org',
  ]);
  expect((await section('/admin/subscribers?q=%25')).text).toContain('Nobody of this kind');
});

test('support sees the list and removes nobody', async () => {
  const page = await section('/admin/subscribers', support);
  expect([page.text.includes('/remove'), page.text.includes('/export')]).toEqual([false, false]);
});

test('the table has all of them and is noted', async () => {
  const table = await send(
    dossier,
    '/admin/subscribers/export',
    { list: 'each' },
    { cookie: admin.headers['Cookie']! },
  );
  const lines = table.text.trim().split('\r\n');
  expect([table.status, lines.length]).toEqual([200, 28]);
  expect(lines.at(-1)).toContain("'=1+1@example.org");
  const entries = await dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({ where: { action: 'subscribers-exported' } }),
  );
  expect(entries.map(({ after }) => after)).toEqual([{ list: 'each' }]);
});

test('removing asks first, is done once, and leaves the address nowhere', async () => {
  const email = 'sub-7@example.org';
  await send(dossier, '/subscribe', { email, list: 'each', lang: 'en' });
  const { id } = (await rowOf(email))!;
  const asked = await section(`/admin/subscribers/${id}/remove`);
  expect([asked.status, await rowOf(email)]).toMatchObject([200, { email }]);
  const fields = Object.fromEntries(
    asked.html
      .querySelectorAll('form.section-form input[type="hidden"]')
      .map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]),
  );
  const remove = () =>
    send(
      dossier,
      `/admin/subscribers/${id}/remove`,
      { ...fields, remark: 'asked by mail' },
      { cookie: admin.headers['Cookie']! },
    );
  expect((await remove()).headers.get('location')).toBe('/admin/subscribers?done=subscriber-removed');
  expect((await remove()).status).toBe(303);
  const left = await dossier.wall.read(accountsViewer, async (db) => [
    await db.subscriber.count({ where: { email } }),
    await db.pendingSubscription.count({ where: { email } }),
    await db.letter.count({ where: { recipient: email } }),
    await db.auditEntry.count({ where: { target: { contains: email } } }),
    await db.auditEntry.count({ where: { action: 'subscriber-removed' } }),
  ]);
  expect(left).toEqual([0, 0, 0, 0, 1]);
});
