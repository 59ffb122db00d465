import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { invitationState } from '../../src/access/invitations';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { hashOfToken } from '../../src/accounts/credentials/link-tokens';
import { listInvitations } from '../../src/admin/invitations/queries';
import { movingClock } from '../support/billing/moving-clock';
import { original } from '../support/briefing';
import { logIn, tokenFor } from '../support/cast';
import { anAccount, anyEmail, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo, tokenTo } from '../support/letters';
import { said, visit, type Page } from '../support/page';
import { setSetting } from '../support/set-setting';
import { until } from '../support/until';
import { act, entriesOf, fieldsOf, open, somebody, type Somebody } from './support';

const clock = movingClock();
let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1, clock });
  await dossier.take('a-signal', { 'en.md': original() });
  admin = await somebody(dossier, 'admin');
});
afterAll(() => dossier.stop());

const DAY = 86_400_000;
const STAFF = '/admin/staff';
const invite = async (email: string, role = 'editor', by = admin, fields: Record<string, string> = {}) =>
  send(
    dossier,
    `${STAFF}/invite`,
    { ...fieldsOf(await open(dossier, by, `${STAFF}/invite`)), email, role, lang: 'en', ...fields },
    { cookie: by.cookie },
  );
const invited = async (role = 'editor', by = admin) => {
  const email = anyEmail();
  expect((await invite(email, role, by)).status).toBe(303);
  return { email, token: await tokenTo(dossier, email, 'invitation') };
};
const get = (path: string, cookie?: string) =>
  visit(`${dossier.url}${path}`, cookie === undefined ? {} : { headers: { Cookie: cookie } });
const link = (token: string, cookie?: string) => get(`/invitation?token=${token}`, cookie);
const accept = (token: string, fields: Record<string, string> = {}, cookie?: string) =>
  send(dossier, '/invitation', { token, ...fields }, cookie === undefined ? {} : { cookie });
const anew = (token: string) => accept(token, { name: 'Nia New', 'new-password': PASSWORD });
const rowOf = (email: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.account.findUnique({ where: { email }, include: { logins: { where: { endedAt: null } }, passkeys: true } }),
  );
const idOf = async (email: string) =>
  (await dossier.wall.read(accountsViewer, (db) => db.invitation.findFirstOrThrow({ where: { email } }))).id;
const listed = async (state = '') => (await open(dossier, admin, `${STAFF}?state=${state}`)).text;
const errors = ({ html }: Page) => html.querySelectorAll('.field-error').map(({ text }) => text);
/** Sends an invitation again, or takes it back. */
async function press(email: string, name: 'resend' | 'revoke', by = admin): Promise<Page> {
  const at = `${STAFF}/invitations/${await idOf(email)}/${name}`;
  return send(dossier, at, fieldsOf(await open(dossier, by, at)), { cookie: by.cookie });
}
const setRole = (id: string, data: { role?: 'reader' | 'admin'; state?: 'active' | 'suspended' }) =>
  dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data, select: { id: true } }));

