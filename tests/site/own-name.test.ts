import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { mailOptions } from '../../src/app-hooks';
import { makeOwnPublication, OWN_NAME } from '../../src/leaks/own-publication';
import { writeLetter } from '../../src/stores/postgres/outbox';
import { sendToMany, subscribers } from '../issues/support';
import { aBuyer, sandboxOf, subscribe } from '../support/billing/buyer';
import { original } from '../support/briefing';
import { enter } from '../support/cast';
import { PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { startMailServer, type MailServer, type Received } from '../support/mail-server';
import { setSetting } from '../support/set-setting';
import { until } from '../support/until';

/** What programs, mail servers and Stripe get of a publication of one's own; its pages are walked in `name.test.ts`. */
let dossier: Dossier;
let server: MailServer;

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startDossier({ billing: true, smtpUrl: server.url });
  await makeOwnPublication(dossier.wall);
  await setSetting(dossier, 'languages', {
    list: (['en', 'es', 'he'] as const).map((code) => ({ code, dir: code === 'he' ? 'rtl' : 'ltr', on: true })),
  });
  await setSetting(dossier, 'identity', { name: { en: OWN_NAME }, description: { en: 'What rises, read early.' } });
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(async () => {
  await dossier?.stop();
  await server?.stop();
});

/** Cookies of a session and of a device keep their names. */
const COOKIE = /(?:__Host-)?dossier(?:-device)?=/g;
const tracesIn = (text: string): string | null => /.{0,60}dossier.{0,60}/i.exec(text.replace(COOKIE, ''))?.[0] ?? null;

/** Head and body as they came, unpacked. */
async function whole(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const headers = { Origin: dossier.url, ...(init.headers as Record<string, string> | undefined) };
  const answer = await fetch(`${dossier.url}${path}`, { redirect: 'manual', ...init, headers });
  const heads = [...answer.headers].map((one) => one.join(': ')).join('\n');
  return { status: answer.status, text: `${heads}\n\n${await answer.text()}` };
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

const ANSWERS: readonly (readonly [path: string, status: number, init?: RequestInit])[] = [
  ['/feed.xml', 200],
  ['/feed.json', 200],
  ['/es/feed.xml', 200],
  ['/categories/cloud-service/feed.xml', 200],
  ['/sitemap.xml', 200],
  ['/robots.txt', 200],
  ['/llms.txt', 200],
  ['/.well-known/security.txt', 200],
  ['/api/openapi.json', 200],
  ['/api/v1/briefings', 200],
  ['/api/v1/briefings/a-signal', 200],
  ['/api/v1/nothing', 404],
  ['/api/v1/briefings?order=backwards', 400],
  ['/briefings/a-signal', 200],
  ['/he/briefings/a-signal', 200],
  ['/nowhere', 404],
  ['/he/nowhere', 404],
  ['/%ff', 400],
  ['/login', 405, { method: 'DELETE' }],
  ['/login', 400, { method: 'POST', headers: JSON_TYPE, body: '{' }],
  ['/login', 413, { method: 'POST', body: new URLSearchParams({ email: 'x'.repeat(3_000_000) }) }],
  ['/webhooks/stripe', 400, { method: 'POST', headers: JSON_TYPE, body: '{}' }],
  ['/admin', 303],
  ['/setup', 404],
  ['/healthz', 200],
  ['/readyz', 200],
  ['/assets/x/site.css', 200],
  ['/assets/x/favicon.svg', 200],
];

test.each(ANSWERS.map(([path, status, init = {}]) => ({ path, status, init })))(
  '$path ($status) does not say it',
  async ({ path, status, init }) => {
    const answer = await whole(path, init);
    expect([path, answer.status, tracesIn(answer.text)]).toEqual([path, status, null]);
  },
);

/** A letter as it came, and what its parts say when they are decoded. */
function decoded({ raw }: Received): string {
  const parts = raw.split(/\r\n--[^\r\n]+\r\n/).map((part) => {
    const [head = '', body = ''] = part.split(/\r\n\r\n([^]*)/);
    return /base64/i.test(head)
      ? Buffer.from(body, 'base64').toString()
      : body
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  });
  const words = raw.replace(/=\?utf-8\?B\?([^?]*)\?=/gi, (_, text: string) => Buffer.from(text, 'base64').toString());
  return [raw, words, ...parts].join('\n');
}

test('no letter of any kind says it, in head or body, in any language', async () => {
  const { kinds } = mailOptions({ config: { smtpUrl: null, mailFrom: null, mode: 'test' } } as never);
  const letters = Object.keys(kinds).flatMap((kind) => ['en', 'es', 'he'].map((lang) => ({ kind, lang })));
  expect(letters.length).toBeGreaterThan(75);
  server.received.length = 0;
  await dossier.wall.write(accountsViewer, async (db) => {
    for (const { kind, lang } of letters) {
      const { success, data = {} } = kinds[kind]!.data.safeParse({ token: 'A'.repeat(43) });
      expect([kind, success || kinds[kind]!.data.safeParse({}).success]).toEqual([kind, true]);
      await writeLetter(db, {
        ...{ key: `own name ${kind} ${lang}`, kind, lang },
        ...{ recipient: `${kind}.${lang}@example.org`, accountId: null, data: data as Record<string, string> },
      });
    }
  });
  await until(() => server.received.length >= letters.length, 20_000);
  expect(server.received.filter((one) => !decoded(one).includes(OWN_NAME)).map(({ recipients }) => recipients)).toEqual(
    [],
  );
  const said = server.received.map((one) => [one.recipients[0], tracesIn(decoded(one))]);
  expect(said.filter(([, trace]) => trace !== null)).toEqual([]);
});

test('no letter to many says it, in head or body', async () => {
  const editor = await enter(dossier, 'editor');
  const many = await subscribers(dossier, 3);
  const { id } = await dossier.wall.read(editorialViewer, (db) =>
    db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' }, select: { id: true } }),
  );
  server.received.length = 0;
  await sendToMany(dossier, editor, id);
  await until(() => server.received.length >= many.length, 20_000);
  expect(server.received.map((one) => tracesIn(decoded(one)))).toEqual(many.map(() => null));
  expect(server.received.every((one) => decoded(one).includes(OWN_NAME))).toBe(true);
});

test('nothing that Stripe shows to whoever pays says it: products, prices, statements, pages, invoices', async () => {
  const buyer = await aBuyer(dossier);
  await subscribe(dossier, buyer);
  const { world } = sandboxOf(dossier);
  const shown = /^(?:name|nickname|description|statement_descriptor\w*|headline|business_name|custom_\w+|footer)$/;
  const texts: string[] = [];
  const seen = new Set<unknown>();
  const look = (value: unknown, key = ''): void => {
    if (typeof value === 'object' && seen.size === seen.add(value).size) return;
    if (typeof value === 'string') {
      if (shown.test(key)) texts.push(value);
    } else if (value instanceof Map) for (const one of value.values()) look(one, key);
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) look(one, name === 'custom_text' ? 'custom_text' : name);
  };
  for (const part of [world.products, world.prices, world.subscriptions, world.invoices, world.customers]) look(part);
  expect(texts).toContain('Leadership Alliance');
  expect(texts.filter((text) => tracesIn(text) !== null)).toEqual([]);
});

test('what somebody takes along of themselves does not say it', async () => {
  const buyer = await aBuyer(dossier);
  const taken = await send(dossier, '/account/export', { 'export-current': PASSWORD }, { cookie: buyer.cookie });
  const heads = [...taken.headers].filter(([name]) => name !== 'set-cookie').join('\n');
  expect([taken.status, tracesIn(`${heads}\n${taken.text}`)]).toEqual([200, null]);
  expect(taken.text).toContain(buyer.email);
});
