import { accountsViewer } from '../../src/access/viewer';
import { enterAll, logIn, type Member, type Name } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());

const ask = (path: string, who: Name = 'admin') => visit(`${dossier.url}${path}`, { headers: cast[who].headers });
const names = (page: Page) => page.html.querySelectorAll('.dense tbody .dense-name').map((one) => one.text);
const line = (page: Page, name: string) =>
  page.html
    .querySelectorAll('.dense tbody tr')
    .find((row) => row.querySelector('.dense-name')?.text === name)
    ?.text.replace(/\s+/g, ' ')
    .trim();
const texts = (page: Page, selector: string) =>
  page.html.querySelectorAll(selector).map((one) => one.text.replace(/\s+/g, ' ').trim());

describe('the list', () => {
  test('shows everybody with how far they read', async () => {
    const page = await ask('/admin/members');
    expect([page.status, page.headers.get('cache-control'), said(page, '#count')]).toEqual([
      200,
      'private, no-store',
      '13 members',
    ]);
    expect(names(page).sort()).toEqual(
      Object.keys(cast)
        .filter((name) => name !== 'visitor')
        .sort(),
    );
    for (const [name, words] of [
      ['circle', 'Strategy Circle'],
      ['alliance', 'Leadership Alliance'],
      ['lapsed', 'Strategy Circle'],
      ['admin', 'Everything, by role'],
      ['suspended', 'Suspended'],
      ['support', 'Support'],
      ['stranger', 'Public'],
    ] as const)
      expect([name, line(page, name)]).toEqual([name, expect.stringContaining(words)]);
  });

  test.each([
    ['tier=leadership-alliance', ['alliance', 'comped', 'inGrace', 'trial']],
    ['tier=by-role', ['admin', 'editor']],
    ['tier=public', ['stranger', 'support', 'suspended']],
    ['source=SUBSCRIPTION', ['alliance', 'inGrace']],
    ['status=suspended', ['suspended']],
    ['role=support', ['support']],
    ['q=comp', ['comped']],
    ['q=nobody-at-all', []],
    ['tier=&source=&status=&role=&q=&from=&to=&lang=es', []],
  ])('shows those who were asked for: %s', async (query, expected) => {
    const page = await ask(`/admin/members?${query}`);
    expect([page.status, names(page).sort()]).toEqual([200, expected]);
    expect(page.html.querySelector('.empty') !== null).toBe(expected.length === 0);
  });

  test('finds nobody who joined tomorrow, everybody who joined today, and says what is no day', async () => {
    const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
    expect(said(await ask(`/admin/members?from=${day(1)}`), '#count')).toBe('0 members');
    expect(said(await ask(`/admin/members?from=${day(-1)}&to=${day(0)}`), '#count')).toBe('13 members');
    expect(said(await ask('/admin/members?to=2027-02-30'), '#to-error')).toContain('Please write a day');
  });

  test.each([
    'tier=none-such',
    'source=GIFTS',
    'order=random',
    'after=x',
    'q=%00',
    'q=a&q=b',
    `order=newest&after=${Buffer.from('["abc","00000000-0000-4000-8000-000000000000"]').toString('base64url')}`,
  ])('refuses what no form asks for: %s', async (query) => {
    expect((await ask(`/admin/members?${query}`)).status).toBe(400);
  });

  test('leads on and back, with what was asked for', async () => {
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.createMany({
        data: Array.from({ length: 120 }, (_, n) => ({
          email: `many-${n}@many.example`,
          name: `Many ${String(n).padStart(3, '0')}`,
          lang: 'en',
        })),
      }),
    );
    const met: string[][] = [];
    let page = await ask('/admin/members?q=many.example&order=name');
    for (;;) {
      met.push(names(page));
      const next = page.html.querySelector('[rel=next]')?.getAttribute('href');
      if (!next) break;
      page = await ask(next);
    }
    expect(met.map(({ length }) => length)).toEqual([50, 50, 20]);
    expect(met.flat()).toEqual(Array.from({ length: 120 }, (_, n) => `Many ${String(n).padStart(3, '0')}`));
    const back = await ask(page.html.querySelector('[rel=prev]')!.getAttribute('href')!);
    expect(names(back)).toEqual(met[1]);
    expect(names(await ask(back.html.querySelector('[rel=prev]')!.getAttribute('href')!))).toEqual(met[0]);
  });

  test('is exported by an admin, everybody who was asked for and nobody twice; support does not export', async () => {
    const form = { q: 'many.example' };
    const answer = await send(dossier, '/admin/members/export', form, { cookie: await logIn(dossier, cast.admin.id!) });
    const [head, ...rows] = answer.text.trimEnd().split('\r\n');
    expect([answer.status, head, rows.length, new Set(rows).size]).toEqual([
      200,
      'id,email,name,language,role,state,verified_at,joined_at,reads,labels',
      120,
      120,
    ]);
    const bytes = await fetch(`${dossier.url}/admin/members/export`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { Cookie: await logIn(dossier, cast.admin.id!), Origin: dossier.url },
    });
    expect([...Buffer.from(await bytes.arrayBuffer()).subarray(0, 5)]).toEqual([0xef, 0xbb, 0xbf, 0x69, 0x64]);
    expect(rows[0]).toMatch(
      /^[0-9a-f-]{36},many-\d+@many\.example,Many \d{3},en,reader,active,,\d{4}-\d\d-\d\dT[\d:.]+Z,public,$/,
    );
    expect(
      (await send(dossier, '/admin/members/export', form, { cookie: await logIn(dossier, cast.support.id!) })).status,
    ).toBe(403);
    expect((await ask('/admin/members', 'support')).html.querySelector('form[method=post][action$=export]')).toBeNull();
  });
});