describe('an invitation', () => {
  test('leads through a password and a second factor to the desk, though nobody can join', async () => {
    await setSetting(dossier, 'joining', { mode: 'closed' });
    const { email, token } = await invited();
    const [letter] = await lettersTo(dossier, email);
    const shown = await get(`/dev/mail/${letter!.id}`);
    expect([letter!.accountId, said(shown, '.letter-text')]).toEqual([null, expect.stringContaining('as an editor')]);
    const page = await link(token);
    expect([page.status, page.headers.get('referrer-policy'), page.text.includes(email)]).toEqual([
      200,
      'no-referrer',
      true,
    ]);
    const wrong = await accept(token, { name: 'Nia New', 'new-password': 'short' });
    expect([wrong.status, errors(wrong).length, wrong.text.includes('value="Nia New"')]).toEqual([422, 1, true]);
    const done = await anew(token);
    expect([done.status, done.headers.get('location')]).toEqual([303, '/account/second-factor']);
    const cookie = cookiesOf(done);
    expect(await rowOf(email)).toMatchObject({ role: 'editor', name: 'Nia New', verifiedAt: expect.any(Date) });
    // The role is given and not in force: the desk shows the way to the second factor.
    expect((await get('/desk', cookie)).headers.get('location')).toBe('/account/second-factor');
    const asked = await send(dossier, '/account/second-factor/start', { current: PASSWORD }, { cookie });
    const secret = said(asked, '.secret code')!.replace(/\s/g, '');
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });
    const made = await send(dossier, '/account/second-factor/confirm', { code }, { cookie: cookiesOf(asked) });
    expect(made.html.querySelector('.section-do a')!.getAttribute('href')).toBe('/desk');
    expect((await get('/desk', cookiesOf(made))).status).toBe(200);
    const { id } = (await rowOf(email))!;
    expect((await entriesOf(dossier, { id })).map(({ action, actor }) => [action, actor])).toEqual([
      ['invitation-accepted', email],
    ]);
    // Once.
    expect([(await link(token)).status, (await anew(token)).status]).toEqual([410, 410]);
    expect(await listed('accepted')).toContain(email);
  });

  test('is refused beside the field for who works here, is suspended, invited, or oneself', async () => {
    const editor = await somebody(dossier, 'editor');
    const barred = await anAccount(dossier, { state: 'suspended' });
    const { email } = await invited();
    for (const [address, sentence] of [
      ['nobody', 'address'],
      [admin.email, 'your own address'],
      [editor.email, 'works here already'],
      [barred.email, 'suspended'],
      [email.toUpperCase(), 'invited already'],
    ] as const) {
      const answer = await invite(address);
      expect([answer.status, errors(answer).join()]).toEqual([422, expect.stringContaining(sentence)]);
      expect(answer.text).toContain(`value="${address}"`);
    }
    const nothing = await invite(anyEmail(), 'reader', admin, { lang: 'xx' });
    expect([nothing.status, errors(nothing).length]).toEqual([422, 2]);
    // The same form sent twice is one invitation.
    const once = { submission: randomUUID() };
    const another = anyEmail();
    expect([
      (await invite(another, 'admin', admin, once)).status,
      (await invite(another, 'admin', admin, once)).status,
    ]).toEqual([303, 303]);
    expect(await lettersTo(dossier, another)).toHaveLength(1);
  });

  test('taken back it is worth nothing; sent again the link before is, and it has another week', async () => {
    const { email, token } = await invited();
    const early = await open(dossier, admin, `${STAFF}/invitations/${await idOf(email)}/resend`);
    expect(early.text).toContain('less than a minute ago');
    clock.move(6 * DAY);
    admin = { ...admin, cookie: await logIn(dossier, admin.id, clock.now().getTime()) };
    expect((await press(email, 'resend')).headers.get('location')).toBe(`${STAFF}?done=invitation-resent`);
    const second = await tokenTo(dossier, email, 'invitation', 2);
    clock.move(2 * DAY);
    expect([(await link(token)).status, (await link(second)).status]).toEqual([410, 200]);
    const at = `${STAFF}/invitations/${await idOf(email)}/revoke`;
    const form = fieldsOf(await open(dossier, admin, at));
    expect((await send(dossier, at, form, { cookie: admin.cookie })).status).toBe(303);
    expect([(await link(second)).status, (await anew(second)).status, await rowOf(email)]).toEqual([410, 410, null]);
    // Pressed twice it is done once; and what is over is not sent again.
    expect((await send(dossier, at, form, { cookie: admin.cookie })).status).toBe(303);
    expect((await press(email, 'resend')).status).toBe(400);
    expect(await listed('revoked')).toContain(email);
    expect((await invite(email)).status).toBe(303);
  });

  test('runs out after a week, and another replaces it', async () => {
    const { email, token } = await invited();
    clock.move(7 * DAY);
    admin = { ...admin, cookie: await logIn(dossier, admin.id, clock.now().getTime()) };
    expect([(await link(token)).status, (await anew(token)).status]).toEqual([410, 410]);
    expect(await listed('expired')).toContain(email);
    expect((await invite(email)).status).toBe(303);
    expect((await link(await tokenTo(dossier, email, 'invitation', 2))).status).toBe(200);
  });

  test.each([
    ['lost the role', (id: string) => setRole(id, { role: 'reader' })],
    ['is suspended', (id: string) => setRole(id, { state: 'suspended' })],
    [
      'has no second factor',
      (id: string) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.account.update({ where: { id }, data: { totpConfirmedAt: null }, select: { id: true } }),
        ),
    ],
    ['is gone', (id: string) => dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id } }))],
  ])('gives nothing while whoever made it %s', async (_what, lose) => {
    const inviter = await somebody(dossier, 'admin');
    const { email, token } = await invited('admin', inviter);
    expect((await link(token)).status).toBe(200);
    await lose(inviter.id);
    expect([(await link(token)).status, (await anew(token)).status, await rowOf(email)]).toEqual([410, 410, null]);
    expect(await listed('void')).toContain(email);
    // Sent again by somebody who may, it is theirs.
    clock.move(2 * 60_000);
    expect((await press(email, 'resend')).status).toBe(303);
    expect((await link(await tokenTo(dossier, email, 'invitation', 2))).status).toBe(200);
  });

  test('lists agree with the rule', async () => {
    const inviter = await somebody(dossier, 'admin');
    await invited('support', inviter);
    await setRole(inviter.id, { role: 'reader' });
    const now = clock.now();
    const read = (state?: Parameters<typeof listInvitations>[1]['state']) =>
      dossier.wall.read(accountsViewer, (db) => listInvitations(db, { state, skip: 0, take: 1_000, now }));
    const all = await read();
    for (const state of ['waiting', 'accepted', 'expired', 'revoked', 'void'] as const) {
      const found = (await read(state)).map(({ id }) => id);
      expect([state, found]).toEqual([state, all.filter((one) => one.state === state).map(({ id }) => id)]);
      expect(found.length).toBeGreaterThan(0);
    }
    const facts = { expiresAt: now, acceptedAt: null, revokedAt: null };
    expect(invitationState({ ...facts, inviter: null }, now)).toBe('void');
  });
});

