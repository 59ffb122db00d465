import { accountsViewer } from '../../src/access/viewer';
import { tokenFor } from '../support/cast';
import { ask } from '../support/api';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo } from '../support/letters';
import { said } from '../support/page';
import { act, entriesOf, fieldsOf, open, somebody, toldTo, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
let support: Somebody;
beforeAll(async () => {
  dossier = await startDossier();
  admin = await somebody(dossier, 'admin');
  support = await somebody(dossier, 'support');
});
afterAll(() => dossier.stop());

const inYears = (n: number) => `${new Date().getUTCFullYear() + n}-01-31`;
const day = (iso: string) =>
  new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(iso));
const accountOf = ({ id }: { id: string }) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.account.findUnique({ where: { id }, include: { grants: true, logins: true, apiTokens: true } }),
  );
const happens = (page: Awaited<ReturnType<typeof open>>) =>
  page.html.querySelectorAll('.points li').map((one) => one.text);
const changes = (page: Awaited<ReturnType<typeof open>>) =>
  page.html
    .querySelectorAll('.before-after tbody tr')
    .map((row) => row.querySelectorAll('th, td').map((one) => one.text));

describe('giving a tier', () => {
  test.each([
    ['admin', () => admin],
    ['support', () => support],
  ] as const)(
    'as %s: asked what, told what will happen, done with its entry, in force on the next page',
    async (_role, who) => {
      const member = await somebody(dossier);
      const until = inYears(1);
      expect(await toldTo(dossier, member)).toContain('Strategy Circle');
      const first = await open(dossier, who(), `/admin/members/${member.id}/comp`);
      expect(first.html.querySelectorAll('select[name=tier] option').map((one) => one.text)).toEqual([
        'Strategy Circle',
        'Leadership Alliance',
      ]);
      const { asked, answer } = await act(dossier, who(), member, 'comp', `?tier=leadership-alliance&until=${until}`);
      expect(happens(asked)).toEqual([
        `The member gets Leadership Alliance from now on, up to and including ${day(until)}.`,
        "It is in force on the member's next page.",
      ]);
      expect(changes(asked)).toEqual([
        ['Reads', 'Strategy Circle', 'Leadership Alliance'],
        ['Until', 'Without an end date', `${day(until)}, 23:59 UTC`],
      ]);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/admin/members/${member.id}?done=comp`]);
      expect(await toldTo(dossier, member)).toBe(
        `You read everything Leadership Alliance opens, because the editors invited you, until ${day(until)}.`,
      );
      expect(await entriesOf(dossier, member)).toMatchObject([
        {
          actorId: who().id,
          actor: who().email,
          action: 'comp',
          targetKind: 'account',
          target: member.email,
          reason: 'because a test says so',
          fromAddress: '127.0.0.0/24',
          requestId: expect.any(String),
          before: { rank: 10, tier: 'strategy-circle' },
          after: {
            rank: 20,
            tier: 'leadership-alliance',
            grant: 'leadership-alliance',
            'grant-until': `${until}T23:59:59.999Z`,
          },
        },
      ]);
    },
  );

  test('without a day it is without an end', async () => {
    const member = await somebody(dossier);
    await act(dossier, admin, member, 'comp', '?tier=leadership-alliance&until=');
    expect(await toldTo(dossier, member)).toContain('without an end date');
  });

  test.each([
    ['tier=nobility', 'tier'],
    ['tier=public', 'tier'],
    ['tier=leadership-alliance&until=2020-01-01', 'until'],
    ['tier=leadership-alliance&until=2027-02-30', 'until'],
    ['tier=leadership-alliance&until=tomorrow', 'until'],
    [`tier=leadership-alliance&until=${inYears(30)}`, 'until'],
  ])('%s is asked again, beside the field', async (query, field) => {
    const page = await open(dossier, admin, `/admin/members/${(await somebody(dossier)).id}/comp?${query}`);
    expect([
      page.status,
      page.html.querySelector(`#${field}-error`) !== null,
      page.html.querySelector('form[method=post][action*=comp]'),
    ]).toEqual([422, true, null]);
  });
});

