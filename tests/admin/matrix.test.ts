import { adminViewer, editorialViewer, accountsViewer } from '../../src/access/viewer';
import { ask } from '../support/api';
import { original } from '../support/briefing';
import { enterAll, tokenFor, type Member, type Name } from '../support/cast';
import { doAct, idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { fieldsOf, open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
let cast: Record<Name, Member>;

const DEFAULT = {
  trend: 'strategy-circle',
  organization: 'strategy-circle',
  evidence: 'leadership-alliance',
  failure_path: 'leadership-alliance',
  source_note: 'leadership-alliance',
} as const;

beforeAll(async () => {
  dossier = await startDossier();
  const files = (slug: string, changes: Record<string, string | null> = {}) => ({
    'en.md': original({ slug, ...changes }),
  });
  await dossier.take('a-signal', files('a-signal'));
  // Its trend context is stricter than its kind.
  await dossier.take('b-signal', files('b-signal', { stricter: '\n    trend/trend: leadership-alliance' }));
  await dossier.take('a-draft', files('a-draft', { state: 'draft', published: null }));
  await dossier.take('tomorrow', files('tomorrow', { published: '2999-01-01T00:00:00Z' }));
  cast = await enterAll(dossier);
  admin = await somebody(dossier, 'admin');
});
afterAll(() => dossier.stop());
afterEach(() =>
  dossier.wall.write(adminViewer, async (db) => {
    for (const [kind, tierSlug] of Object.entries(DEFAULT))
      await db.gate.update({ where: { kind: kind as keyof typeof DEFAULT }, data: { tierSlug } });
  }),
);

const CHANGE = '/admin/matrix/change';
type Choices = Readonly<Record<string, string>>;

/** Opens the page that says what would happen. */
const look = (choices: Choices, by: Somebody = admin) =>
  open(dossier, by, `${CHANGE}?${new URLSearchParams(choices).toString()}`);

/** The fields of that page, as somebody who means it sends them; the box about the public is theirs to tick. */
const meant = (page: Page, more: Readonly<Record<string, string>> = {}) => {
  const { public: _box, ...fields } = fieldsOf(page);
  return { ...fields, reason: 'because a test says so', ...more };
};

async function change(choices: Choices, more: Readonly<Record<string, string>> = {}): Promise<Page> {
  return send(dossier, CHANGE, meant(await look(choices), more), { cookie: admin.cookie });
}

const opens = async () =>
  Object.fromEntries(
    (await dossier.wall.read(editorialViewer, (db) => db.gate.findMany())).map(({ kind, tierSlug }) => [
      kind,
      tierSlug,
    ]),
  );
const entries = () =>
  dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({ where: { action: 'matrix-changed' }, orderBy: { at: 'asc' } }),
  );
const page = async (member: Member, slug = 'a-signal') =>
  (await visit(`${dossier.url}/briefings/${slug}`, { headers: member.headers })).text;
const lines = ({ html }: Page) =>
  html
    .querySelectorAll('.shifts tbody tr')
    .map((row) => row.querySelectorAll('th, td').map((one) => one.text.replace(/\s+/g, ' ').trim()));
/** What Postgres itself gives out at a rank, whatever the application asks. */
const throughTheWall = (rank: number) =>
  dossier.wall.read({ role: 'reader', rank }, async (db) =>
    (await db.passage.findMany({ select: { kind: true, tierSlug: true } }))
      .map(({ kind, tierSlug }) => `${kind}${tierSlug === null ? '' : '!'}`)
      .sort(),
  );

/** Members of a rank there are now, whoever made them. */
const standing = async (rank: number) =>
  dossier.wall.read(accountsViewer, async (db) => {
    const now = new Date();
    const accounts = await db.account.findMany({
      where: { state: 'active', role: { in: ['reader', 'support'] } },
      select: { grants: { select: { from: true, until: true, revokedAt: true, tier: { select: { rank: true } } } } },
    });
    const rankOf = ({ grants }: (typeof accounts)[number]) =>
      Math.max(
        0,
        ...grants
          .filter(
            ({ from, until, revokedAt }) =>
              from <= now && (until === null || until > now) && (revokedAt === null || revokedAt > now),
          )
          .map(({ tier }) => tier.rank),
      );
    return accounts.filter((account) => rankOf(account) === rank).length;
  });
const members = (n: number) => (n === 1 ? `${n} member` : `${n} members`);

test('a change that opens is shown, made with its entry, and in force on the next request, everywhere', async () => {
  const token = await tokenFor(dossier, cast.circle.id!);
  const api = async () => (await ask(`${dossier.url}/api/v1/briefings/a-signal`, { token })).text;
  expect([await page(cast.circle), await api()].map((text) => text.includes('GATED evidence text'))).toEqual([
    false,
    false,
  ]);
  expect((await throughTheWall(10)).includes('evidence')).toBe(false);
  const shown = await look({ evidence: 'strategy-circle' });
  const n = await standing(10);
  expect(lines(shown)).toEqual([
    [
      'Relationship evidence 2 passages in 2 published briefings',
      'Leadership Alliance',
      'Strategy Circle',
      `${members(n)} read them who could not before ${n} of Strategy Circle`,
    ],
  ]);
  expect(shown.html.querySelector('.prominent')).toBeNull();
  expect(await opens()).toEqual(DEFAULT);

  const answer = await change({ evidence: 'strategy-circle' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/matrix?done=matrix-changed']);
  expect([await page(cast.circle), await api()].map((text) => text.includes('GATED evidence text'))).toEqual([
    true,
    true,
  ]);
  expect((await page(cast.visitor)).includes('GATED evidence text')).toBe(false);
  expect((await throughTheWall(10)).filter((kind) => kind === 'evidence')).toHaveLength(2);
  expect((await throughTheWall(0)).includes('evidence')).toBe(false);
  expect((await entries()).at(-1)).toMatchObject({
    actorId: admin.id,
    actor: admin.email,
    targetKind: 'matrix',
    reason: 'because a test says so',
    fromAddress: '127.0.0.0/24',
    requestId: expect.any(String),
    before: { 'opens-evidence': 'leadership-alliance' },
    after: { 'opens-evidence': 'strategy-circle', 'passages-opened': 2, 'passages-closed': 0 },
  });
  const log = await open(dossier, admin, '/admin/audit?action=matrix-changed');
  expect(said(log, 'tbody tr')).toContain('Opens for (Relationship evidence): leadership-alliance → strategy-circle');
});

test("a change that closes is in force on the next request, and keeps nobody's page", async () => {
  expect(await page(cast.circle)).toContain('GATED trend text');
  const n = await standing(10);
  const shown = await look({ trend: 'leadership-alliance' });
  expect(lines(shown)).toEqual([
    [
      'Deeper trend context 1 passage in 1 published briefing',
      'Strategy Circle',
      'Leadership Alliance',
      `${members(n)} no longer read them ${n} of Strategy Circle`,
    ],
  ]);
  expect(shown.html.querySelectorAll('.points li').map((one) => one.text)[0]).toBe(
    'Deeper trend context: 1 passage stays with Leadership Alliance, because it is stricter of its own.',
  );
  expect((await change({ trend: 'leadership-alliance' })).status).toBe(303);
  expect([await page(cast.circle), await page(cast.alliance)].map((text) => text.includes('GATED trend text'))).toEqual(
    [false, true],
  );
  expect((await throughTheWall(10)).filter((kind) => kind.startsWith('trend'))).toEqual([]);
});

test('what is stricter of its own stays shut, and is counted by itself', async () => {
  const shown = await look({ trend: 'public' });
  expect(lines(shown)[0]!.slice(0, 3)).toEqual([
    'Deeper trend context 1 passage in 1 published briefing',
    'Strategy Circle',
    'Public',
  ]);
  expect((await change({ trend: 'public' }, { public: 'yes' })).status).toBe(303);
  expect(
    [await page(cast.visitor), await page(cast.visitor, 'b-signal')].map((text) => text.includes('GATED trend text')),
  ).toEqual([true, false]);
  expect((await throughTheWall(0)).filter((kind) => kind.startsWith('trend'))).toEqual(['trend']);
});

test('a passage whose own tier lies between goes as far as that, and no further', async () => {
  await dossier.take('c-signal', { 'en.md': original({ slug: 'c-signal' }) });
  await dossier.wall.write(editorialViewer, (db) =>
    db.passage.updateMany({
      where: { briefing: { slug: 'c-signal' }, kind: 'evidence' },
      data: { tierSlug: 'strategy-circle' },
    }),
  );
  try {
    const shown = lines(await look({ evidence: 'public' }));
    expect(shown.map((row) => row.slice(0, 3))).toEqual([
      ['Relationship evidence 2 passages in 2 published briefings', 'Leadership Alliance', 'Public'],
      ['Relationship evidence 1 passage in 1 published briefing', 'Leadership Alliance', 'Strategy Circle'],
    ]);
    expect((await change({ evidence: 'public' }, { public: 'yes' })).status).toBe(303);
    expect(
      [await page(cast.visitor, 'c-signal'), await page(cast.circle, 'c-signal')].map((text) =>
        text.includes('GATED evidence text'),
      ),
    ).toEqual([false, true]);
    expect((await throughTheWall(0)).filter((kind) => kind.startsWith('evidence'))).toEqual(['evidence', 'evidence']);
  } finally {
    await dossier.wall.write(editorialViewer, (db) => db.briefing.deleteMany({ where: { slug: 'c-signal' } }));
  }
});

test('a passage stricter of its own is so again after its kind was closed, edited at the desk, and opened', async () => {
  const editor = cast.editor;
  const id = await idOf(dossier, 'b-signal');
  await change({ trend: 'leadership-alliance' });
  const sheet = await openSheet(dossier, editor, id);
  expect((await sendSheet(dossier, editor, sheet, { 'title.en': 'Edited meanwhile' }, { script: true })).status).toBe(
    200,
  );
  expect((await doAct(dossier, editor, id, 'keep')).status).toBe(303);
  expect(await page(cast.alliance, 'b-signal')).toContain('Edited meanwhile');
  await change({ trend: 'strategy-circle' });
  expect(
    [await page(cast.circle), await page(cast.circle, 'b-signal')].map((text) => text.includes('GATED trend text')),
  ).toEqual([true, false]);
});

describe('what would become public', () => {
  test('is said first and loudest, and not done without its own box', async () => {
    const shown = await look({ organization: 'public', 'source-note': 'strategy-circle' });
    expect([
      said(shown, '.prominent h3'),
      said(shown, '.prominent li'),
      shown.html.querySelector('.prominent')?.getAttribute('role'),
    ]).toEqual([
      'This makes text public: Linked-organization notes',
      '2 passages are printed for anybody from now on, without an account and without payment.',
      'alert',
    ]);
    expect([
      said(shown, 'button.button-danger'),
      shown.html.querySelector('input[name=public]')?.hasAttribute('checked'),
    ]).toEqual(['Make it public', false]);
    const answer = await send(dossier, CHANGE, meant(shown), { cookie: admin.cookie });
    expect([
      answer.status,
      said(answer, '#public-error')?.includes('Nothing has changed'),
      said(answer, '#reason'),
    ]).toEqual([422, true, 'because a test says so']);
    expect(await opens()).toEqual(DEFAULT);
    expect(await page(cast.visitor)).not.toContain('GATED organization note');
    expect((await send(dossier, CHANGE, meant(answer, { public: 'yes' }), { cookie: admin.cookie })).status).toBe(303);
    expect(await page(cast.visitor)).toContain('GATED organization note');
    expect((await entries()).at(-1)!.after).toMatchObject({ 'made-public': 'organization' });
  });

  test('is not said of what is public already, nor of what only members gain', async () => {
    await change({ trend: 'public' }, { public: 'yes' });
    for (const choices of [{ trend: 'strategy-circle' }, { evidence: 'strategy-circle' }])
      expect((await look(choices)).html.querySelector('.prominent')).toBeNull();
  });

  test('needs a new tick when the form was stale', async () => {
    const shown = await look({ trend: 'public' });
    await change({ evidence: 'strategy-circle' });
    const answer = await send(dossier, CHANGE, meant(shown, { public: 'yes' }), { cookie: admin.cookie });
    expect([answer.status, answer.html.querySelector('input[name=public]')?.hasAttribute('checked')]).toEqual([
      409,
      false,
    ]);
  });
});

describe('nothing is done', () => {
  test('of what another has changed meanwhile: it is asked again', async () => {
    const shown = await look({ evidence: 'strategy-circle' });
    await change({ trend: 'leadership-alliance' });
    const before = (await entries()).length;
    // The stale form says of trend what it was when it was opened.
    const answer = await send(dossier, CHANGE, meant(shown), { cookie: admin.cookie });
    expect([answer.status, said(answer, '[role=alert]')?.includes('has changed'), lines(answer).length]).toEqual([
      409,
      true,
      2,
    ]);
    expect([await opens(), (await entries()).length]).toEqual([{ ...DEFAULT, trend: 'leadership-alliance' }, before]);
    expect((await send(dossier, CHANGE, meant(answer), { cookie: admin.cookie })).status).toBe(303);
  });

  test('of what more was published meanwhile: it is counted again', async () => {
    const shown = await look({ evidence: 'strategy-circle' });
    await dossier.take('d-signal', { 'en.md': original({ slug: 'd-signal' }) });
    try {
      const answer = await send(dossier, CHANGE, meant(shown), { cookie: admin.cookie });
      expect([answer.status, lines(answer)[0]![0]]).toEqual([
        409,
        'Relationship evidence 3 passages in 3 published briefings',
      ]);
    } finally {
      await dossier.wall.write(editorialViewer, (db) => db.briefing.deleteMany({ where: { slug: 'd-signal' } }));
    }
  });

  test('twice, however often and however quickly the form is sent', async () => {
    const fields = meant(await look({ evidence: 'strategy-circle' }));
    const before = (await entries()).length;
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(dossier, CHANGE, fields, { cookie: admin.cookie })));
    expect(answers.map(({ status, headers }) => [status, headers.get('location')])).toEqual(
      Array(4).fill([303, '/admin/matrix?done=matrix-changed']),
    );
    expect((await entries()).length).toBe(before + 1);
    // Sent once more after somebody took it back, it does not come again.
    await change({ evidence: 'leadership-alliance' });
    expect((await send(dossier, CHANGE, fields, { cookie: admin.cookie })).status).toBe(303);
    expect(await opens()).toEqual(DEFAULT);
  });

  test('without a reason, or with one too long', async () => {
    const shown = await look({ evidence: 'strategy-circle' });
    for (const reason of ['', '  ', 'x'.repeat(501)]) {
      const answer = await send(dossier, CHANGE, meant(shown, { reason }), { cookie: admin.cookie });
      expect([answer.status, said(answer, '#reason-error')]).toEqual([422, expect.any(String)]);
    }
    expect(await opens()).toEqual(DEFAULT);
  });

  test('for a tier that is none, and that is said beside the kind', async () => {
    const shown = await look({ evidence: 'nobility', trend: 'public' });
    expect([
      shown.status,
      said(shown, '#evidence-error'),
      shown.html.querySelector('#trend-error'),
      shown.html.querySelector('input[name=trend][checked]')?.getAttribute('value'),
    ]).toEqual([422, 'Please choose one of the tiers.', null, 'public']);
    const nothing = await look({});
    expect([nothing.status, said(nothing, '[role=alert]')]).toEqual([
      422,
      'Nothing would change. Choose another tier for at least one kind.',
    ]);
  });

  test('by whoever is no admin', async () => {
    const fields = meant(await look({ evidence: 'public' }), { public: 'yes' });
    for (const [name, status] of [
      ['support', 403],
      ['editor', 404],
      ['alliance', 404],
      ['visitor', 303],
    ] as const) {
      const cookie = cast[name].headers['Cookie'];
      expect([name, (await send(dossier, CHANGE, fields, cookie === undefined ? {} : { cookie })).status]).toEqual([
        name,
        status,
      ]);
      expect([name, (await visit(`${dossier.url}/admin/matrix`, { headers: cast[name].headers })).status]).toEqual([
        name,
        status,
      ]);
    }
    expect(await opens()).toEqual(DEFAULT);
  });
});

test('a passage whose own tier has ended goes with its kind; one that waits for its moment stays', async () => {
  const take = (slug: string, until: string) =>
    dossier.take(slug, {
      'en.md': original({
        slug,
        stricter: '\n    trend/trend: leadership-alliance',
        until: `\n    trend/trend: ${until}`,
      }),
    });
  await take('ended', '2020-01-01T00:00:00Z');
  await take('waits', '2999-01-01T00:00:00Z');
  const shown = await look({ trend: 'leadership-alliance' });
  expect(lines(shown).map(([what]) => what)).toEqual(['Deeper trend context 2 passages in 2 published briefings']);
  expect(shown.text.replace(/\s+/g, ' ')).toContain('2 passages stay with Leadership Alliance');
  expect((await look({ trend: 'public' })).text.replace(/\s+/g, ' ')).toContain('2 passages are printed for anybody');
});
