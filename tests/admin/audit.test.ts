import { Client } from 'pg';
import { editorialViewer, accountsViewer } from '../../src/access/viewer';
import { line } from '../../src/admin/csv';
import { networkPrefixOf, networkOf } from '../../src/lib/network';
import { writeAudit, type AuditDraft } from '../../src/stores/postgres/audit';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said } from '../support/page';
import { act, open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  dossier = await startDossier();
  admin = await somebody(dossier, 'admin');
});
afterAll(() => dossier.stop());

const entry = (changes: Partial<AuditDraft> = {}): AuditDraft => ({
  at: new Date(),
  actor: { id: null, name: 'a test' },
  action: 'tested',
  target: null,
  ...changes,
});
const write = (draft: AuditDraft) => dossier.wall.write(accountsViewer, (db) => writeAudit(db, draft));

describe('an entry', () => {
  test('can be added and read by the application, and neither changed nor removed', async () => {
    await write(entry());
    for (const statement of [
      "UPDATE audit_entries SET actor = 'another'",
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
    ]) {
      await expect(dossier.wall.write(accountsViewer, (db) => db.$executeRawUnsafe(statement))).rejects.toThrow(
        /permission denied|asks for rows and changes rows, and nothing else/,
      );
    }
    const client = new Client({ connectionString: dossier.urls.superuser });
    await client.connect();
    try {
      const { rows } = await client.query<{ right: string; held: boolean }>(
        `SELECT r AS right, has_table_privilege('dossier_app', 'audit_entries', r) AS held FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER','REFERENCES']) AS r`,
      );
      expect(rows.filter(({ held }) => held).map(({ right }) => right)).toEqual(['SELECT', 'INSERT']);
      const columns = await client.query(
        `SELECT 1 FROM pg_attribute WHERE attrelid = 'audit_entries'::regclass AND attacl IS NOT NULL`,
      );
      expect(columns.rowCount).toBe(0);
    } finally {
      await client.end();
    }
  });

  test('is there if and only if what it tells of is', async () => {
    const action = `rolled-back-${Math.random()}`;
    await expect(
      dossier.wall.write(accountsViewer, async (db) => {
        await writeAudit(db, entry({ action }));
        throw new Error('the action failed');
      }),
    ).rejects.toThrow('the action failed');
    expect(await dossier.wall.read(accountsViewer, (db) => db.auditEntry.count({ where: { action } }))).toBe(0);
  });

  test('of one id is written once', async () => {
    const id = crypto.randomUUID();
    expect([await write(entry({ id })), await write(entry({ id, actor: { id: null, name: 'another' } }))]).toEqual([
      true,
      false,
    ]);
    expect(
      await dossier.wall.read(accountsViewer, (db) => db.auditEntry.findUniqueOrThrow({ where: { id } })),
    ).toMatchObject({ actor: 'a test' });
  });

  test('is read by the registrar alone; the desk adds, a reader does neither', async () => {
    await dossier.wall.write(editorialViewer, (db) => writeAudit(db, entry({ action: 'from-the-desk' })));
    for (const viewer of [editorialViewer, { role: 'reader', rank: 20 }] as const)
      expect(await dossier.wall.read(viewer, (db) => db.auditEntry.count())).toBe(0);
    await expect(dossier.wall.write({ role: 'reader', rank: 20 }, (db) => writeAudit(db, entry()))).rejects.toThrow(
      /row-level security/,
    );
    expect(
      await dossier.wall.read(accountsViewer, (db) => db.auditEntry.count({ where: { action: 'from-the-desk' } })),
    ).toBe(1);
  });
});