describe('a grant', () => {
  const withComp = async (
    until: Date | null = new Date(Date.now() + 9 * 86_400_000),
    reference: string | null = null,
  ) => {
    const member = await somebody(dossier);
    const grant = await dossier.wall.write(accountsViewer, (db) =>
      db.grant.create({
        data: {
          accountId: member.id,
          tierSlug: 'leadership-alliance',
          source: reference ? 'SUBSCRIPTION' : 'COMP',
          from: new Date(Date.now() - 86_400_000),
          until,
          reference,
        },
      }),
    );
    return { member, grant };
  };

  test('is extended to a later day', async () => {
    const { member, grant } = await withComp();
    const until = inYears(2);
    const { asked, answer } = await act(dossier, admin, member, 'extend', `?grant=${grant.id}&until=${until}`);
    expect(happens(asked)[0]).toContain(day(until));
    expect(answer.status).toBe(303);
    expect(await toldTo(dossier, member)).toContain(`until ${day(until)}`);
    expect(await entriesOf(dossier, member)).toMatchObject([
      {
        action: 'extend',
        before: { 'grant-until': grant.until!.toISOString() },
        after: { 'grant-until': `${until}T23:59:59.999Z` },
      },
    ]);
  });

  test('is not extended to a day before its end', async () => {
    const { member, grant } = await withComp(new Date(Date.now() + 90 * 86_400_000));
    const page = await open(
      dossier,
      admin,
      `/admin/members/${member.id}/extend?grant=${grant.id}&until=${new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10)}`,
    );
    expect([page.status, said(page, '#until-error')]).toEqual([422, 'Please choose a day after the present end.']);
  });

  test('is withdrawn, and the member reads less on their next page', async () => {
    const { member, grant } = await withComp(null);
    expect(await toldTo(dossier, member)).toContain('Leadership Alliance');
    const { asked, answer } = await act(dossier, admin, member, 'revoke', `?grant=${grant.id}`);
    expect(changes(asked)[0]).toEqual(['Reads', 'Leadership Alliance', 'Strategy Circle']);
    expect(answer.status).toBe(303);
    expect(await toldTo(dossier, member)).toContain('Strategy Circle');
    expect(await entriesOf(dossier, member)).toMatchObject([
      { action: 'revoke', before: { rank: 20 }, after: { rank: 10, revoked: expect.any(String) } },
    ]);
  });

  test("that follows from a subscription is refused, for it would come back; so is another member's", async () => {
    const { member, grant } = await withComp(null, `sub_${Math.random()}`);
    const other = await somebody(dossier);
    for (const [id, words] of [
      [member.id, 'would come back'],
      [other.id, 'none of this member'],
    ] as const) {
      const page = await open(dossier, admin, `/admin/members/${id}/revoke?grant=${grant.id}`);
      expect([page.status, said(page, '[role=alert]')?.includes(words), Object.keys(fieldsOf(page))]).toEqual([
        200,
        true,
        [],
      ]);
      const sent = await send(
        dossier,
        `/admin/members/${id}/revoke`,
        { grant: grant.id, reason: 'x', version: 'x', submission: crypto.randomUUID() },
        { cookie: admin.cookie },
      );
      expect(sent.status).toBe(409);
    }
    expect((await accountOf(member))!.grants.find(({ id }) => id === grant.id)!.revokedAt).toBeNull();
  });
});

test('a suspension ends every way in at once, and is taken back', async () => {
  const member = await somebody(dossier);
  const token = await tokenFor(dossier, member.id);
  expect((await ask(`${dossier.url}/api/v1/briefings`, { token })).status).toBe(200);
  const { asked, answer } = await act(dossier, admin, member, 'suspend');
  expect(changes(asked)[0]).toEqual(['State', 'Active', 'Suspended']);
  expect(answer.status).toBe(303);
  expect((await open(dossier, member, '/account')).headers.get('location')).toBe('/login?next=%2Faccount');
  expect((await ask(`${dossier.url}/api/v1/briefings`, { token })).status).toBe(401);
  expect((await act(dossier, admin, member, 'unsuspend')).answer.status).toBe(303);
  expect((await accountOf(member))!.state).toBe('active');
  expect(await entriesOf(dossier, member)).toMatchObject([
    { action: 'suspend', before: { state: 'active', rank: 10 }, after: { state: 'suspended', rank: 0 } },
    { action: 'unsuspend', after: { state: 'active', rank: 10 } },
  ]);
});

test('another role ends every session and token, and waits for a second factor', async () => {
  const member = await somebody(dossier);
  await tokenFor(dossier, member.id);
  const { asked, answer } = await act(dossier, admin, member, 'role', '?role=editor');
  expect(happens(asked).join(' ')).toMatch(/second factor.*Every session and every API token ends now/);
  expect(answer.status).toBe(303);
  const { role, logins, apiTokens } = (await accountOf(member))!;
  expect([
    role,
    logins.every(({ endedAt }) => endedAt !== null),
    apiTokens.every(({ revokedAt }) => revokedAt !== null),
  ]).toEqual(['editor', true, true]);
  expect(await entriesOf(dossier, member)).toMatchObject([
    { action: 'role', before: { role: 'reader' }, after: { role: 'editor' } },
  ]);
});

