import { accountsViewer } from '../../src/access/viewer';
import { somebody, type Somebody } from '../admin/support';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { act, check, formOn, idIn, listed, see, stateOf, upload } from './support';

let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  admin = await somebody(dossier, 'admin');
}, 120_000);
afterAll(() => dossier.stop());

const account = (email: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.account.findUnique({
      where: { email },
      include: { grants: true, labels: true, letters: true, customers: true },
    }),
  );
const bringIn = async (file: string | Uint8Array, more: Readonly<Record<string, string>> = {}) => {
  const id = idIn(await upload(dossier, admin.cookie, file));
  const checked = await check(dossier, admin.cookie, id, more);
  return { id, checked };
};
const run = async (id: string) => {
  expect((await act(dossier, admin.cookie, id, 'run')).status).toBe(303);
  await stateOf(dossier, id, 'done');
};

test("Ghost's table: a dry run says what would happen, nothing is done before it is meant, and then it is as said", async () => {
  const there = await somebody(dossier, 'reader');
  const file =
    'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers\n' +
    `1,Ada@Example.org,Ada,,true,,,2021-03-04T05:06:07.000Z,,"vip, founder",\n` +
    `2,${there.email},Another name,,true,,,2020-01-01T00:00:00.000Z,,vip,\n` +
    '3,gold@example.org,,,true,,,,,,Gold\n' +
    '4,comp@example.org,Comp,,true,true,,,,,Gold\n';
  const { id, checked } = await bringIn(file);
  expect(checked.text).toContain('Ghost');
  expect(listed(checked).map(([line, email, outcome]) => [line, email, outcome])).toEqual([
    ['2', 'ada@example.org', 'Would be added'],
    ['3', there.email, 'Would be merged'],
    ['4', 'gold@example.org', 'Would be added'],
    ['5', 'comp@example.org', 'Would be added'],
  ]);
  expect(listed(checked)[2]![3]).toBe('The tier in this row gives nothing here.');
  expect(await account('ada@example.org')).toBeNull();
  // What is given without payment is what the admin says, and has an end.
  const again = await check(dossier, admin.cookie, id, { comp: 'leadership-alliance', until: '' });
  expect(listed(again)[3]![3]).toBe('Nothing is given, because there is no end.');
  await check(dossier, admin.cookie, id, { comp: 'leadership-alliance', until: '2027-06-30' });
  await run(id);
  const ada = (await account('ada@example.org'))!;
  expect(ada).toMatchObject({ name: 'Ada', lang: 'en', passwordHash: null, verifiedAt: null, role: 'reader' });
  expect(ada.createdAt.toISOString()).toBe('2021-03-04T05:06:07.000Z');
  expect(ada.grants.map(({ source, tierSlug }) => [source, tierSlug])).toEqual([['JOINED', 'strategy-circle']]);
  expect(ada.labels.map(({ label }) => label).sort()).toEqual(['founder', 'vip']);
  expect(ada.letters).toEqual([]);
  const merged = (await account(there.email))!;
  expect(merged).toMatchObject({ id: there.id, name: 'Mara Member' });
  expect(merged.labels.map(({ label }) => label)).toEqual(['vip']);
  // A paid tier without a customer at Stripe is none.
  expect((await account('gold@example.org'))!.grants.map(({ source }) => source)).toEqual(['JOINED']);
  const comp = (await account('comp@example.org'))!.grants.find(({ source }) => source === 'COMP');
  expect(comp).toMatchObject({ tierSlug: 'leadership-alliance' });
  expect(comp!.until!.toISOString().slice(0, 13)).toBe('2027-06-30T23');
});