describe('an invitation to somebody with an account', () => {
  const inviteAccount = async (email: string, role = 'support') => {
    expect((await invite(email, role)).status).toBe(303);
    return tokenTo(dossier, email, 'invitation');
  };

  test('whose address was never confirmed: whoever has the mailbox takes it, and what was there ends', async () => {
    const { id, email } = await anAccount(dossier);
    await dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { verifiedAt: null } }));
    const squatter = await logIn(dossier, id, clock.now().getTime());
    const token = await inviteAccount(email);
    const another = 'another harbour at five';
    const done = await accept(token, { 'new-password': another }, squatter);
    expect([done.status, done.headers.get('location')]).toEqual([303, '/account/second-factor']);
    expect((await get('/account', squatter)).status).toBe(303);
    expect((await send(dossier, '/login', { email, password: PASSWORD, next: '' })).status).toBe(422);
  });

  test('confirmed: its password shows whose it is, and a wrong one does not', async () => {
    const { email } = await anAccount(dossier, { verifiedAt: new Date() });
    const token = await inviteAccount(email);
    const other = await somebody(dossier);
    // Opened where somebody else is logged in, it says so.
    expect((await link(token, other.cookie)).text).toContain('In this browser Mara Member is logged in');
    const wrong = await accept(token, { password: 'not this one' }, other.cookie);
    expect([wrong.status, errors(wrong)]).toEqual([422, ['This is not the password of the account.']]);
    expect(await rowOf(email)).toMatchObject({ role: 'reader' });
    const done = await accept(token, { password: PASSWORD }, other.cookie);
    expect([done.status, await rowOf(email)]).toEqual([303, expect.objectContaining({ role: 'support' })]);
    expect((await get('/admin', cookiesOf(done))).headers.get('location')).toBe('/account/second-factor');
    expect((await open(dossier, other, '/account')).status).toBe(303);
  });

  test('logged in: one button, and every login ends: none goes on as something it was not begun as', async () => {
    for (const [hasFactor, where] of [
      [false, '/login?next=%2Faccount%2Fsecond-factor'],
      [true, '/login?next=%2Fadmin'],
    ] as const) {
      const more = hasFactor ? { totpConfirmedAt: new Date() } : {};
      const { id, email } = await anAccount(dossier, { verifiedAt: new Date(), ...more });
      const token = await inviteAccount(email);
      const cookie = await logIn(dossier, id, clock.now().getTime());
      const done = await accept(token, {}, cookie);
      expect([done.status, done.headers.get('location')]).toEqual([303, where]);
      expect((await rowOf(email))!.logins).toHaveLength(0);
      expect((await get('/admin', cookie)).headers.get('location')).toBe('/login?next=%2Fadmin');
    }
  });

  test('that works here by then, is suspended, or has a passkey alone: nothing changes', async () => {
    for (const [data, heading] of [
      [{ role: 'editor' as const }, 'You work here already'],
      [{ state: 'suspended' as const }, 'The account is suspended'],
      [{ passwordHash: null }, 'Log in first'],
    ] as const) {
      const { id, email } = await anAccount(dossier, { verifiedAt: new Date() });
      const token = await inviteAccount(email);
      await dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data }));
      const before = await rowOf(email);
      for (const page of [await link(token), await accept(token, { password: PASSWORD })])
        expect([page.status, said(page, 'h1')]).toEqual([403, heading]);
      expect(await rowOf(email)).toEqual(before);
    }
  });

  test('two who accept at once: one does', async () => {
    const { email, token } = await invited();
    const answers = await Promise.all([anew(token), anew(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410]);
    expect(await rowOf(email)).toMatchObject({ role: 'editor' });
    const kept = await dossier.wall.read(accountsViewer, (db) =>
      db.invitation.findUniqueOrThrow({ where: { hash: hashOfToken(token) } }),
    );
    expect(kept).toMatchObject({ acceptedAt: expect.any(Date), acceptedById: expect.any(String) });
  });
});

