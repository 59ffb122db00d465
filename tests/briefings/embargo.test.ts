import { canSeeBriefing } from '../../src/access/briefings';
import { decide, readable, requiredTier } from '../../src/access/matrix';
import { editorialViewer, type Viewer } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import { embargoOf, whereVisible } from '../../src/briefings/reading/rows';
import { loadMatrix } from '../../src/membership/matrix';
import { momentOf } from '../../src/stores/postgres/wall';
import { ask, briefingIn, listIn } from '../support/api';
import { original, SPANISH } from '../support/briefing';
import { enterAll, tokenFor, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
const at = (path: string, name: Name = 'visitor', on = dossier) =>
  visit(`${on.url}${path}`, { headers: cast[name].headers });
const FAR = '2999-01-01T08:00:00Z';
const stricter = (moment: string, tier = 'leadership-alliance') =>
  `\n    trend/trend: ${tier}\n  until:\n    trend/trend: ${moment}`;
const early = (moment: string, tier = 'leadership-alliance') => `\n    tier: ${tier}\n    until: ${moment}`;
/** A second that is a few seconds off, as files write it. */
const soon = (seconds: number) => new Date(Math.ceil(Date.now() / 1000) * 1000 + seconds * 1000);
const write = (moment: Date) => `${moment.toISOString().slice(0, 19)}Z`;

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', { 'en.md': original() });
  await dossier.take('embargo', { 'en.md': original({ slug: 'embargo', stricter: stricter(FAR) }), 'es.md': SPANISH });
  await dossier.take('early', {
    'en.md': original({ slug: 'early', formerly: '[early-before]', early: early(FAR) }).replace(
      'A signal in English',
      'GATED early title',
    ),
  });
  await dossier.take('tomorrow', {
    'en.md': original({ slug: 'tomorrow', formerly: '[tomorrow-before]', published: '2999-01-01T00:00:00Z' }),
  });
});
afterAll(() => dossier.stop());

describe('the rule, its filter and Postgres agree, before the moment, at it and after it', () => {
  test.each([-1, 0, 1])('%i seconds after it', async (seconds) => {
    await dossier.wall.read(editorialViewer, async (db) => {
      const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
      const moment = new Date(now.getTime() - seconds * 1000);
      for (const kind of ['trend', 'evidence', 'source-note'] as const) {
        for (const { slug: tier } of matrix.tiers) {
          const [row] = await db.$queryRaw<
            { rank: number }[]
          >`SELECT wall.required_rank(${kind.replace('-', '_')}::passage_kind, ${tier}, now() - make_interval(secs => ${seconds})) AS rank`;
          expect([kind, tier, row!.rank]).toEqual([
            kind,
            tier,
            requiredTier(matrix, { kind, tier, until: moment }, now).rank,
          ]);
          for (const rank of [0, 10, 20]) {
            const viewer: Viewer = { role: 'reader', rank };
            const { kinds, tiers, now: by } = readable(matrix, viewer, now);
            expect(kinds.includes(kind) && (tiers.includes(tier) || moment <= by)).toBe(
              decide(matrix, viewer, { kind, tier, until: moment }, now).allowed,
            );
          }
        }
      }
    });
  });

  test.each(['2001-01-01T00:00:00Z', FAR])('for a briefing that is early until %s', async (moment) => {
    await dossier.take('asked', { 'en.md': original({ slug: 'asked', early: early(moment) }) });
    for (const rank of [0, 9, 10, 19, 20, 1000]) {
      const viewer: Viewer = { role: 'reader', rank };
      const alone = await dossier.wall.read(viewer, (db) => db.briefing.count({ where: { slug: 'asked' } }));
      const [filtered, ruled] = await dossier.wall.read(editorialViewer, async (db) => {
        const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
        const row = await db.briefing.findUniqueOrThrow({ where: { slug: 'asked' } });
        return [
          await db.briefing.count({ where: { slug: 'asked', AND: whereVisible(matrix, viewer, now) } }),
          canSeeBriefing(matrix, viewer, { state: row.state, published: row.publishedAt, early: embargoOf(row) }, now),
        ] as const;
      });
      expect([rank, alone, filtered]).toEqual([rank, Number(ruled), Number(ruled)]);
      expect(ruled).toBe(moment !== FAR || rank >= 20);
    }
    await dossier.take('asked', { 'en.md': original({ slug: 'asked', state: 'draft' }) });
  });
});

