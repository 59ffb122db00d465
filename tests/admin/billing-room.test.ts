import { accountsViewer } from '../../src/access/viewer';
import { raise } from '../../src/billing/sync/alarms';
import { noPayments } from '../../src/billing/stripe/payments';
import { receive } from '../../src/billing/stripe/inbox';
import type Stripe from 'stripe';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, type Page } from '../support/page';
import { alarmsOf, aSubscriber, buy, drained, rankOf, sandboxOf } from '../support/billing/subscriber';
import { until } from '../support/until';
import { open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
let support: Somebody;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  admin = await somebody(dossier, 'admin');
  support = await somebody(dossier, 'support');
});
afterAll(() => dossier.stop());

const entries = (action: string, targetId?: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({
      where: { action, ...(targetId === undefined ? {} : { targetId }) },
      orderBy: { at: 'asc' },
    }),
  );
const press = (path: string, fields: Record<string, string>, by = admin) =>
  send(dossier, path, fields, { cookie: by.cookie });
/** The fields of the form that leads to an address. */
function formTo({ html }: Page, path: string): Record<string, string> {
  const form = html.querySelectorAll('form[method=post]').find((one) => one.getAttribute('action') === path);
  if (!form) throw new Error(`no form to ${path}`);
  return Object.fromEntries(
    form.querySelectorAll('input').map((field) => [field.getAttribute('name')!, field.getAttribute('value') ?? '']),
  );
}
const anAlarm = async (subject: string, kind: 'drift' | 'refund' = 'refund') => {
  await dossier.wall.write(accountsViewer, (db) =>
    raise(
      db,
      { kind, subject, details: { amountCents: 4900, currency: 'eur', why: '<b>why</b>', full: true } },
      dossier.clock.now(),
    ),
  );
  return (await alarmsOf(dossier, kind)).find((one) => one.subject === subject)!;
};

let number = 0;
/** An event of the sandbox's shape that came in, in a state. */
async function anEvent(
  state: 'dead' | 'done' | 'received',
  more: { readonly type?: string; readonly payload?: null; readonly customer?: string } = {},
): Promise<string> {
  const id = `evt_test_${++number}`;
  const event = {
    id,
    object: 'event',
    type: more.type ?? 'customer.updated',
    created: 1_700_000_000,
    livemode: false,
    data: { object: { object: 'customer', id: more.customer ?? 'cus_nobodys', name: '<script>alert(1)</script>' } },
  };
  await receive(dossier.stores.pool, event as unknown as Stripe.Event);
  await drained(dossier);
  await dossier.wall.write(
    accountsViewer,
    (db) =>
      db.$executeRaw`UPDATE inbox SET state = ${state}::inbox_state, attempts = 12, failure = 'StripeConnectionError', settled_at = now(), payload = CASE WHEN ${more.payload === null} THEN NULL ELSE payload END WHERE event_id = ${id}`,
  );
  return id;
}
const stateOf = async (id: string) =>
  (await dossier.wall.read(accountsViewer, (db) => db.inboxEvent.findUniqueOrThrow({ where: { eventId: id } }))).state;

