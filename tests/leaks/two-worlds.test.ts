import { mend, put, signFor, withoutTheRule } from './patches';
import { createHash } from 'node:crypto';
import { formsOf } from '../../src/leaks/forms';
import type { Scene } from '../../src/leaks/oracle';
import type { BriefingResult } from '../../src/briefings/reading/queries';
import { SURFACES } from '../../src/leaks/surface-list';
import type { Exchange } from '../../src/leaks/walk';
import { asSuperuserIn, createDatabase, type Cluster } from '../support/stores/cluster';
import { startDossier, type Dossier } from '../support/dossier';
import { LONG } from '../support/long';
import { sceneOf, shortWalk } from './site';

/**
 * Databases that are copies of one another but for gated text, which is another one in each, of another length: whoever
 * may not read it cannot tell from any answer in which of these worlds they are. `npm test` asks where
 * passages are nearest, in the few ways of every walk; the long tests ask everywhere, in all ways there are.
 */
let scene: Scene;
let first: Cluster & { drop(): Promise<void> };
/** Every gated text is another one here. */
let second: Cluster & { drop(): Promise<void> };
/** Only what the highest tier opens is another one here. */
let third: Cluster & { drop(): Promise<void> };
/** In every world it is this moment: pages that say when a session was last seen say the same. */
const now = new Date();
const clock = { now: () => now };

/** Those who read no gated text at all; in `npm test` one for each way to be nobody. */
const NOBODYS = LONG
  ? [
      'visitor',
      'AI bot',
      'stranger',
      'subscriber',
      'suspended',
      'logged out',
      'gift, ended',
      'gift, revoked',
      'token, suspended',
    ]
  : ['visitor', 'stranger', 'subscriber', 'suspended', 'gift, ended', 'token, suspended'];
/** Those who read what the lower tier opens, and were once let further, will be, or never. */
const MEMBERS = LONG ? ['circle', 'lapsed', 'token, circle', 'token, lapsed'] : ['lapsed', 'token, circle'];
/** Those who may read all of it. They walk too, so that nobody is served what was made for them. */
const ENTITLED = ['alliance', 'token, alliance', 'gift'];

beforeAll(async () => {
  first = await createDatabase();
  const planting = await startDossier({ on: first });
  scene = await sceneOf(planting);
  await planting.stop();
  await asSuperuserIn(first.superuser, (client) => client.query('UPDATE logins SET last_seen_at = $1', [now]));
  const source = new URL(first.app).pathname.slice(1);
  second = await createDatabase(source);
  third = await createDatabase(source);
  await asSuperuserIn(second.superuser, (client) => client.query(rewrite('true') + REWRITE_HIDDEN));
  await asSuperuserIn(third.superuser, (client) =>
    client.query(
      rewrite(
        `(tier_slug = '${scene.planted.steps.top.slug}' AND (tier_until IS NULL OR tier_until > now())) OR kind IN ('evidence', 'failure_path', 'source_note')`,
      ) + REWRITE_HIDDEN,
    ),
  );
}, 1_200_000);
afterEach(mend);
afterAll(async () => {
  await first.drop();
  await second?.drop();
  await third?.drop();
});

/** Other words in passages, other keys where a key is a word of its own, and no pictures. */
const rewrite = (which: string) => `
  DELETE FROM passage_placements WHERE passage_id IN (SELECT id FROM passages WHERE ${which});
  UPDATE passages SET text = 'Another text ' || md5(text) || repeat(' and more of it', (random() * 40)::int),
    key = CASE WHEN kind IN ('organization', 'source_note') THEN key ELSE 'k' || substr(md5(key), 1, 4 + get_byte(sha256(key::bytea), 0) % 20) END
    WHERE ${which};`;

/** Other words in whatever is not open yet. */
const REWRITE_HIDDEN = `
  UPDATE editions SET title = md5(title), summary = repeat(md5(summary), 2), lead = md5(lead), body = repeat(md5(body), 5)
    WHERE briefing_id IN (SELECT id FROM briefings WHERE state <> 'published' OR published_at > now() OR early_until > now());
  UPDATE explanations SET text = md5(text) WHERE briefing_id IN (SELECT id FROM briefings WHERE state <> 'published' OR published_at > now() OR early_until > now());`;

const VOLATILE = new Set(['date', 'age']);

/**
 * An answer without what differs from one second to the next (its date, its id, the end of a cookie's life), and
 * without the visitor's own cookie: a page that somebody has asked for before comes from memory, where none is renewed.
 */
function digest({ answer, cell }: Exchange): string {
  const own = cell.visitor.headers.Cookie?.split(';')[0];
  const headers: string[] = [];
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const name = answer.rawHeaders[at]!.toLowerCase();
    if (VOLATILE.has(name) || name === 'x-request-id') continue;
    if (name === 'set-cookie' && own && answer.rawHeaders[at + 1]!.startsWith(`${own};`)) continue;
    headers.push(`${name}: ${answer.rawHeaders[at + 1]!.replace(/Expires=[^;]+/gi, 'Expires=')}`);
  }
  return [answer.status, ...headers, createHash('sha256').update(answer.body).digest('hex')].join('\n');
}

/** Whatever only reads. `/readyz` speaks of the process. */
const READ = SURFACES.filter(({ near, shows }) => LONG || near || shows)
  .map(({ route }) => String(route))
  .filter((route) => route.startsWith('GET ') && !route.includes('readyz'));

/** Every answer of a walk, by who asked what. */
type Answers = ReadonlyMap<string, string>;

