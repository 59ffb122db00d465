import { createHash } from 'node:crypto';
import { formsOf } from '../../src/leaks/forms';
import type { Scene } from '../../src/leaks/oracle';
import { SURFACES } from '../../src/leaks/rows';
import type { Exchange } from '../../src/leaks/walk';
import { asSuperuserIn, createDatabase, type Cluster } from '../support/cluster';
import { startDossier, type Dossier } from '../support/dossier';
import { sceneOf, shortWalk } from './site';

/**
 * Two databases, one a copy of the other in which every gated text is another one, of another length: whoever may not
 * read it cannot tell from any answer in which of the two worlds they are.
 */
let scene: Scene;
let first: Cluster & { drop(): Promise<void> };
let second: Cluster & { drop(): Promise<void> };

/** Those who read no gated text at all. */
const NOBODYS = ['visitor', 'AI bot', 'stranger', 'suspended', 'logged out', 'token, suspended'];

beforeAll(async () => {
  first = await createDatabase();
  const planting = await startDossier({ on: first });
  scene = await sceneOf(planting);
  await planting.stop();
  second = await createDatabase(new URL(first.app).pathname.slice(1));
  await asSuperuserIn(second.superuser, (client) => client.query(REWRITE));
}, 400_000);
afterAll(async () => {
  await first.drop();
  await second?.drop();
});

/** What is gated: passages with their keys, and every word of what is not open yet. */
const REWRITE = `
  UPDATE passages SET text = 'Another text ' || md5(text) || repeat(' and more of it', (random() * 40)::int),
    key = CASE WHEN kind IN ('organization', 'source_note') THEN key ELSE 'k' || substr(md5(key), 1, 4 + get_byte(sha256(key::bytea), 0) % 20) END;
  UPDATE editions SET title = md5(title), summary = repeat(md5(summary), 2), lead = md5(lead), body = repeat(md5(body), 5)
    WHERE briefing_id IN (SELECT id FROM briefings WHERE state <> 'published' OR published_at > now());
  UPDATE explanations SET text = md5(text) WHERE briefing_id IN (SELECT id FROM briefings WHERE state <> 'published' OR published_at > now());`;

const VOLATILE = new Set(['date', 'age']);

/** An answer without what differs from one second to the next: its date, its id, and the end of a cookie's life. */
function digest({ answer }: Exchange): string {
  const headers: string[] = [];
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const name = answer.rawHeaders[at]!.toLowerCase();
    if (VOLATILE.has(name) || name === 'x-request-id') continue;
    headers.push(`${name}: ${answer.rawHeaders[at + 1]!.replace(/Expires=[^;]+/gi, 'Expires=')}`);
  }
  return [answer.status, ...headers, createHash('sha256').update(answer.body).digest('hex')].join('\n');
}

/** Whatever only reads. `/readyz` speaks of the process. */
const READ = SURFACES.map(({ route }) => String(route)).filter((route) => route.startsWith('GET ') && !route.includes('readyz'));

/** Every answer of a walk, by who asked what. */
async function answersOf(dossier: Dossier, names: readonly string[], routes = READ): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  await shortWalk(dossier, scene, { names, routes, all: true, near: true }, {
    hear: (exchange) => { answers.set(`${exchange.cell.visitor.name} | ${exchange.variant} | ${exchange.ask.method} ${exchange.cell.address}`, digest(exchange)); },
  });
  return answers;
}

test('every answer to those who may not read is the same, byte for byte', async () => {
  const one = await startDossier({ on: first });
  const here = await answersOf(one, NOBODYS);
  const entitled = await answersOf(one, ['alliance'], ['GET /briefings/:slug']);
  const port = Number(new URL(one.url).port);
  await one.stop();
  const two = await startDossier({ on: second, port });
  try {
    const there = await answersOf(two, NOBODYS);
    expect([...there.keys()].sort()).toEqual([...here.keys()].sort());
    expect(here.size).toBeGreaterThan(3_000);
    expect([...here].filter(([name, answer]) => there.get(name) !== answer).map(([name, answer]) => [name, answer, there.get(name)]).slice(0, 5)).toEqual([]);
    // The two worlds do differ, for whoever may see it.
    const members = await answersOf(two, ['alliance'], ['GET /briefings/:slug']);
    expect([...entitled].filter(([name, answer]) => members.get(name) !== answer).length).toBeGreaterThan(20);
    const page = await (await fetch(`${two.url}/briefings/${scene.planted.published[0]}`, { headers: scene.visitors.find(({ name }) => name === 'alliance')!.headers })).text();
    expect(formsOf(page).join('')).toContain('another text');
  } finally {
    await two.stop();
  }
}, 400_000);