describe('the overview', () => {
  test('says which Stripe, what is open and what came in', async () => {
    const alarm = await anAlarm('re_overview');
    const page = await open(dossier, admin, '/admin/billing');
    expect([page.status, said(page, 'h1'), said(page, '.chip'), said(page, '[aria-current=page]')]).toEqual([
      200,
      'Billing',
      'Sandbox',
      'Billing',
    ]);
    const row = page.html.querySelector(`#alarm-${alarm.id}`)!;
    expect(row.text.replace(/\s+/g, ' ')).toMatch(
      /Money was sent back re_overview 1 time · first .* Amount€49 Why<b>why<\/b> In fullyes Settle/,
    );
    expect([row.querySelector('b'), page.html.querySelectorAll('.known dt').map((one) => one.text)]).toEqual([
      null,
      ['Waiting', 'Dead', 'Done', 'Not ours'],
    ]);
    expect((await open(dossier, admin, '/es/admin/billing')).text).toContain('No se mueve dinero');
  });

  test('an alarm is settled once, and opened again, with its entries', async () => {
    const { id } = await anAlarm('re_settled');
    const at = `/admin/billing/alarms/${id}`;
    const fields = formTo(await open(dossier, admin, '/admin/billing'), `${at}/settle`);
    for (const answer of [
      await press(`${at}/settle`, fields),
      await press(`${at}/settle`, fields),
      await press(`${at}/settle`, { submission: crypto.randomUUID() }),
    ])
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/billing?done=alarm-settled']);
    expect(said(await open(dossier, admin, '/admin/billing?done=alarm-settled'), '[role=status]')).toContain(
      'The alarm is settled',
    );
    expect((await open(dossier, admin, '/admin/billing')).html.querySelector(`#alarm-${id}`)).toBeNull();
    expect(await entries('alarm-settled', id)).toMatchObject([
      {
        actorId: admin.id,
        target: 'refund re_settled',
        before: { settled: null },
        after: { settled: expect.any(String) },
      },
    ]);
    const settled = await open(dossier, admin, '/admin/billing/alarms?state=settled');
    const answer = await press(`${at}/reopen`, formTo(settled, `${at}/reopen`));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/billing/alarms?done=alarm-reopened']);
    expect(await entries('alarm-reopened', id)).toHaveLength(1);
    expect((await open(dossier, admin, '/admin/billing')).html.querySelector(`#alarm-${id}`)).not.toBeNull();
  });

  test('one is not opened again beside another about the same', async () => {
    const first = await anAlarm('re_twice');
    await press(`/admin/billing/alarms/${first.id}/settle`, { submission: crypto.randomUUID() });
    await anAlarm('re_twice');
    const answer = await press(`/admin/billing/alarms/${first.id}/reopen`, { submission: crypto.randomUUID() });
    expect([answer.status, said(answer, '[role=alert]')]).toEqual([
      409,
      'There is an open alarm about the same already, so this one stays settled.',
    ]);
    expect(await entries('alarm-reopened', first.id)).toEqual([]);
  });

  test('a comparison is asked for once, is done, and stands there with what came of it', async () => {
    const reader = await aSubscriber(dossier);
    await dossier.wall.write(accountsViewer, (db) =>
      db.grant.deleteMany({ where: { reference: reader.subscription } }),
    );
    const page = await open(dossier, admin, '/admin/billing');
    const form = page.html
      .querySelectorAll('form[action="/admin/billing/reconcile"]')
      .find((one) => one.querySelector('input[value=all]'))!;
    const fields = Object.fromEntries(
      form.querySelectorAll('input').map((field) => [field.getAttribute('name')!, field.getAttribute('value')!]),
    );
    for (const answer of [
      await press('/admin/billing/reconcile', fields),
      await press('/admin/billing/reconcile', fields),
    ])
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/billing?done=reconcile-asked']);
    await until(
      async () =>
        (await dossier.wall.read(accountsViewer, (db) =>
          db.reconciliation.count({ where: { scope: 'all', finishedAt: { not: null } } }),
        )) === 1,
      20_000,
    );
    expect(await rankOf(dossier, reader)).toBe(20);
    expect(await entries('reconcile-asked')).toMatchObject([{ actorId: admin.id, after: { scope: 'all' } }]);
    const row = (await open(dossier, admin, '/admin/billing')).html.querySelector('table.dense tbody tr')!;
    expect(
      row
        .querySelectorAll('td')
        .slice(0, 3)
        .map((one) => one.text),
    ).toEqual(['Everybody', expect.stringMatching(/^\d+$/), '1']);
  });

  test('one that runs, and one that failed, are said', async () => {
    const now = dossier.clock.now();
    const [running, failed] = await dossier.wall.write(accountsViewer, async (db) => [
      await db.reconciliation.create({ data: { scope: 'changed', startedAt: now } }),
      await db.reconciliation.create({
        data: { scope: 'changed', startedAt: now, finishedAt: now, failure: 'StripeConnectionError' },
      }),
    ]);
    const page = await open(dossier, admin, '/admin/billing');
    expect([said(page, '.done[role=status]'), page.text.includes('StripeConnectionError')]).toEqual([
      expect.stringContaining('One is under way'),
      true,
    ]);
    await dossier.wall.write(accountsViewer, (db) =>
      db.reconciliation.deleteMany({ where: { id: { in: [running.id, failed.id] } } }),
    );
  });

  test('support is told that it is not theirs, in every page and for every button', async () => {
    for (const path of [
      '',
      '/alarms',
      '/inbox',
      '/event?id=evt_x',
      '/inbox/replay-dead',
      '/drift',
      '/compare?customer=cus_x',
    ])
      expect([path, (await open(dossier, support, `/admin/billing${path}`)).status]).toEqual([path, 403]);
    for (const path of [
      '/reconcile',
      '/event/replay',
      '/inbox/replay-dead',
      '/repair',
      '/inbox/export',
      '/alarms/export',
    ])
      expect([path, (await press(`/admin/billing${path}`, {}, support)).status]).toEqual([path, 403]);
    expect(
      (await open(dossier, support, '/admin/members')).html.querySelectorAll('.tabs a').map((one) => one.text),
    ).toEqual(['Members', 'Subscribers', 'Letters']);
  });
});