describe('a member', () => {
  test('is told of in the words they are told themselves, grant by grant', async () => {
    for (const name of ['circle', 'alliance', 'lapsed', 'inGrace', 'comped', 'trial', 'notYet', 'revoked'] as const) {
      const [theirs, ours] = [await ask('/account', name), await ask(`/admin/members/${cast[name].id}`)];
      expect([name, said(ours, '.standing')]).toEqual([name, said(theirs, '.standing')]);
      const rows = (page: Page, list: string) =>
        page.html
          .querySelectorAll(`${list} .row`)
          .map((row) => [
            row.querySelector('.row-name')?.text,
            row.querySelector('.row-name + .small')?.text,
            row.querySelector('.chip')?.text,
          ]);
      expect([name, rows(ours, '.timeline')]).toEqual([name, rows(theirs, '[aria-labelledby=grants]')]);
      expect(ours.html.querySelectorAll('.timeline .stretch-bar')).toHaveLength(rows(ours, '.timeline').length);
    }
  });

  test('is looked at with one entry in the log each time', async () => {
    const seen = () =>
      dossier.wall.read(accountsViewer, (db) =>
        db.auditEntry.findMany({
          where: { targetId: cast.circle.id!, action: 'member-viewed', actorId: cast.support.id! },
        }),
      );
    const before = (await seen()).length;
    await ask(`/admin/members/${cast.circle.id}`, 'support');
    expect((await seen()).length).toBe(before + 1);
  });

  test('has their subscriptions, payments, letters, sessions and tokens on the page, and nothing that opens the account', async () => {
    const accountId = cast.alliance.id!;
    await dossier.wall.write(accountsViewer, async (db) => {
      await db.account.update({ where: { id: accountId }, data: { passwordHash: 'a-hash-nobody-sees' } });
      await db.apiToken.create({ data: { accountId, name: 'the reading robot', hash: 'a-token-hash', scopes: [] } });
      await db.letter.create({
        data: {
          accountId,
          key: 'a-key',
          kind: 'verify-email',
          lang: 'en',
          recipient: 'x@example.org',
          data: { token: 'a-letter-token' },
        },
      });
      await db.customer.create({
        data: {
          accountId,
          stripeId: 'cus_x',
          subscriptions: {
            create: {
              stripeId: 'sub_x',
              status: 'past_due',
              tierSlug: 'leadership-alliance',
              interval: 'month',
              currency: 'eur',
              amountCents: 4900,
              startedAt: new Date(),
              accessUntil: new Date('2030-01-01'),
              accessReason: 'grace',
              syncedAt: new Date(),
            },
          },
          invoices: {
            create: {
              stripeId: 'in_x',
              number: 'D-0001',
              status: 'paid',
              currency: 'eur',
              dueCents: 4950,
              paidCents: 4950,
              refundedCents: 1000,
              createdAt: new Date(),
              paidAt: new Date(),
            },
          },
        },
      });
    });
    const page = await ask(`/admin/members/${accountId}`);
    for (const words of [
      'cus_x',
      'sub_x',
      'Stripe says: past_due',
      '€49 a month',
      'D-0001',
      '€49.50',
      '€10 paid back',
      'the reading robot',
      'Confirm your e-mail address',
      'a test',
    ])
      expect([words, page.text.includes(words)]).toEqual([words, true]);
    for (const secret of ['a-hash-nobody-sees', 'a-token-hash', 'a-letter-token'])
      expect([secret, page.text.includes(secret)]).toEqual([secret, false]);
  });

  test('offers support to give a tier, and an admin the rest', async () => {
    expect(texts(await ask(`/admin/members/${cast.circle.id}`, 'support'), '.do-list a')).toEqual(['Give a tier']);
    expect(texts(await ask(`/admin/members/${cast.circle.id}`), '.do-list a')).toEqual([
      'Give a tier',
      'Send a password letter',
      'End all sessions',
      'Change the role',
      'Suspend',
      'Delete',
    ]);
    expect(texts(await ask(`/admin/members/${cast.suspended.id}`), '.do-list a')).toContain('Open again');
  });
});

test('the way in stands on the pages of staff alone', async () => {
  const ways = async (who: Name) => texts(await ask('/account', who), '.top-who a[href$="/admin"]');
  expect([await ways('admin'), await ways('support'), await ways('editor'), await ways('circle')]).toEqual([
    ['Admin'],
    ['Admin'],
    [],
    [],
  ]);
});

test('an admin without a second factor is led to it, and sees nothing before', async () => {
  const { id } = await dossier.wall.write(accountsViewer, (db) =>
    db.account.create({ data: { email: 'bare-admin@example.org', name: 'x', lang: 'en', role: 'admin' } }),
  );
  const page = await visit(`${dossier.url}/admin/members`, { headers: { Cookie: await logIn(dossier, id) } });
  expect([page.status, page.headers.get('location')]).toEqual([303, '/account/second-factor']);
});