describe('leaving', () => {
  const beginsOne = (authorId: string, slug: string) =>
    dossier.wall.write(editorialViewer, async (db) => {
      const { id } = await db.briefing.findUniqueOrThrow({ where: { slug }, select: { id: true } });
      await db.briefing.update({ where: { id }, data: { authorId }, select: { id: true } });
      return id;
    });
  const authorOf = (id: string) =>
    dossier.wall.read(editorialViewer, async (db) => (await db.briefing.findUniqueOrThrow({ where: { id } })).authorId);

  test('asks who takes over what was begun, hands it on, and ends every way in', async () => {
    const leaver = await somebody(dossier, 'editor', { name: 'Lea Leaver' });
    const heir = await somebody(dossier, 'editor', { name: 'Hedda Heir' });
    const briefing = await beginsOne(leaver.id, 'a-signal');
    const apiToken = await tokenFor(dossier, leaver.id);
    await dossier.wall.write(accountsViewer, (db) =>
      db.passkey.create({
        data: {
          id: 'a-key',
          accountId: leaver.id,
          name: 'a key',
          publicKey: new Uint8Array([1]),
          counter: 0n,
          transports: [],
        },
      }),
    );
    expect((await open(dossier, admin, STAFF)).text).toContain(`/admin/members/${leaver.id}/role?role=reader`);
    const at = `/admin/members/${leaver.id}/role`;
    const first = await open(dossier, admin, `${at}?role=reader`);
    expect(said(first, '#heir-hint')).toBe('They began 1 published. All of it goes to this colleague.');
    expect(first.html.querySelector('form[method=post].section-form')).toBeNull();
    expect(errors(await open(dossier, admin, `${at}?role=reader&heir=${admin.id}x`))).toHaveLength(1);
    // Not deleted either, while it is theirs.
    expect((await open(dossier, admin, `/admin/members/${leaver.id}/delete`)).text).toContain('handed on then');
    const { asked, answer } = await act(dossier, admin, leaver, 'role', `?role=reader&heir=${heir.id}`);
    expect(asked.text).toContain(`goes to Hedda Heir (${heir.email})`);
    expect(answer.status).toBe(303);
    expect(await authorOf(briefing)).toBe(heir.id);
    expect(await rowOf(leaver.email)).toMatchObject({
      role: 'reader',
      totpConfirmedAt: null,
      logins: [],
      passkeys: [],
    });
    expect((await entriesOf(dossier, leaver)).at(-1)).toMatchObject({
      action: 'role',
      after: { 'handed-on-to': heir.email },
    });
    await until(
      async () => (await open(dossier, leaver, '/desk')).headers.get('location')?.startsWith('/login') === true,
    );
    const api = await visit(`${dossier.url}/api/v1/briefings`, { headers: { Authorization: `Bearer ${apiToken}` } });
    expect(api.status).toBe(401);
  });

  test('asks anew when something was begun since it was asked', async () => {
    const leaver = await somebody(dossier, 'editor');
    const at = `/admin/members/${leaver.id}/role`;
    const form = { ...fieldsOf(await open(dossier, admin, `${at}?role=support`)), reason: 'a test' };
    const id = await beginsOne(leaver.id, 'a-signal');
    const answer = await send(dossier, at, form, { cookie: admin.cookie });
    expect([answer.status, answer.html.querySelector('select[name=heir]') !== null]).toEqual([422, true]);
    expect(await authorOf(id)).toBe(leaver.id);
  });

  test('only whoever keeps accounts hands on, and only to the desk', async () => {
    const reader = await somebody(dossier);
    const hand = (viewer: typeof accountsViewer, heir: string) =>
      dossier.wall.write(viewer, (db) => db.$queryRaw`SELECT wall.hand_on(${admin.id}::uuid, ${heir}::uuid)`);
    await expect(hand(editorialViewer, admin.id)).rejects.toThrow(/keeps accounts/);
    await expect(hand(accountsViewer, reader.id)).rejects.toThrow(/works at the desk/);
    await expect(
      dossier.wall.read(editorialViewer, (db) => db.$queryRaw`SELECT * FROM wall.begun_by(${admin.id}::uuid)`),
    ).rejects.toThrow(/keeps accounts/);
  });
});