describe('a passage that waits', () => {
  test('is shut to those it will open for, and tells them when; nobody else is told a date', async () => {
    const circle = await at('/briefings/embargo', 'circle');
    expect(circle.text).not.toContain('GATED trend');
    expect(said(circle, '.gate-opens')).toBe('Opens for Strategy Circle on January 1, 2999 at 08:00 UTC');
    expect(circle.html.querySelector('.gate-opens')!.getAttribute('datetime')).toBe('2999-01-01T08:00:00.000Z');
    expect(said(await at('/es/briefings/embargo', 'circle'), '.gate-opens')).toBe(
      'Se abre para Círculo de Estrategia el 1 de enero de 2999 a las 8:00 UTC',
    );
    const visitor = await at('/briefings/embargo');
    expect(visitor.text).not.toMatch(/GATED|2999/);
    expect(visitor.html.querySelectorAll('.gate')).toHaveLength(2);
    const alliance = await at('/briefings/embargo', 'alliance');
    expect(alliance.text).toContain('GATED trend text.');
    expect(alliance.text).not.toContain('2999');
  });

  test('is told of in the API to the same people', async () => {
    const gates = async (name: Name) =>
      briefingIn(
        await ask(
          `${dossier.url}/api/v1/briefings/embargo`,
          cast[name].id ? { token: await tokenFor(dossier, cast[name].id) } : {},
        ),
      ).gates.filter(({ kind }) => kind === 'trend');
    expect(await gates('visitor')).toEqual([{ kind: 'trend', tier: 'leadership-alliance', count: 1, opens: null }]);
    expect(await gates('circle')).toEqual([
      {
        kind: 'trend',
        tier: 'leadership-alliance',
        count: 1,
        opens: { tier: 'strategy-circle', at: '2999-01-01T08:00:00.000Z' },
      },
    ]);
    expect(await gates('alliance')).toEqual([]);
  });

  test('opens by itself to the second, on pages that were kept, in a process started later too', async () => {
    const moment = soon(5);
    await dossier.take('opening', {
      'en.md': original(
        { slug: 'opening', organizations: null, stricter: stricter(write(moment)) },
        '\n::: trend\nGATED waiting text.\n:::\n',
      ),
    });
    const later = await startDossier({ on: dossier.urls });
    try {
      const open = (on: Dossier) =>
        at('/briefings/opening', 'circle', on).then(({ text }) => text.includes('GATED waiting text.'));
      const shut = [await open(dossier), await open(later)];
      if (Date.now() < moment.getTime()) expect(shut).toEqual([false, false]);
      await until(async () => (await open(dossier)) && (await open(later)), 20_000);
      expect(Date.now()).toBeGreaterThanOrEqual(moment.getTime());
      const page = await at('/briefings/opening', 'circle');
      expect(page.html.querySelector('.gate-opens')).toBeNull();
      expect((await at('/briefings/opening')).text).not.toContain('GATED');
    } finally {
      await later.stop();
    }
  });
});

describe('a briefing that is early', () => {
  test('is there for its tier, with its title in the lists', async () => {
    for (const path of ['/briefings/early', '/', '/categories/cloud-service'])
      expect((await at(path, 'alliance')).text).toContain('GATED early title');
    expect((await at('/briefings/early-before', 'alliance')).headers.get('location')).toBe('/briefings/early');
    const token = await tokenFor(dossier, cast.alliance.id!);
    expect((await ask(`${dossier.url}/api/v1/briefings/early`, { token })).status).toBe(200);
    expect(listIn(await ask(`${dossier.url}/api/v1/briefings`, { token })).items.map(({ slug }) => slug)).toContain(
      'early',
    );
  });

  test.each(['visitor', 'stranger', 'circle', 'lapsed', 'suspended', 'support'] as const)(
    'is not there for a %s, as one that is scheduled is not',
    async (name) => {
      for (const [own, scheduled] of [
        ['/briefings/early', '/briefings/tomorrow'],
        ['/briefings/early-before', '/briefings/tomorrow-before'],
        ['/es/briefings/early', '/es/briefings/tomorrow'],
      ] as const) {
        const [one, other] = [await at(own, name), await at(scheduled, name)];
        expect([one.status, one.headers.get('cache-control'), one.text.replaceAll(own, '')]).toEqual([
          404,
          other.headers.get('cache-control'),
          other.text.replaceAll(scheduled, ''),
        ]);
      }
      for (const path of ['/', '/categories/cloud-service', '/briefings/a-signal'])
        expect((await at(path, name)).text).not.toContain('GATED early title');
      const count = async (who: Name) =>
        Number(/(\d+) briefings/.exec(said(await at('/categories/cloud-service', who), 'main')!)![1]);
      expect(await count(name)).toBe((await count('alliance')) - 1);
      const asked = await ask(`${dossier.url}/api/v1/briefings/early`);
      expect(asked.status).toBe(404);
    },
  );

  test('opens to all by itself, in lists that were kept too', async () => {
    const moment = soon(5);
    await dossier.take('opening-early', {
      'en.md': original({ slug: 'opening-early', early: early(write(moment), 'strategy-circle') }).replace(
        'A signal in English',
        'Out for all',
      ),
    });
    const open = async () =>
      (await at('/briefings/opening-early')).status === 200 &&
      (await at('/categories/cloud-service')).text.includes('Out for all');
    const shut = await open();
    if (Date.now() < moment.getTime()) expect(shut).toBe(false);
    expect((await at('/briefings/opening-early', 'circle')).status).toBe(200);
    await until(open, 20_000);
    expect(Date.now()).toBeGreaterThanOrEqual(moment.getTime());
  });
});

test('both go out as files and come in again, byte for byte, and make a revision only when they change', async () => {
  const files = { 'en.md': original({ slug: 'both', early: early(FAR), stricter: stricter(FAR) }) };
  expect((await dossier.take('both', files)).outcome).toBe('created');
  const out = (await exportBriefing(dossier.wall, 'both'))!;
  const text = Buffer.from(out.get('en.md')!).toString();
  expect(text).toContain('  early:\n    tier: leadership-alliance\n    until: 2999-01-01T08:00:00Z\n');
  expect(text).toContain(
    '  stricter:\n    trend/trend: leadership-alliance\n  until:\n    trend/trend: 2999-01-01T08:00:00Z\n',
  );
  expect((await dossier.take('both', { 'en.md': text })).outcome).toBe('unchanged');
  expect((await dossier.take('both', { 'en.md': text.replaceAll('2999', '2998') })).outcome).toBe('updated');
  expect(Buffer.from((await exportBriefing(dossier.wall, 'both'))!.get('en.md')!).toString()).toBe(
    text.replaceAll('2999', '2998'),
  );
});