test('nobody is appointed whose address was never confirmed: they may be anybody', async () => {
  const member = await somebody(dossier, 'reader', { verified: false });
  const page = await open(dossier, admin, `/admin/members/${member.id}/role?role=admin`);
  expect(page.text).toContain('never confirmed');
  expect(page.html.querySelector('input[name=submission]')).toBeNull();
  expect((await accountOf(member))!.role).toBe('reader');
});

test('letters are sent to the member, and to nobody else', async () => {
  const member = await somebody(dossier, 'reader', { verified: false });
  for (const [action, kind] of [
    ['reset-letter', 'reset-password'],
    ['verification-letter', 'verify-email'],
  ] as const) {
    expect((await act(dossier, admin, member, action, '', '')).answer.status).toBe(303);
    expect(await lettersTo(dossier, member.email, kind)).toHaveLength(1);
  }
  expect((await entriesOf(dossier, member)).map(({ action }) => action)).toEqual([
    'reset-letter',
    'verification-letter',
  ]);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: member.id }, data: { verifiedAt: new Date() } }),
  );
  expect(said(await open(dossier, admin, `/admin/members/${member.id}/verification-letter`), '[role=alert]')).toContain(
    'confirmed already',
  );
});

test('all sessions end, and only they', async () => {
  const member = await somebody(dossier);
  const { asked, answer } = await act(dossier, admin, member, 'end-sessions', '', '');
  expect([happens(asked)[0], answer.status]).toEqual([
    '1 session ends now. Whoever knows the password can log in again.',
    303,
  ]);
  expect((await open(dossier, member, '/account')).status).toBe(303);
  expect(await entriesOf(dossier, member)).toMatchObject([
    { action: 'end-sessions', before: { sessions: 1 }, after: { sessions: 0 } },
  ]);
});

test('a deletion takes the account and leaves the log', async () => {
  const member = await somebody(dossier);
  await act(dossier, admin, member, 'comp', '?tier=leadership-alliance&until=');
  const { answer } = await act(dossier, admin, member, 'delete');
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/members?done=delete']);
  expect(await accountOf(member)).toBeNull();
  expect((await entriesOf(dossier, member)).map(({ action, target }) => [action, target])).toEqual([
    ['comp', member.email],
    ['delete', member.email],
  ]);
  expect(await lettersTo(dossier, member.email, 'account-deleted')).toHaveLength(1);
  expect((await open(dossier, admin, `/admin/members/${member.id}`)).status).toBe(404);
});

describe('nothing is done', () => {
  test('twice, however often the form is sent', async () => {
    const member = await somebody(dossier);
    const { fields, answer } = await act(dossier, admin, member, 'comp', '?tier=leadership-alliance&until=');
    const again = await Promise.all(
      [1, 2, 3].map(() => send(dossier, `/admin/members/${member.id}/comp`, fields, { cookie: admin.cookie })),
    );
    expect([answer, ...again].map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    expect((await accountOf(member))!.grants).toHaveLength(2);
    expect(await entriesOf(dossier, member)).toHaveLength(1);
  });

  test('twice by two at once', async () => {
    const member = await somebody(dossier);
    const asked = await open(dossier, admin, `/admin/members/${member.id}/comp?tier=leadership-alliance&until=`);
    const fields = { ...fieldsOf(asked), reason: 'x' };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => send(dossier, `/admin/members/${member.id}/comp`, fields, { cookie: admin.cookie })),
    );
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    expect((await accountOf(member))!.grants).toHaveLength(2);
  });

  test('of what another has changed meanwhile: it is asked again', async () => {
    const member = await somebody(dossier);
    const asked = await open(dossier, support, `/admin/members/${member.id}/comp?tier=strategy-circle&until=`);
    await act(dossier, admin, member, 'comp', '?tier=leadership-alliance&until=');
    const answer = await send(
      dossier,
      `/admin/members/${member.id}/comp`,
      { ...fieldsOf(asked), reason: 'x' },
      { cookie: support.cookie },
    );
    expect([answer.status, said(answer, '[role=alert]')?.includes('has changed'), changes(answer)[0]]).toEqual([
      409,
      true,
      ['Reads', 'Leadership Alliance', 'Leadership Alliance'],
    ]);
    expect(
      (
        await send(
          dossier,
          `/admin/members/${member.id}/comp`,
          { ...fieldsOf(answer), reason: 'x' },
          { cookie: support.cookie },
        )
      ).status,
    ).toBe(303);
  });

  test.each(['comp?tier=leadership-alliance&until=', 'suspend', 'role?role=editor', 'delete'])(
    'without a reason: %s',
    async (path) => {
      const member = await somebody(dossier);
      const [action, query = ''] = path.split('?');
      for (const reason of ['', '   ', 'x'.repeat(501)]) {
        const { answer } = await act(dossier, admin, member, action!, query && `?${query}`, reason);
        expect([answer.status, said(answer, '#reason-error')]).toEqual([422, expect.any(String)]);
      }
      expect([await entriesOf(dossier, member), (await accountOf(member))!.state]).toEqual([[], 'active']);
    },
  );

  test.each(['suspend', 'role?role=reader', 'delete', 'comp?tier=leadership-alliance&until='])(
    'by anybody to their own account: %s',
    async (path) => {
      const page = await open(dossier, admin, `/admin/members/${admin.id}/${path}`);
      expect([said(page, '[role=alert]')?.includes('your own account'), fieldsOf(page)]).toEqual([true, {}]);
      const sent = await send(
        dossier,
        `/admin/members/${admin.id}/${path.split('?')[0]}`,
        { role: 'reader', submission: crypto.randomUUID(), version: 'x', reason: 'x' },
        { cookie: admin.cookie },
      );
      expect([sent.status, (await accountOf(admin))!.role]).toEqual([409, 'admin']);
    },
  );

  test('with a form that was used for somebody else', async () => {
    const [one, two] = [await somebody(dossier), await somebody(dossier)];
    const { fields } = await act(dossier, admin, one, 'suspend');
    const other = await open(dossier, admin, `/admin/members/${two.id}/suspend`);
    expect(
      (
        await send(
          dossier,
          `/admin/members/${two.id}/suspend`,
          { ...fieldsOf(other), submission: fields['submission']!, reason: 'x' },
          { cookie: admin.cookie },
        )
      ).status,
    ).toBe(400);
    expect((await accountOf(two))!.state).toBe('active');
  });
});