describe('the inbox', () => {
  test('is sifted by state, kind and id', async () => {
    const dead = await anEvent('dead');
    const ids = async (query: string) =>
      (await open(dossier, admin, `/admin/billing/inbox${query}`)).html
        .querySelectorAll('tbody .dense-under')
        .map((one) => one.text);
    expect(await ids('?state=dead')).toContain(dead);
    expect(await ids('?state=dead&type=invoice.paid')).toEqual([]);
    expect(await ids(`?about=${dead}`)).toEqual([dead, 'StripeConnectionError']);
    expect((await ids('?about=cus_nobodys')).filter((one) => one.startsWith('evt_'))).toContain(dead);
    await dossier.wall.write(accountsViewer, (db) => db.inboxEvent.deleteMany({ where: { eventId: dead } }));
  });

  test('and the alarms are exported as they are sifted, with an entry each and no formula', async () => {
    const id = await anEvent('dead', { customer: 'cus_export' });
    await dossier.wall.write(accountsViewer, (db) =>
      db.inboxEvent.update({ where: { eventId: id }, data: { failure: '=HYPERLINK("x")' } }),
    );
    const form = formTo(
      await open(dossier, admin, '/admin/billing/inbox?about=cus_export'),
      '/admin/billing/inbox/export',
    );
    expect(form).toEqual({ about: 'cus_export' });
    const rows = async (path: string, fields: Record<string, string>) =>
      (await press(path, fields)).text.trimEnd().split('\r\n').slice(1);
    expect(await rows('/admin/billing/inbox/export', form)).toEqual([
      expect.stringMatching(
        new RegExp(`^${id},customer.updated,cus_export,\\d{4}-[\\dT:.-]+Z,dead,12,"'=HYPERLINK\\(""x""\\)"$`),
      ),
    ]);
    const { id: alarm } = await anAlarm('re_exported');
    const lines = await rows(
      '/admin/billing/alarms/export',
      formTo(await open(dossier, admin, '/admin/billing/alarms?kind=refund'), '/admin/billing/alarms/export'),
    );
    expect(lines.filter((one) => one.startsWith(alarm))).toEqual([expect.stringContaining(',refund,re_exported,')]);
    expect(await rows('/admin/billing/alarms/export', { state: 'settled', kind: 'unknown-price' })).toEqual([]);
    expect((await entries('inbox-exported')).at(-1)).toMatchObject({ after: { about: 'cus_export' } });
    expect(await entries('alarms-exported')).toMatchObject([
      { after: { state: 'open', kind: 'refund' } },
      { after: { state: 'settled', kind: 'unknown-price' } },
    ]);
    await dossier.wall.write(accountsViewer, (db) => db.inboxEvent.deleteMany({ where: { eventId: id } }));
  });

  test('pages through, there and back, and misses none', async () => {
    const made = Array.from({ length: 120 }, (_, index) => ({
      eventId: `evt_page_${String(index).padStart(3, '0')}`,
      type: 'price.updated',
      createdAt: new Date(0),
      receivedAt: new Date(86_400_000 + Math.floor(index / 3)),
      state: 'done' as const,
    }));
    await dossier.wall.write(accountsViewer, (db) => db.inboxEvent.createMany({ data: made }));
    const seen: string[] = [];
    let path: string | null = '/admin/billing/inbox?type=price.updated&state=done';
    let last: Page | null = null;
    while (path !== null) {
      last = await open(dossier, admin, path);
      seen.push(
        ...last.html
          .querySelectorAll('tbody .dense-under')
          .map((one) => one.text)
          .filter((one) => one.startsWith('evt_page_')),
      );
      path = last.html.querySelector('a[rel=next]')?.getAttribute('href')?.replaceAll('&amp;', '&') ?? null;
    }
    expect(seen).toEqual(made.map(({ eventId }) => eventId).reverse());
    const back = await open(
      dossier,
      admin,
      last!.html.querySelector('a[rel=prev]')!.getAttribute('href')!.replaceAll('&amp;', '&'),
    );
    expect(back.html.querySelectorAll('tbody tr')).toHaveLength(50);
  });

  test('an event is shown as it came, harmless, with whose it is; whoever looks stands in the log', async () => {
    const reader = await aSubscriber(dossier);
    const id = await anEvent('done', { customer: reader.customer });
    const page = await open(dossier, admin, `/admin/billing/event?id=${id}`);
    expect([page.status, page.text.includes('<script>alert(1)'), page.text.includes('&lt;script&gt;alert(1)')]).toEqual(
      [200, false, true],
    );
    expect(page.html.querySelector(`a[href="/admin/members/${reader.accountId}/billing"]`)?.text).toBe(reader.email);
    expect(await entries('event-viewed', id)).toMatchObject([{ actorId: admin.id }]);
  });

  test.each(['dead', 'done'] as const)('a %s one is replayed, once however often it is sent', async (state) => {
    const reader = await aSubscriber(dossier);
    const id = await anEvent(state, { customer: reader.customer });
    await dossier.wall.write(accountsViewer, (db) =>
      db.grant.deleteMany({ where: { reference: reader.subscription } }),
    );
    const fields = formTo(await open(dossier, admin, `/admin/billing/event?id=${id}`), '/admin/billing/event/replay');
    const answer = await press('/admin/billing/event/replay', fields);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `/admin/billing/event?id=${id}&done=event-replayed`,
    ]);
    await drained(dossier);
    expect([await stateOf(id), await rankOf(dossier, reader)]).toEqual(['done', 20]);
    expect((await press('/admin/billing/event/replay', fields)).status).toBe(303);
    expect(await entries('event-replayed', id)).toMatchObject([
      { actorId: admin.id, before: { state, failed: 12 }, after: { state: 'received' } },
    ]);
  });

  test('one that is no longer kept is not replayed', async () => {
    const id = await anEvent('done', { payload: null });
    const page = await open(dossier, admin, `/admin/billing/event?id=${id}`);
    expect([page.html.querySelector('form[action$=replay]'), page.text.includes('no longer kept')]).toEqual([
      null,
      true,
    ]);
    const answer = await press('/admin/billing/event/replay', { submission: crypto.randomUUID(), id });
    expect([answer.status, await stateOf(id), await entries('event-replayed', id)]).toEqual([409, 'done', []]);
  });

  test('all dead ones are replayed after asking, with how many', async () => {
    expect(said(await open(dossier, admin, '/admin/billing/inbox/replay-dead'), '.form-error')).toBe(
      'No event lies dead.',
    );
    const dead = [await anEvent('dead'), await anEvent('dead'), await anEvent('dead')];
    expect(
      (await open(dossier, admin, '/admin/billing/inbox')).html.querySelector(
        'a[href="/admin/billing/inbox/replay-dead"]',
      )?.text,
    ).toBe('Replay 3 dead events');
    const page = await open(dossier, admin, '/admin/billing/inbox/replay-dead');
    expect([said(page, '#asked'), said(page, '.points li')]).toEqual([
      '3 dead events',
      '3 events go back into the queue, and their customers are looked at anew.',
    ]);
    const fields = formTo(page, '/admin/billing/inbox/replay-dead');
    for (const answer of [
      await press('/admin/billing/inbox/replay-dead', { ...fields, remark: 'Stripe was away' }),
      await press('/admin/billing/inbox/replay-dead', fields),
    ])
      expect(answer.status).toBe(303);
    await drained(dossier);
    expect(await Promise.all(dead.map(stateOf))).toEqual(['ignored', 'ignored', 'ignored']);
    expect(await entries('events-replayed')).toMatchObject([
      { actorId: admin.id, before: { dead: 3 }, after: { dead: 0 }, reason: 'Stripe was away' },
    ]);
  });
});