describe('the log', () => {
  let member: Somebody;
  beforeAll(async () => {
    member = await somebody(dossier, 'reader', { name: '=HYPERLINK("https://evil.example")' });
    await act(
      dossier,
      admin,
      member,
      'comp',
      '?tier=leadership-alliance&until=2028-02-29',
      '=1+1, "quoted"\nsecond line',
    );
    await act(dossier, admin, member, 'suspend');
    for (let n = 0; n < 60; n++)
      await write(
        entry({
          at: new Date(Date.UTC(2020, 0, 1, 0, n)),
          action: 'old',
          target: { kind: 'other', id: String(n), name: `thing ${n}` },
        }),
      );
  });

  const rows = (page: Awaited<ReturnType<typeof open>>) =>
    page.html.querySelectorAll('.dense tbody tr').map((row) => row.text.replace(/\s+/g, ' ').trim());

  test('says who did what to whom, what it was before and after, why and from where', async () => {
    const page = await open(dossier, admin, `/admin/audit?target=${member.email}`);
    const [suspended, comped] = rows(page).filter((row) => !row.includes('Looked at'));
    expect(suspended).toMatch(/Suspended .*State: active → suspended/);
    for (const words of [
      'Gave a tier',
      member.email,
      'Rank: 10 → 20',
      'Tier: strategy-circle → leadership-alliance',
      'Grant until: — → Feb 29, 2028, 23:59 UTC',
      admin.email,
      '127.0.0.0/24',
      '=1+1, "quoted" second line',
    ])
      expect(comped).toContain(words);
  });

  test('is the same in Spanish', async () => {
    const page = await open(dossier, admin, `/es/admin/audit?target=${member.id}&action=comp`);
    expect(rows(page)).toHaveLength(1);
    expect(rows(page)[0]).toContain('Dio un nivel');
  });

  test.each([
    ['action=comp', 1],
    ['action=old', 50],
    ['from=2020-01-01&to=2020-01-01', 50],
    ['to=2019-12-31', 0],
    ['actor=nobody@example.org', 0],
    ['target=7', 1],
    ['target=thing+7', 1],
    ['action=never', 0],
  ])('is filtered: %s', async (query, count) => {
    expect(rows(await open(dossier, admin, `/admin/audit?${query}`))).toHaveLength(count);
  });

  test('is read page by page, there and back', async () => {
    const first = await open(dossier, admin, '/admin/audit?action=old');
    expect(first.html.querySelector('[rel=prev]')).toBeNull();
    const second = await open(dossier, admin, first.html.querySelector('[rel=next]')!.getAttribute('href')!);
    expect([rows(second).length, second.html.querySelector('[rel=next]')]).toEqual([10, null]);
    const back = await open(dossier, admin, second.html.querySelector('[rel=prev]')!.getAttribute('href')!);
    expect(rows(back)).toEqual(rows(first));
    expect(back.html.querySelector('[rel=prev]')).toBeNull();
  });

  test('says beside the field what is no day', async () => {
    expect(said(await open(dossier, admin, '/admin/audit?from=yesterday'), '#from-error')).toContain(
      'Please write a day',
    );
  });

  test.each([
    'after=x',
    'action=A+B',
    'before=e30',
    `after=${Buffer.from('[1e400,"x"]').toString('base64url')}`,
    'actor=%00',
  ])('refuses what no form asks for: %s', async (query) => {
    expect((await open(dossier, admin, `/admin/audit?${query}`)).status).toBe(400);
  });

  test('is exported whole, with nothing in it that a spreadsheet would run, and says so of itself', async () => {
    const answer = await send(
      dossier,
      '/admin/audit/export',
      { target: member.id, action: 'comp' },
      { cookie: admin.cookie },
    );
    expect([
      answer.status,
      answer.headers.get('content-type'),
      answer.headers.get('content-disposition'),
      answer.headers.get('cache-control'),
    ]).toEqual([
      200,
      'text/csv; charset=utf-8',
      expect.stringMatching(/^attachment; filename="?audit-\d{4}-\d\d-\d\d\.csv"?$/),
      'private, no-store',
    ]);
    expect(answer.text).toContain(',"\'=1+1, ""quoted""\nsecond line",127.0.0.0/24,');
    expect(answer.text.split('\r\n')).toHaveLength(3);
    const members = await send(dossier, '/admin/members/export', { q: member.email }, { cookie: admin.cookie });
    expect(members.text).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
    const told = await dossier.wall.read(accountsViewer, (db) =>
      db.auditEntry.findMany({
        where: { actorId: admin.id, action: { in: ['audit-exported', 'members-exported'] } },
        orderBy: { at: 'asc' },
      }),
    );
    expect(told).toMatchObject([
      { action: 'audit-exported', after: { target: member.id, action: 'comp' } },
      { action: 'members-exported', after: { q: member.email } },
    ]);
  });
});

test.each([
  ['=1', "'=1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['\tx', "'\tx"],
  ['\rx', '"\'\rx"'],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', '"a\nb"'],
  ['plain', 'plain'],
  ['', ''],
  [null, ''],
  [-5, '-5'],
  [true, 'true'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  ['ünï', 'ünï'],
])('the cell of %p', (value, written) => {
  expect(line([value])).toBe(`${written}\r\n`);
});

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['::ffff:cb00:714d', '203.0.113.0/24'],
  ['2001:db8:abcd:12::1', '2001:db8:abcd::/48'],
  ['2001:DB8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['1:2:3:4:5:6:7:8', '1:2:3::/48'],
  ['nonsense', null],
  ['', null],
  [undefined, null],
])('the network of %p', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  ['203.0.113.77', '203.0.113.77'],
  ['::ffff:203.0.113.77', '203.0.113.77'],
  ['::ffff:cb00:714d', '203.0.113.77'],
  ['0:0:0:0:0:FFFF:CB00:714D', '203.0.113.77'],
  ['::FFFF:cb00:714d%eth0', '203.0.113.77'],
  ['0::ffff:203.0.113.77', '203.0.113.77'],
  ['::fffe:cb00:714d', '0:0:0:0::/64'],
  ['64:ff9b::203.0.113.77', '64:ff9b:0:0::/64'],
  ['2001:db8:abcd:12::1', '2001:db8:abcd:12::/64'],
  ['2001:DB8:ABCD:0012:ffff::2', '2001:db8:abcd:12::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['nonsense', ''],
  [undefined, ''],
])('attempts from %p are counted under %p', (address, household) => {
  expect(networkPrefixOf(address)).toBe(household);
});