const E = 'email,name,joined,until,customer id,lang,plan\n';
test.each<[string, string | Uint8Array, readonly (readonly string[])[]]>([
  [
    'UTF-8 with a mark, semicolons',
    '\ufeffemail;name\r\n"semi@example.org";"A; B"\r\n',
    [['2', 'semi@example.org', 'Would be added']],
  ],
  [
    'UTF-16',
    Buffer.from('\ufeffemail\tname\nu16@example.org\tJosé\n', 'utf16le'),
    [['2', 'u16@example.org', 'Would be added']],
  ],
  [
    'Latin-1',
    Buffer.from('email,name\nlatin@example.org,José\n', 'latin1'),
    [['2', 'latin@example.org', 'Would be added']],
  ],
  [
    'a line that names the sign',
    'sep=;\nemail;name\nsep@example.org;B\n',
    [['3', 'sep@example.org', 'Would be added']],
  ],
  [
    'quotes within, and a name of two lines',
    `email,name\nq@example.org,x "y" z\nm@example.org,"two\nlines"\nn@example.org,N\n`,
    [
      ['2', 'q@example.org', 'Would be added'],
      ['3', 'm@example.org', 'Would be added'],
      ['5', 'n@example.org', 'Would be added'],
    ],
  ],
  [
    'faults of every kind',
    `${E},No address\nnone,N,,,,,\nhid\u200bden@example.org,N\nurl@example.org,http://evil.example\ncus@example.org,C,,,cus-1,,\nhe said@example.org,N\n`,
    [
      ['2', '—', 'Would be refused', 'There is no address.'],
      ['3', '—', 'Would be refused', 'The address is none.'],
      ['4', '—', 'Would be refused', 'The address is none.'],
      [
        '5',
        'url@example.org',
        'Would be refused',
        'The name cannot be shown: it is too long, or holds an address or signs that are not seen.',
      ],
      ['6', 'cus@example.org', 'Would be refused', 'What should be Stripe’s customer is none (cus_…).'],
      ['7', '—', 'Would be refused', 'The address is none.'],
    ],
  ],
  [
    'what is said twice',
    `${E}two@example.org,A,,,cus_a1,,\nTWO@example.org ,B\nother@example.org,C,,,cus_a1,,\n`,
    [
      ['2', 'two@example.org', 'Would be added'],
      ['3', 'two@example.org', 'Would be merged', 'The same address as in line 2: one account.'],
      ['4', 'other@example.org', 'Would be refused', 'Line 2 has the same customer at another address.'],
    ],
  ],
  [
    'what cannot be read in one way, and what is not known',
    `${E}day@example.org,D,03/04/2021,,,,\nlang@example.org,L,2021-02-30,,,klingon,\nmex@example.org,M,,,,es-MX,\n`,
    [
      ['2', 'day@example.org', 'Would be added', 'The day of joining cannot be read; today counts.'],
      [
        '3',
        'lang@example.org',
        'Would be added',
        'The language is not one of this publication. The day of joining cannot be read; today counts.',
      ],
      ['4', 'mex@example.org', 'Would be added'],
    ],
  ],
  [
    'rows of other lengths',
    'email,name\nshort@example.org\nlong@example.org,L,x,y,z\n\n ,\n',
    [
      ['2', 'short@example.org', 'Would be added'],
      ['3', 'long@example.org', 'Would be added'],
    ],
  ],
])('a table with %s', async (_what, file, rows) => {
  const { checked } = await bringIn(file);
  expect(listed(checked)).toEqual(rows.map((row) => [...row]));
});

test.each([
  ['a quotation mark that is never closed', 'email,name\na@b.example,"A\nc@d.example,C\n', 'line 2'],
  ['no row', 'email,name\n', 'no row'],
  ['nothing', '', 'no row'],
])('a file with %s is refused whole, and says where', async (_what, file, told) => {
  const answer = await upload(dossier, admin.cookie, file);
  expect(answer.status).toBe(422);
  expect(answer.html.querySelector('#file-error')?.text).toContain(told);
});

test('columns with other names are matched by hand, and a formula stays a text', async () => {
  const id = idIn(await upload(dossier, admin.cookie, "a,b\nhand@example.org,'=1+1\n=2+2,x\n"));
  const none = await send(
    dossier,
    `/admin/import/${id}/check`,
    formOn(await see(dossier, admin.cookie, `/admin/import/${id}`), 'form.section-form'),
    { cookie: admin.cookie },
  );
  expect(none.status).toBe(422);
  expect(none.text).toContain('Choose the column with the addresses.');
  await check(dossier, admin.cookie, id, { 'column.email': '0', 'column.name': '1' });
  const refused = await send(dossier, `/admin/import/${id}/refused`, {}, { cookie: admin.cookie });
  expect(refused.headers.get('content-type')).toContain('text/csv');
  expect(refused.text.split('\r\n')).toEqual(['line,reason,a,b', "3,The address is none.,'=2+2,x", '']);
  await run(id);
  expect((await account('hand@example.org'))!.name).toBe('=1+1');
});

test('whoever is added is written to where that is asked for, and comes in by the link', async () => {
  const { id } = await bringIn('email\nletter@example.org\n', { letters: 'yes' });
  await run(id);
  const { letters } = (await account('letter@example.org'))!;
  expect(letters.map(({ kind }) => kind)).toEqual(['brought-in']);
  const { token } = letters[0]!.data as { token: string };
  const page = await see(dossier, '', `/reset/choose?token=${token}`);
  expect(page.status).toBe(200);
});

test('taken back: what was built on stays and says why, everything else is as if it had never been', async () => {
  const there = await somebody(dossier, 'reader');
  const file =
    'email,labels,comp,until\n' +
    `back@example.org,x,yes,2030-01-01\nused@example.org,x,,\n${there.email},y,yes,2030-01-01\nback@example.org,z,,\n`;
  const { id } = await bringIn(file, { comp: 'leadership-alliance' });
  await run(id);
  const used = (await account('used@example.org'))!;
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: used.id }, data: { verifiedAt: new Date() } }),
  );
  expect((await act(dossier, admin.cookie, id, 'take-back')).status).toBe(303);
  await stateOf(dossier, id, 'taken-back');
  expect(await account('back@example.org')).toBeNull();
  expect(await account('used@example.org')).not.toBeNull();
  const left = (await account(there.email))!;
  expect([left.labels, left.grants.filter(({ source }) => source === 'COMP')]).toEqual([[], []]);
  const rows = listed(await see(dossier, admin.cookie, `/admin/import/${id}?outcome=kept`));
  expect(rows).toEqual([
    ['3', 'used@example.org', 'Stays', 'Has logged in, chosen a password or confirmed the address.'],
  ]);
  // Once more, and what is gone cannot be begun again.
  expect((await see(dossier, admin.cookie, `/admin/import/${id}/take-back`)).text).toContain('cannot be done');
});
