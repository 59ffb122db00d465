import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { unsubscribeToken } from '../../src/issues/unsubscribe-token';
import { enterAll, type Member, type Name } from '../support/cast';
import { anAccount, send } from '../support/door';
import { SESSION_SECRET, type Dossier } from '../support/dossier';
import { startMailServer, type MailServer } from '../support/mail-server';
import { visit } from '../support/page';
import { setSetting } from '../support/set-setting';
import { until } from '../support/until';
import { partOf, startIssues, subscribers, to } from './support';

let server: MailServer;
let dossier: Dossier;
let cast: Record<Name, Member>;
let briefingId: string;

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startIssues(server);
  cast = await enterAll(dossier);
  briefingId = await dossier.wall.read(editorialViewer, async (db) => {
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' }, select: { id: true } });
    return id;
  });
});
afterAll(async () => {
  await dossier?.stop();
  await server?.stop();
});

const cookieOf = ({ headers }: Member) => ({ cookie: headers['Cookie']! });
const choiceOf = (accountId: string) =>
  dossier.wall.read(accountsViewer, (db) => db.listChoice.findUnique({ where: { accountId } }));
const choose = (member: Member, list: string, more: readonly [string, string][] = []) =>
  send(
    dossier,
    '/account/letters',
    new URLSearchParams([['list', list], ['lang', 'es'], ...more]).toString(),
    cookieOf(member),
  );

test('nobody gets letters before they choose them; what they choose is kept, exported, and goes with the account', async () => {
  const section = await visit(`${dossier.url}/account/letters`, { headers: cast.circle.headers });
  const ticked = section.html.querySelectorAll('input[checked]').map((one) => one.getAttribute('value'));
  expect([section.status, ticked, await choiceOf(cast.circle.id!)]).toEqual([200, ['none'], null]);
  const saved = await choose(cast.circle, 'weekly', [['categories', 'cloud-service']]);
  expect([saved.status, saved.headers.get('location')]).toEqual([303, '/account/letters?done=letters-chosen']);
  expect(await choiceOf(cast.circle.id!)).toMatchObject({ list: 'weekly', lang: 'es', categories: ['cloud-service'] });
  const exported = await send(dossier, '/account/export', {}, cookieOf(cast.circle));
  expect(JSON.parse(exported.text)).toMatchObject({ lettersToMany: { chosen: { list: 'weekly' }, sent: [] } });
  expect((await choose(cast.circle, 'hourly')).status).toBe(400);
  await choose(cast.circle, 'none');
  expect(await choiceOf(cast.circle.id!)).toBeNull();

  const [gone] = await subscribers(dossier, 1);
  await dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { email: gone!.email } }));
  const rows = await dossier.wall.read(accountsViewer, (db) => db.listChoice.count());
  expect(rows).toBe(0);
});

describe('leaving', () => {
  const join = async () => {
    const { id } = await anAccount(dossier, { verifiedAt: new Date() });
    await dossier.wall.write(accountsViewer, (db) =>
      db.listChoice.create({ data: { accountId: id, list: 'each', lang: 'en', chosenAt: new Date() } }),
    );
    return { id, token: unsubscribeToken(id, [SESSION_SECRET]) };
  };
  const oneClick = (token: string) =>
    fetch(`${dossier.url}/letters/one-click?token=${token}`, {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      redirect: 'manual',
    });

  test('a program that only opens the link leaves nothing; the button on its page does', async () => {
    const { id, token } = await join();
    const opened = await visit(`${dossier.url}/letters/one-click?token=${token}`);
    expect([opened.status, opened.headers.get('location')]).toEqual([302, `/letters/leave?token=${token}`]);
    const page = await visit(`${dossier.url}/letters/leave?token=${token}`);
    expect([page.status, page.headers.get('referrer-policy'), page.headers.get('cache-control')]).toEqual([
      200,
      'no-referrer',
      'private, no-store',
    ]);
    expect(await choiceOf(id)).not.toBeNull();
    expect((await send(dossier, '/letters/leave', { token })).status).toBe(303);
    expect(await choiceOf(id)).toBeNull();
  });

  test('a mail program leaves at one click, from wherever it runs', async () => {
    const { id, token } = await join();
    expect([(await oneClick(token)).status, await choiceOf(id)]).toEqual([200, null]);
    expect((await oneClick(token)).status).toBe(200);
  });

  test.each([
    ['of nobody', 'A'.repeat(64)],
    ['empty', ''],
  ])('a token that is %s leaves nothing', async (_what, token) => {
    const { id } = await join();
    expect([(await oneClick(token)).status, (await send(dossier, '/letters/leave', { token })).status]).toEqual([
      404, 404,
    ]);
    const forged = unsubscribeToken(id, ["somebody else's secret"]);
    expect((await oneClick(forged)).status).toBe(404);
    expect((await visit(`${dossier.url}/letters/leave?token=${forged}`)).status).toBe(404);
    expect(await choiceOf(id)).not.toBeNull();
  });
});