test('with a form of before an upgrade, whose hidden fields have other names, as with one of today', async () => {
  const member = await somebody(dossier);
  const at = `/admin/members/${member.id}/suspend`;
  const shown = fieldsOf(await open(dossier, admin, at));
  const fields = { once: shown['submission']!, seen: shown['version']!, reason: 'x' };
  const answer = await send(dossier, at, fields, { cookie: admin.cookie });
  expect([answer.status, (await accountOf(member))!.state]).toEqual([303, 'suspended']);
});

test('two admins who remove each other at once leave one', async () => {
  const house = await startDossier();
  try {
    const [one, two] = [await somebody(house, 'admin'), await somebody(house, 'admin')];
    const forms = await Promise.all(
      [
        [one, two],
        [two, one],
      ].map(async ([by, of]) => ({
        by: by!,
        of: of!,
        fields: fieldsOf(await open(house, by!, `/admin/members/${of!.id}/role?role=reader`)),
      })),
    );
    const answers = await Promise.all(
      forms.map(({ by, of, fields }) =>
        send(house, `/admin/members/${of.id}/role`, { ...fields, reason: 'x' }, { cookie: by.cookie }),
      ),
    );
    expect(await house.wall.read(accountsViewer, (db) => db.account.count({ where: { role: 'admin' } }))).toBe(1);
    // Who comes second is told that something has changed, or is no admin any more when they arrive.
    expect([
      [303, 404],
      [303, 409],
    ]).toContainEqual(answers.map(({ status }) => status).sort());
    // The one who is left has nobody to act on: their own account is not theirs to change here.
    const left = await house.wall.read(accountsViewer, (db) => db.auditEntry.count({ where: { action: 'role' } }));
    expect(left).toBe(1);
  } finally {
    await house.stop();
  }
});

test('an account whose subscription cannot be ended is not deleted', async () => {
  const member = await somebody(dossier);
  // Nothing listens where this Dossier looks for Stripe.
  await dossier.wall.write(accountsViewer, (db) =>
    db.customer.create({
      data: {
        accountId: member.id,
        stripeId: 'cus_unreachable',
        subscriptions: {
          create: {
            stripeId: 'sub_unreachable',
            status: 'active',
            currency: 'eur',
            amountCents: 4900,
            startedAt: new Date(),
            accessReason: 'active',
            syncedAt: new Date(),
          },
        },
      },
    }),
  );
  const { answer } = await act(dossier, admin, member, 'delete');
  expect([answer.status, said(answer, '[role=alert]')?.includes('Nothing was deleted')]).toEqual([503, true]);
  expect([(await accountOf(member)) !== null, await entriesOf(dossier, member)]).toEqual([true, []]);
});