async function answersOf(dossier: Dossier, names: readonly string[], routes: readonly string[]): Promise<Answers> {
  const answers = new Map<string, string>();
  await shortWalk(
    dossier,
    scene,
    { names, routes, all: LONG, near: LONG && routes === READ },
    {
      hear: (exchange) => {
        answers.set(
          `${exchange.cell.visitor.name} | ${exchange.variant} | ${exchange.ask.method} ${exchange.cell.address}`,
          digest(exchange),
        );
      },
    },
  );
  return answers;
}

const of = (answers: Answers, names: readonly string[]) =>
  [...answers].filter(([asked]) => names.includes(asked.split(' | ')[0]!));

/** What these visitors were answered otherwise in one world than in another. */
function differences(here: Answers, there: Answers, names: readonly string[]): unknown[] {
  expect(
    of(there, names)
      .map(([asked]) => asked)
      .sort(),
  ).toEqual(
    of(here, names)
      .map(([asked]) => asked)
      .sort(),
  );
  return of(here, names)
    .filter(([asked, answer]) => there.get(asked) !== answer)
    .map(([asked, answer]) => [asked, answer, there.get(asked)]);
}

/** What letters to many would say to them, by whom and about what; of those whose account reads as far as they do. */
async function lettersOf({ app }: Dossier, names: readonly string[]): Promise<Answers> {
  const letters = new Map<string, string>();
  for (const { name, rank, recipientId, letters: far } of scene.visitors)
    if (names.includes(name) && recipientId !== null && (far ?? rank) === rank)
      for (const slug of scene.planted.published) {
        const texts = await app.letterFor(recipientId, [scene.planted.ids[slug]!]);
        letters.set(`${name} | letter | ${slug}`, createHash('sha256').update(JSON.stringify(texts)).digest('hex'));
      }
  if (names.includes('visitor'))
    for (const slug of scene.planted.published) {
      const nobody = { accountId: null, tier: null, formerTier: null, createdAt: new Date(0) };
      const told = { ...nobody, event: 'briefing.changed', briefingId: scene.planted.ids[slug]!, slug };
      letters.set(`visitor | webhook | ${slug}`, (await app.webhookBody(told)) ?? '');
    }
  return letters;
}

/** Walks one world, on the port of the first: absolute addresses are the same in all. */
async function walkIn(world: Cluster, names: readonly string[], routes: readonly string[] = READ): Promise<Answers> {
  const dossier = await startDossier({ on: world, clock, ...(port === 0 ? {} : { port }) });
  port = Number(new URL(dossier.url).port);
  try {
    const answers = await answersOf(dossier, names, routes);
    return routes === READ ? new Map([...answers, ...(await lettersOf(dossier, names))]) : answers;
  } finally {
    await dossier.stop();
  }
}
let port = 0;
let here: Answers;
const BRIEFINGS = ['GET /briefings/:slug', 'GET /api/v1/briefings/:slug'];

test('every answer to those who may not read is the same, byte for byte', async () => {
  here = await walkIn(first, [...NOBODYS, ...MEMBERS, ...ENTITLED]);
  // The same entitled readers: what is asked with a validator of theirs must be the same question in both.
  const there = await walkIn(second, [...NOBODYS, ...ENTITLED]);
  expect(of(here, NOBODYS).length).toBeGreaterThan(LONG ? 3_000 : 100);
  expect(differences(here, there, NOBODYS).slice(0, 5)).toEqual([]);
  // The two worlds do differ, for whoever may see it.
  expect(differences(here, there, ['alliance']).length).toBeGreaterThan(LONG ? 20 : 5);
}, 1_200_000);

test('what the highest tier opens changes no answer to those of the tier below, nor to one who was let further once', async () => {
  const there = await walkIn(third, [...MEMBERS, ...ENTITLED]);
  expect(of(here, MEMBERS).length).toBeGreaterThan(LONG ? 2_000 : 60);
  expect(differences(here, there, MEMBERS).slice(0, 5)).toEqual([]);
  expect(differences(here, there, ['token, alliance']).length).toBeGreaterThan(LONG ? 20 : 2);
  // And they do read what their own tier opens.
  const dossier = await startDossier({ on: first, clock });
  try {
    const circle = scene.visitors.find(({ name }) => name === 'circle')!;
    const page = formsOf(
      await (await fetch(`${dossier.url}/briefings/${scene.planted.published[0]}`, { headers: circle.headers })).text(),
    ).join('');
    expect(
      scene.planted.canaries.all.filter(({ token, rank }) => rank === circle.rank && page.includes(token)).length,
    ).toBeGreaterThan(5);
  } finally {
    await dossier.stop();
  }
}, 1_200_000);

test("a member's answer that gives away no more than how long the locked text is would be seen, on the page and in the API", async () => {
  withoutTheRule();
  signFor((viewer) => (viewer.role === 'reader' ? { ...viewer, rank: 1000 } : viewer));
  // What is locked is read after all, and nothing is said of it but its length.
  put('readBriefingAs', async (actual: (...args: unknown[]) => Promise<BriefingResult>, ...asked: never[]) => {
    const found = await actual(...asked);
    if (!found || !('briefing' in found)) return found;
    let length = 0;
    const editions = Object.fromEntries(
      Object.entries(found.briefing.content.editions).map(([lang, edition]) => {
        for (const { text } of edition.passages) length += text.length;
        return [lang, { ...edition, passages: [] }];
      }),
    );
    for (const edition of Object.values(editions))
      edition.summary = `${edition.summary ?? ''}${' '.repeat(length % 7)}${length}`;
    return { briefing: { ...found.briefing, content: { ...found.briefing.content, editions } } };
  });
  const names = ['circle', 'token, circle'];
  const [one, other] = [await walkIn(first, names, BRIEFINGS), await walkIn(third, names, BRIEFINGS)];
  for (const name of names) expect([name, differences(one, other, [name]).length > 0]).toEqual([name, true]);
}, 1_200_000);