describe('the desk', () => {
  const at = () => `/desk/briefings/${briefingId}/issue`;
  const fields = (more: Readonly<Record<string, string>>) => ({
    submission: crypto.randomUUID(),
    lists: 'each',
    tiers: 'public',
    ...more,
  });

  test('says to how many before anything goes, and what is wrong beside its field', async () => {
    const page = await visit(`${dossier.url}${at()}`, { headers: cast.editor.headers });
    expect(page.html.querySelector('input[name="subject.es"]')!.getAttribute('value')).toBe('Una señal en español');
    expect(page.html.querySelector('input[name="preheader.en"]')!.getAttribute('value')).toBe('A summary in English.');
    await subscribers(dossier, 6);
    const asked = await send(dossier, at(), fields({ do: 'see', 'subject.en': 'Kept' }), cookieOf(cast.editor));
    expect([asked.status, asked.text.includes('It goes to 2 people.')]).toEqual([200, true]);
    expect(asked.html.querySelector('input[name="subject.en"]')!.getAttribute('value')).toBe('Kept');
    const wrong = await send(
      dossier,
      at(),
      { ...fields({ do: 'see', when: '2001-01-01T10:00' }), tiers: '' },
      cookieOf(cast.editor),
    );
    expect([wrong.status, wrong.html.querySelector('#when-error') !== null]).toEqual([422, true]);
    expect(await dossier.wall.read(accountsViewer, (db) => db.issue.count())).toBe(0);
  });

  test.each([
    ['public', []],
    ['strategy-circle', ['GATED trend']],
    ['leadership-alliance', ['GATED trend', 'GATED evidence']],
  ])('shows the letter as %s gets it, as HTML and as text, and sends it to oneself', async (tier, words) => {
    for (const part of ['html', 'text']) {
      const path = `${dossier.url}${at()}/preview?as=${tier}&lang=en&part=${part}`;
      const { status, text } = await visit(path, { headers: cast.editor.headers });
      expect(status).toBe(200);
      for (const word of ['GATED trend', 'GATED evidence'])
        expect([part, word, text.includes(word)]).toEqual([part, word, words.includes(word)]);
    }
    const before = to(server, cast.editor.email!).length;
    const tested = await send(dossier, at(), fields({ do: 'test', as: tier, lang: 'en' }), cookieOf(cast.editor));
    expect(tested.status).toBe(303);
    await until(() => to(server, cast.editor.email!).length === before + 1);
    expect(partOf(to(server, cast.editor.email!).at(-1)!, 'html').includes('GATED evidence')).toBe(
      words.includes('GATED evidence'),
    );
  });

  test('a digest brings what is new to whoever chose it, in the morning of the publication, once', async () => {
    const all = await subscribers(dossier, 3, 'daily');
    // Where it is past eight now; the names of these zones count backwards.
    const east = 8 - new Date().getUTCHours();
    const zone = `Etc/GMT${east <= -12 ? -(east + 24) : east < 0 ? `+${-east}` : -east}`;
    const published = new Date(Date.now() - 4 * 3_600_000);
    await dossier.wall.write(editorialViewer, (db) =>
      db.briefing.update({ where: { id: briefingId }, data: { publishedAt: published }, select: { id: true } }),
    );
    await setSetting(dossier, 'time', { zone });
    const strike = () => dossier.stores.pool.query(`SELECT graphile_worker.add_job('send-digest', '{"list":"daily"}')`);
    await strike();
    await until(() => all.every(({ email }) => to(server, email).length === 1), 20_000);
    expect(to(server, all[0]!.email)[0]!.raw).toMatch(/^List-ID: <daily\.letters\./m);
    const [issue] = await dossier.wall.read(accountsViewer, (db) => db.issue.findMany({ where: { digest: 'daily' } }));
    await until(
      async () =>
        (await dossier.wall.read(accountsViewer, (db) => db.issue.findUnique({ where: { id: issue!.id } })))!.state ===
        'sent',
    );
    await strike();
    await until(
      async () =>
        (await dossier.stores.pool.query(`SELECT FROM graphile_worker.jobs WHERE task_identifier LIKE 'send-%'`))
          .rowCount === 0,
    );
    expect(all.map(({ email }) => to(server, email).length)).toEqual([1, 1, 1]);
  });
});