describe('drift', () => {
  test("lists whom open alarms are about; ours stand beside Stripe's, and are repaired", async () => {
    const reader = await aSubscriber(dossier);
    const { acts } = sandboxOf(dossier);
    await anAlarm(reader.customer, 'drift');
    dossier.payments!.sandbox.deliveries.dropNext(1_000);
    acts.cancelNow(reader.subscription);
    await drained(dossier);
    dossier.payments!.sandbox.deliveries.dropNext(0);
    const list = await open(dossier, admin, '/admin/billing/drift');
    const line = list.html.querySelectorAll('tbody tr').find((one) => one.text.includes(reader.customer))!;
    expect(line.text.replace(/\s+/g, ' ')).toContain(`${reader.subscription}: active, active`);
    expect(line.querySelector('a[href^="/admin/billing/compare"]')?.getAttribute('href')).toBe(
      `/admin/billing/compare?customer=${reader.customer}`,
    );
    const compared = await open(dossier, admin, `/admin/billing/compare?customer=${reader.customer}`);
    const lines = () =>
      Object.fromEntries(
        compared.html
          .querySelectorAll('.both tbody tr')
          .map((row) => [row.querySelector('th')!.text, row.querySelectorAll('td').map((one) => one.text)]),
      );
    expect([said(compared, '.standing'), lines()['Status'], lines()['Ended']![0]]).toEqual([
      expect.stringContaining('differ'),
      ['active', 'canceled (differs)'],
      '—',
    ]);
    // Looking has written nothing down.
    expect(await rankOf(dossier, reader)).toBe(20);
    const fields = formTo(compared, '/admin/billing/repair');
    for (const answer of [await press('/admin/billing/repair', fields), await press('/admin/billing/repair', fields)])
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        `/admin/billing/compare?customer=${reader.customer}&done=customer-repaired`,
      ]);
    expect(await rankOf(dossier, reader)).toBe(10);
    expect(await entries('customer-repaired', reader.customer)).toMatchObject([
      { actorId: admin.id, after: { outcome: 'applied', changed: true, access: false, account: reader.accountId } },
    ]);
    expect(said(await open(dossier, admin, `/admin/billing/compare?customer=${reader.customer}`), '.standing')).toBe(
      'Our records say what Stripe says.',
    );
  });

  test("a customer Stripe never had, and one that is nobody's here, are said to be", async () => {
    const page = await open(dossier, admin, '/admin/billing/compare?customer=cus_never');
    expect([page.status, said(page, '[role=alert]')]).toEqual([200, 'Stripe has never had such a customer.']);
    const stranger = await sandboxOf(dossier).stripe.customers.create({ email: 'stranger@example.org' });
    expect((await open(dossier, admin, `/admin/billing/compare?customer=${stranger.id}`)).text).toContain(
      'We have no record of this customer.',
    );
    const answer = await press('/admin/billing/repair', { submission: crypto.randomUUID(), customer: stranger.id });
    expect([answer.status, said(answer, '[role=alert]')]).toEqual([
      409,
      'This customer belongs to no account here, so nothing was written down.',
    ]);
  });

  test("what is no customer's id is said to be none, beside the field", async () => {
    const page = await open(dossier, admin, '/admin/billing/drift?customer=%3Cb%3E');
    expect([
      page.status,
      said(page, '#customer-error'),
      page.html.querySelector('#customer')?.getAttribute('value'),
    ]).toEqual([422, 'Please write a whole customer id, as cus_….', '<b>']);
    expect((await open(dossier, admin, '/admin/billing/drift?customer=cus_X1')).headers.get('location')).toBe(
      '/admin/billing/compare?customer=cus_X1',
    );
  });

  test('two live subscriptions are found by their alarm', async () => {
    const reader = await aSubscriber(dossier);
    await buy(dossier, reader);
    await drained(dossier);
    const line = (await open(dossier, admin, '/admin/billing/drift')).html
      .querySelectorAll('tbody tr')
      .find((one) => one.text.includes(reader.customer));
    expect(line?.text).toContain('An account has two live subscriptions and pays twice');
  });
});

test('when Stripe does not answer, a sentence says so and nothing is done', async () => {
  const away = await startDossier({
    on: dossier.urls,
    billing: { works: false, payments: { ...noPayments(), clock: dossier.clock } },
  });
  try {
    const page = await open(away, admin, '/admin/billing/compare?customer=cus_x');
    expect([page.status, said(page, '[role=alert]')]).toEqual([
      503,
      expect.stringContaining('Stripe does not answer just now'),
    ]);
    const answer = await send(
      away,
      '/admin/billing/repair',
      { submission: crypto.randomUUID(), customer: 'cus_x' },
      { cookie: admin.cookie },
    );
    expect([answer.status, said(answer, '[role=alert]')]).toEqual([
      503,
      expect.stringContaining('nothing was repaired'),
    ]);
    expect(await entries('customer-repaired', 'cus_x')).toEqual([]);
    expect(said(await open(away, admin, '/admin/billing'), '.chip')).toBe('Test mode');
  } finally {
    await away.stop();
  }
});
