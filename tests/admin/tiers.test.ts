import { adminViewer, editorialViewer, accountsViewer } from '../../src/access/viewer';
import { original } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { fieldsOf, open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
let cast: Record<Name, Member>;
let texts: Awaited<ReturnType<typeof textRows>>;
const textRows = () =>
  dossier.wall.read(editorialViewer, (db) => db.tierText.findMany({ orderBy: [{ tierSlug: 'asc' }, { lang: 'asc' }] }));

beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  await dossier.take('a-signal', { 'en.md': original() });
  cast = await enterAll(dossier);
  admin = await somebody(dossier, 'admin');
  texts = await textRows();
});
afterAll(() => dossier.stop());
afterEach(() =>
  dossier.wall.write(adminViewer, async (db) => {
    await db.tierText.deleteMany({});
    await db.tierText.createMany({ data: texts });
  }),
);

const CIRCLE = '/admin/tiers/strategy-circle/texts';
const FORM = {
  'name-en': 'Inner Circle',
  'blurb-en': 'For whoever wants more.',
  'benefits-en': 'The trend\nThe organizations',
  'name-es': 'Círculo Interior',
  'blurb-es': 'Para quien quiera más.',
  'benefits-es': 'La tendencia',
};
type Form = Partial<Record<keyof typeof FORM, string>>;

const entriesOf = (action: string) =>
  dossier.wall.read(accountsViewer, (db) => db.auditEntry.findMany({ where: { action }, orderBy: { at: 'asc' } }));
const anybody = (path: string) => visit(`${dossier.url}${path}`);
const changes = ({ html }: Page) =>
  html.querySelectorAll('.before-after tbody tr').map((row) => row.querySelectorAll('th, td').map((one) => one.text));
const valueOf = ({ html }: Page, id: string) =>
  html.querySelector(`#${id}`)?.getAttribute('value') ?? html.querySelector(`textarea#${id}`)?.text ?? null;

/** Types into the form of a tier and asks to see it. */
async function type(form: Form = {}, path = CIRCLE): Promise<Page> {
  const { version } = fieldsOf(await open(dossier, admin, path)) as { version: string };
  return send(dossier, path, { ...FORM, ...form, version, step: 'look' }, { cookie: admin.cookie });
}
const save = (page: Page, more: Readonly<Record<string, string>> = {}, path = CIRCLE) =>
  send(dossier, path, { ...fieldsOf(page), step: 'save', ...more }, { cookie: admin.cookie });

describe('the texts of a tier', () => {
  test("are looked at, saved with their entry, and said on everybody's next page", async () => {
    expect(said(await anybody('/pricing'), '.plan.tier-green .plan-name')).toBe('Strategy Circle');
    expect(said(await anybody('/briefings/a-signal'), '.gate.tier-green .gate-tier span')).toBe('Strategy Circle');
    const shown = await type();
    expect(changes(shown)).toContainEqual(['Name (English)', 'Strategy Circle', 'Inner Circle']);
    expect(changes(shown)).toContainEqual([
      'Benefits (English)',
      'The deeper trend context of every briefing · A note on each linked organization',
      'The trend · The organizations',
    ]);
    expect([
      said(shown, '.plan[lang=es] .plan-blurb'),
      shown.html.querySelectorAll('.plan[lang=en] .plan-benefits li').map((one) => one.text),
      shown.html.querySelector('.plan a'),
    ]).toEqual(['Para quien quiera más.', ['The trend', 'The organizations'], null]);
    expect(said(await anybody('/pricing'), '.plan.tier-green .plan-name')).toBe('Strategy Circle');

    const answer = await save(shown, { remark: 'a better name' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/tiers?done=tier-worded']);
    const [pricing, spanish, briefing] = [
      await anybody('/pricing'),
      await anybody('/es/pricing'),
      await anybody('/briefings/a-signal'),
    ];
    const plan = '.plan.tier-green';
    expect([
      said(pricing, `${plan} .plan-name`),
      said(pricing, `${plan} .plan-blurb`),
      pricing.html.querySelectorAll(`${plan} .plan-benefits li`).map((one) => one.text),
      said(pricing, `${plan} .plan-do`),
    ]).toEqual(['Inner Circle', 'For whoever wants more.', ['The trend', 'The organizations'], 'Join Inner Circle']);
    expect([said(spanish, `${plan} .plan-name`), said(spanish, `${plan} .plan-blurb`)]).toEqual([
      'Círculo Interior',
      'Para quien quiera más.',
    ]);
    const gate = '.gate.tier-green';
    expect([
      said(briefing, `${gate} .gate-tier span`),
      said(briefing, `${gate} .gate-for`),
      said(briefing, `${gate} .button`),
    ]).toEqual(['Inner Circle', 'For whoever wants more.', 'Join Inner Circle']);
    expect((await entriesOf('tier-worded')).at(-1)).toMatchObject({
      actorId: admin.id,
      targetKind: 'tier',
      targetId: 'strategy-circle',
      reason: 'a better name',
      fromAddress: '127.0.0.0/24',
      before: { 'tier-name.en': 'Strategy Circle', 'tier-name.es': 'Círculo de Estrategia' },
      after: { 'tier-name.en': 'Inner Circle', 'tier-benefits.en': 'The trend · The organizations' },
    });
    expect(said(await open(dossier, admin, '/admin/audit?action=tier-worded'), 'tbody tr')).toContain(
      'Name (Spanish): Círculo de Estrategia → Círculo Interior',
    );
  });

  test("of a language may be missing as a whole, and readers get another's", async () => {
    const page = await type({ 'name-es': '', 'blurb-es': ' ', 'benefits-es': '' });
    expect((await save(page)).status).toBe(303);
    expect(said(await anybody('/es/pricing'), '.plan.tier-green .plan-name')).toBe('Inner Circle');
    expect((await textRows()).filter(({ tierSlug }) => tierSlug === 'strategy-circle').map(({ lang }) => lang)).toEqual(
      ['en'],
    );
  });

  test.each([
    [{ 'name-en': '  ' }, 'name-en', 'Please write a name.'],
    [{ 'name-en': 'x'.repeat(61) }, 'name-en', 'Please use at most 60 characters.'],
    [{ 'name-en': 'Leadership Alliance' }, 'name-en', 'Another tier has this name.'],
    [{ 'name-en': 'Inner \u202ecircle' }, 'name-en', 'Please leave out control characters.'],
    [{ 'blurb-en': '' }, 'blurb-en', 'Please write whom it is for.'],
    [{ 'blurb-en': 'x'.repeat(241) }, 'blurb-en', 'Please use at most 240 characters.'],
    [{ 'benefits-en': '\n \n' }, 'benefits-en', 'Please write at least one benefit.'],
    [{ 'benefits-en': 'x\n'.repeat(9) }, 'benefits-en', 'Please write at most eight benefits.'],
    [{ 'benefits-es': 'x'.repeat(121) }, 'benefits-es', 'Please use at most 120 characters a line.'],
    [{ 'blurb-es': '' }, 'blurb-es', 'Please write whom it is for.'],
  ] as const)('%j is said beside its field, and what was typed is kept', async (form, field, words) => {
    const answer = await type(form);
    expect([
      answer.status,
      said(answer, `#${field}-error`),
      answer.html.querySelectorAll('.field-error').length,
    ]).toEqual([422, words, 1]);
    const other = field === 'name-en' ? 'name-es' : 'name-en';
    expect(valueOf(answer, other)).toBe(FORM[other]);
    expect(await textRows()).toEqual(texts);
  });

  test('what is typed is printed and not run, and goes back to the form when something is to be changed', async () => {
    const shown = await type({ 'blurb-en': '<script>alert(1)</script> & "more"' });
    expect(shown.text).not.toContain('<script>alert');
    const again = await save(shown, { step: 'edit' });
    expect([
      again.status,
      again.text.includes('&lt;script&gt;alert(1)&lt;/script&gt; &amp; '),
      valueOf(again, 'name-en'),
    ]).toEqual([200, true, 'Inner Circle']);
    expect(await textRows()).toEqual(texts);
  });

  test('that another has changed meanwhile are asked for again, with what was typed', async () => {
    const stale = await type({ 'name-en': 'Outer Circle' });
    await save(await type());
    const answer = await save(stale);
    expect([
      answer.status,
      said(answer, '[role=alert]')?.includes('Somebody has changed'),
      valueOf(answer, 'name-en'),
    ]).toEqual([409, true, 'Outer Circle']);
    expect(said(await anybody('/pricing'), '.plan.tier-green .plan-name')).toBe('Inner Circle');
  });

  test('are saved once, however often the form is sent; and not at all where nothing differs', async () => {
    const shown = await type();
    const before = (await entriesOf('tier-worded')).length;
    const fields = { ...fieldsOf(shown), step: 'save' };
    const answers = await Promise.all([1, 2, 3].map(() => send(dossier, CIRCLE, fields, { cookie: admin.cookie })));
    expect([answers.map(({ status }) => status), (await entriesOf('tier-worded')).length]).toEqual([
      [303, 303, 303],
      before + 1,
    ]);
    const same = await type();
    expect([same.status, said(same, '[role=alert]')]).toEqual([422, 'Nothing would change.']);
  });

  test("are nobody's to change but an admin's", async () => {
    const fields = { ...fieldsOf(await type()), step: 'save' };
    for (const [name, status] of [
      ['support', 403],
      ['editor', 404],
      ['circle', 404],
    ] as const) {
      const cookie = cast[name].headers['Cookie']!;
      expect([
        name,
        (await send(dossier, CIRCLE, fields, { cookie })).status,
        (await visit(`${dossier.url}/admin/tiers`, { headers: { Cookie: cookie } })).status,
      ]).toEqual([name, status, status]);
    }
    expect(await textRows()).toEqual(texts);
  });
});

test('the section says the order and why it is fixed, what each opens, and what it costs', async () => {
  const page = await open(dossier, admin, '/admin/tiers');
  expect(page.html.querySelectorAll('.tier-head').map((one) => one.text.trim())).toEqual([
    'Public',
    'Strategy Circle',
    'Leadership Alliance',
  ]);
  expect(said(page, '.section-intro')).toContain('Moving a tier changes');
  expect(
    page.html.querySelectorAll('.lines li').map((one) =>
      one.text
        .replace(/\s+/g, ' ')
        .trim()
        .replace(/price_\w+/, 'price_x'),
    ),
  ).toEqual(['€49 a month price_x 0 subscriptions On offer', '€490 a year price_x 0 subscriptions On offer']);
  expect(page.html.querySelectorAll('a[href$="/price"]').map((one) => one.getAttribute('href'))).toEqual([
    '/admin/tiers/leadership-alliance/price',
  ]);
});

describe('the price of a tier', () => {
  const PRICE = '/admin/tiers/leadership-alliance/price';
  const reprice = async (query: string, more: Readonly<Record<string, string>> = {}) =>
    send(
      dossier,
      PRICE,
      { ...fieldsOf(await open(dossier, admin, `${PRICE}?${query}`)), reason: 'because a test says so', ...more },
      { cookie: admin.cookie },
    );
  const tier = () =>
    dossier.wall.read(accountsViewer, (db) =>
      db.tier.findUniqueOrThrow({
        where: { slug: 'leadership-alliance' },
        select: { monthlyCents: true, yearlyCents: true },
      }),
    );
  const tierRow = () =>
    dossier.wall.read(accountsViewer, (db) =>
      db.tier.findUniqueOrThrow({
        where: { slug: 'leadership-alliance' },
        select: { currency: true, monthlyCents: true, yearlyCents: true },
      }),
    );
  const atStripe = async () =>
    (await dossier.app.billing.stripe.prices.list({ active: true, limit: 100 })).data.map(
      ({ id, unit_amount, lookup_key, recurring }) => ({
        id,
        cents: unit_amount,
        key: lookup_key,
        interval: recurring!.interval,
      }),
    );

  test('changes for whoever joins from now on: at Stripe, on the page of prices, in the log; those who pay keep theirs', async () => {
    const [before] = (await atStripe()).filter(({ interval }) => interval === 'month');
    const customer = await dossier.wall.write(accountsViewer, (db) =>
      db.customer.create({ data: { accountId: cast.alliance.id, stripeId: 'cus_keeps' } }),
    );
    await dossier.wall.write(accountsViewer, (db) =>
      db.subscription.create({
        data: {
          stripeId: 'sub_keeps',
          customerId: customer.id,
          status: 'active',
          priceId: before!.id,
          tierSlug: 'leadership-alliance',
          interval: 'month',
          currency: 'eur',
          amountCents: 4900,
          startedAt: new Date(),
          accessReason: 'active',
          syncedAt: new Date(),
        },
      }),
    );
    expect(said(await anybody('/pricing'), '.plan.tier-gold .plan-figure')).toBe('€49');
    const asked = await open(dossier, admin, `${PRICE}?month=59,50&year=590`);
    expect(changes(asked)).toEqual([
      ['A month', '€49', '€59.50'],
      ['A year', '€490', '€590'],
    ]);
    expect(asked.html.querySelectorAll('.points li')[1]!.text).toBe('1 subscription goes on at the price it has.');

    const answer = await reprice('month=59,50&year=590');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/tiers?done=tier-priced']);
    expect(await tier()).toEqual({ monthlyCents: 5950, yearlyCents: 59_000 });
    expect(said(await anybody('/pricing'), '.plan.tier-gold .plan-figure')).toBe('€59.50');
    expect((await anybody('/join/leadership-alliance')).text).toContain('€59.50');
    const now = await atStripe();
    // The earlier price is there still, without the name under which it was sold.
    expect(
      now
        .filter(({ interval }) => interval === 'month')
        .map(({ cents, key }) => [cents, key !== null])
        .sort(),
    ).toEqual([
      [4900, false],
      [5950, true],
    ]);
    const section = await open(dossier, admin, '/admin/tiers');
    expect(
      section.html.querySelectorAll('.lines li').map((one) =>
        one.text
          .replace(/\s+/g, ' ')
          .trim()
          .replace(/price_\w+/, '·'),
      ),
    ).toContain('€49 a month · 1 subscription Kept by those who pay it');
    expect((await entriesOf('tier-priced')).at(-1)).toMatchObject({
      actorId: admin.id,
      targetId: 'leadership-alliance',
      reason: 'because a test says so',
      before: { 'monthly-cents': 4900, 'yearly-cents': 49_000, currency: 'eur' },
      after: { 'monthly-cents': 5950, 'yearly-cents': 59_000 },
    });
  });

  test('changes once, however often the form is sent', async () => {
    const fields = { ...fieldsOf(await open(dossier, admin, `${PRICE}?month=61&year=610`)), reason: 'x' };
    const before = (await entriesOf('tier-priced')).length;
    const answers = await Promise.all([1, 2, 3].map(() => send(dossier, PRICE, fields, { cookie: admin.cookie })));
    expect([
      answers.map(({ status }) => status),
      (await entriesOf('tier-priced')).length,
      (await atStripe()).filter(({ cents }) => cents === 6100).length,
    ]).toEqual([[303, 303, 303], before + 1, 1]);
  });

  test('is left alone at Stripe too when the form was used for something else', async () => {
    const before = [await tier(), await atStripe()];
    const used = crypto.randomUUID();
    await dossier.wall.write(accountsViewer, (db) =>
      db.auditEntry.create({ data: { id: used, at: new Date(), actor: 'somebody', action: 'comp' } }),
    );
    expect((await reprice('month=71&year=710', { submission: used })).status).toBe(400);
    expect([await tier(), await atStripe()]).toEqual(before);
  });

  test.each([
    'month=0&year=490',
    'month=-4&year=490',
    'month=49.505&year=490',
    'month=1e3&year=490',
    'month=999999&year=490',
    'month=49&year=',
  ])('%s is asked again, beside the field', async (query) => {
    const page = await open(dossier, admin, `${PRICE}?${query}`);
    expect([
      page.status,
      page.html.querySelectorAll('.field-error').length,
      page.html.querySelector('form[method=post][action*=price]'),
    ]).toEqual([422, 1, null]);
  });

  test('is not changed by a stale form, nor without a reason, nor to what it is', async () => {
    const stale = fieldsOf(await open(dossier, admin, `${PRICE}?month=70&year=700`));
    await reprice('month=65&year=650');
    const answer = await send(dossier, PRICE, { ...stale, reason: 'x' }, { cookie: admin.cookie });
    expect([answer.status, changes(answer)[0]]).toEqual([409, ['A month', '€65', '€70']]);
    expect((await reprice('month=70&year=700', { reason: ' ' })).status).toBe(422);
    expect((await open(dossier, admin, `${PRICE}?month=65&year=650`)).status).toBe(422);
    expect(await tier()).toEqual({ monthlyCents: 6500, yearlyCents: 65_000 });
  });

  test.each([
    ['cop', 'month=120000&year=1200000', ['$120,000', '$1,200,000'], [12_000_000, 120_000_000]],
    ['huf', 'month=4900&year=49000,50', ['Ft 4,900', 'Ft 49,000.50'], [490_000, 4_900_050]],
    ['kwd', 'month=15.5&year=155', ['KWD 15.500', 'KWD 155'], [15_500, 155_000]],
    ['jpy', 'month=500&year=5000', ['¥500', '¥5,000'], [500, 5000]],
  ])(
    'in %s is counted as Stripe counts it: in the form, at Stripe, on the page and in the log',
    async (currency, query, said_, cents) => {
      const before = await tierRow();
      try {
        await dossier.wall.write(adminViewer, (db) =>
          db.tier.update({
            where: { slug: 'leadership-alliance' },
            data: { currency, monthlyCents: 100_000, yearlyCents: 1_000_000 },
          }),
        );
        expect((await reprice(query)).status).toBe(303);
        expect(
          (await atStripe())
            .filter(({ key }) => key?.endsWith(currency))
            .map((one) => one.cents)
            .sort(),
        ).toEqual([...cents].sort());
        const plain = (text: string | null) => text?.replace(/\u00a0/g, ' ');
        expect([
          plain(said(await anybody('/pricing'), '.plan.tier-gold .plan-figure')),
          plain(said(await anybody('/pricing?per=year'), '.plan.tier-gold .plan-figure')),
        ]).toEqual(said_);
        const log = plain(said(await open(dossier, admin, '/admin/audit?action=tier-priced'), 'tbody tr'));
        for (const words of said_) expect(log).toContain(`→ ${words}`);
      } finally {
        await dossier.wall.write(adminViewer, (db) =>
          db.tier.update({ where: { slug: 'leadership-alliance' }, data: before }),
        );
      }
    },
  );

  test.each([
    ['isk', 'month=49.50&year=490', 'In ISK, a whole number such as 4900.'],
    ['kwd', 'month=49.505&year=490', 'In KWD, as 49 or 49.50.'],
    ['huf', 'month=174&year=49000', 'Please write an amount between Ft 175 and Ft 20,000,000.'],
  ])('in %s is asked again where Stripe could not charge it', async (currency, query, words) => {
    const before = await tierRow();
    try {
      await dossier.wall.write(adminViewer, (db) =>
        db.tier.update({ where: { slug: 'leadership-alliance' }, data: { currency } }),
      );
      const page = await open(dossier, admin, `${PRICE}?${query}`);
      expect([page.status, page.text.replace(/\u00a0|&nbsp;/g, ' ').includes(words)]).toEqual([422, true]);
    } finally {
      await dossier.wall.write(adminViewer, (db) =>
        db.tier.update({ where: { slug: 'leadership-alliance' }, data: before }),
      );
    }
  });

  test('of a free tier is none, and stays none', async () => {
    const page = await open(dossier, admin, '/admin/tiers/strategy-circle/price');
    expect([said(page, '[role=alert]')?.includes('not sold'), page.html.querySelector('form[action*=price]')]).toEqual([
      true,
      null,
    ]);
    const sent = await send(
      dossier,
      '/admin/tiers/strategy-circle/price',
      { month: '9', year: '90', submission: crypto.randomUUID(), version: 'x', reason: 'x' },
      { cookie: admin.cookie },
    );
    expect(sent.status).toBe(409);
  });
});

test('where Stripe does not answer the price stays as it was', async () => {
  const house = await startDossier();
  try {
    const by = await somebody(house, 'admin');
    const at = '/admin/tiers/leadership-alliance/price';
    const answer = await send(
      house,
      at,
      { ...fieldsOf(await open(house, by, `${at}?month=59&year=590`)), reason: 'x' },
      { cookie: by.cookie },
    );
    expect([answer.status, said(answer, '[role=alert]')?.includes('the price is as it was')]).toEqual([503, true]);
    expect(
      await house.wall.read(accountsViewer, (db) =>
        db.tier.findUniqueOrThrow({ where: { slug: 'leadership-alliance' }, select: { monthlyCents: true } }),
      ),
    ).toEqual({ monthlyCents: 4900 });
    expect(
      await house.wall.read(accountsViewer, (db) => db.auditEntry.count({ where: { action: 'tier-priced' } })),
    ).toBe(0);
  } finally {
    await house.stop();
  }
});
