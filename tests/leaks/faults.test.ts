import { mend, put, signFor, withoutTheRule } from './patches';
import type { RequestHandler, Router } from 'express';
import type { Viewer } from '../../src/access/viewer';
import { editorialViewer } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import type { BriefingResult, ReadBriefing } from '../../src/briefings/reading/queries';
import type { Scene, Verdict } from '../../src/leaks/oracle';
import type { CachedPage } from '../../src/http/cache/cached-page';
import { PageCache, type CacheAudience } from '../../src/http/cache/page-cache';
import type { WallTransaction, Wall } from '../../src/stores/postgres/wall';
import { asSuperuserIn } from '../support/stores/cluster';
import { startDossier, type Dossier } from '../support/dossier';
import { LONG } from '../support/long';
import { sceneOf, shortWalk, type ShortWalk } from './site';

let dossier: Dossier;
let scene: Scene;
/** How it is decided which finished page is used; none, so that no test meets a page of the one before. */
let kept: jest.SpyInstance<CachedPage | null, [address: string, audience: CacheAudience]>;

beforeAll(async () => {
  dossier = await startDossier();
  scene = await sceneOf(dossier);
}, 1_200_000);
afterAll(() => dossier.stop());

beforeEach(() => {
  kept = jest.spyOn(PageCache.prototype, 'get').mockReturnValue(null);
});
afterEach(mend);

const walkBriefings: ShortWalk = { names: ['visitor', 'circle', 'alliance'], routes: ['GET /briefings/:slug'] };

function firstText({ content }: ReadBriefing): string {
  const edition = Object.values(content.editions).find(({ passages }) => passages.length > 0);
  return edition?.passages[0]?.text ?? '';
}

/** What a careless programmer has at hand: the whole briefing beside the one the reader may read. */
const whole = new WeakMap<ReadBriefing, ReadBriefing>();
const bySlug = new Map<string, ReadBriefing>();
function readTheWhole(): void {
  put(
    'readBriefingAs',
    async (actual: (...args: unknown[]) => Promise<BriefingResult>, wall: Wall, viewer: Viewer, slug: string) => {
      const [found, all] = [await actual(wall, viewer, slug), await actual(wall, { role: 'reader', rank: 1000 }, slug)];
      if (found && all && 'briefing' in found && 'briefing' in all) {
        whole.set(found.briefing, all.briefing);
        bySlug.set(slug, all.briefing);
      }
      return found;
    },
  );
}
const textOf = (read: ReadBriefing) => firstText(whole.get(read)!);

/** One thing done wrong, and where one would meet it. */
interface Fault {
  readonly name: string;
  readonly plant: () => void | Promise<void>;
  readonly mend?: () => void | Promise<void>;
  readonly walk?: ShortWalk;
  /** What is put together at the start needs a start. */
  readonly starts?: true;
  /** What the oracle says. */
  readonly says?: RegExp;
}

const superuser = (sql: string) => asSuperuserIn(dossier.urls.superuser, (client) => client.query(sql));

const FAULTS: readonly Fault[] = [
  {
    name: 'a title printed from a passage',
    plant: () => {
      readTheWhole();
      put('briefingPage', (actual, read: ReadBriefing, ...others: never[]) => ({
        ...(actual(read, ...others) as object),
        title: { text: textOf(read), lang: null },
      }));
    },
  },
  {
    name: 'a meta description from the trend context',
    plant: () => {
      readTheWhole();
      put('layoutOf', (actual, house: never, language: never, head: { path: string | null }) => {
        const read = bySlug.get(head.path?.replace('/briefings/', '') ?? '');
        return actual(house, language, read ? { ...head, description: firstText(read).slice(0, 150) } : head);
      });
    },
  },
  {
    name: 'an article body in JSON-LD',
    plant: () => {
      readTheWhole();
      put('describeArticle', (actual, read: ReadBriefing, ...others: never[]) => ({
        ...(actual(read, ...others) as object),
        articleBody: textOf(read),
      }));
    },
  },
  {
    name: 'a gate that shows the first words',
    plant: () => {
      readTheWhole();
      put('gateViews', (actual, read: ReadBriefing, ...others: never[]) =>
        (actual(read, ...others) as object[]).map((gate) => ({ ...gate, forWhom: `${textOf(read).slice(0, 14)}…` })),
      );
    },
  },
  {
    name: 'hidden text with its words split by tags',
    plant: () => {
      readTheWhole();
      put('briefingPage', (actual, read: ReadBriefing, ...others: never[]) => ({
        ...(actual(read, ...others) as object),
        body: { html: `<p hidden>${textOf(read).replaceAll('-', '<b>-</b>')}</p>`, lang: null },
      }));
    },
  },
  {
    name: 'an answer of the API that includes what is shut',
    walk: { names: ['visitor', 'token, circle', 'token, alliance'], routes: ['GET /api/v1/briefings/:slug'] },
    plant: () => {
      readTheWhole();
      put('briefing', (actual, read: ReadBriefing, ...others: never[]) => ({
        ...(actual(read, ...others) as object),
        passages: [{ kind: 'trend', markdown: textOf(read) }],
      }));
    },
  },
  {
    name: 'a picture of a passage for whoever has its address',
    walk: { names: ['visitor', 'circle', 'alliance'], routes: ['GET /pictures/:file'] },
    plant: () => {
      put('readPicture', (actual, wall: Wall, _viewer: Viewer, ...others: never[]) =>
        actual(wall, { role: 'reader', rank: 1000 }, ...others),
      );
    },
    says: /picture\)/,
  },
  {
    name: 'a validator of a picture that is heeded before anybody asks who may see it',
    walk: { names: ['visitor', 'circle'], routes: ['GET /pictures/:file'] },
    plant: () => {
      put('mayReadPicture', () => Promise.resolve(true));
    },
    says: /304/,
  },
  {
    name: 'finished pages kept without their audience',
    plant: () => {
      const pages = new Map<string, CachedPage>();
      kept.mockImplementation((address) => pages.get(address) ?? null);
      jest.spyOn(PageCache.prototype, 'put').mockImplementation(({ key }, page) => {
        pages.set(key, page);
      });
    },
  },
  {
    name: "a last good copy that was a member's",
    starts: true,
    plant: async () => {
      let members: CachedPage | null = null;
      jest.spyOn(PageCache.prototype, 'put').mockImplementation(({ audience }, page) => {
        if (audience === 'member 20') members = page;
      });
      const member = scene.visitors.find(({ name }) => name === 'alliance')!;
      await fetch(`${dossier.url}/briefings/${scene.planted.published[0]}`, { headers: member.headers });
      jest.spyOn(PageCache.prototype, 'getStale').mockImplementation(() => members);
      put('openProbe', () => () => Promise.resolve(false));
      put('readBriefingAs', () =>
        Promise.reject(Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' })),
      );
    },
    says: /met zq7k/,
  },
  {
    name: 'a rank read from the address',
    starts: true,
    walk: { ...walkBriefings, names: LONG ? walkBriefings.names : ['visitor'], near: true },
    plant: () => {
      put('loadReader', (actual, ...args: never[]) => {
        const load = actual(...args) as RequestHandler;
        const handler: RequestHandler = (req, res, next) =>
          load(req, res, () => {
            if (req.query['rank'])
              res.locals.reader = { ...res.locals.reader, viewer: { role: 'reader', rank: Number(req.query['rank']) } };
            next();
          });
        return handler;
      });
    },
  },
  {
    name: 'a kind opened to everybody in the matrix',
    plant: async () => {
      await superuser("UPDATE gates SET tier_slug = 'public' WHERE kind = 'trend'");
    },
    mend: async () => {
      await superuser("UPDATE gates SET tier_slug = 'strategy-circle' WHERE kind = 'trend'");
    },
  },
  {
    name: 'a wall context signed with the highest rank, and a rule that says yes',
    plant: () => {
      withoutTheRule();
      signFor((viewer) => ({ ...viewer, rank: 1000 }));
    },
  },
  {
    name: 'older revisions in a page',
    plant: () => {
      put('readablePassages', () => ({}));
      signFor((viewer) => ({ ...viewer, role: viewer.role === 'reader' ? 'editor' : viewer.role }));
    },
    walk: { names: ['alliance'], routes: ['GET /briefings/:slug'], all: true },
    says: /revised, (?:closed|withdrawn)/,
  },
  {
    name: 'a former revision as somebody who reads everything',
    plant: () => {
      put('readRevisionsAs', (actual, wall: Wall, _viewer: Viewer, ...others: never[]) =>
        actual(wall, { role: 'reader', rank: 1000 }, ...others),
      );
      put('decide', (_actual, matrix: { tiers: readonly object[] }) => ({ allowed: true, because: matrix.tiers[0] }));
    },
    walk: { names: ['visitor', 'circle'], routes: ['GET /briefings/:slug/revisions/:number'] },
    says: /revised, before: evidence/,
  },
  {
    name: 'a closed revision that Postgres opens, and a rule that says yes',
    plant: async () => {
      withoutTheRule();
      await superuser('CREATE TABLE kept_closings AS TABLE closed_revisions; DELETE FROM closed_revisions');
    },
    mend: async () => {
      await superuser('INSERT INTO closed_revisions SELECT * FROM kept_closings; DROP TABLE kept_closings');
    },
    walk: { names: ['alliance'], routes: ['GET /briefings/:slug/revisions/:number'], all: true },
    says: /revised, closed/,
  },
  {
    name: 'a desk whose door stands open',
    starts: true,
    walk: {
      names: LONG ? ['visitor', 'circle', 'support', 'editor'] : ['circle', 'editor'],
      routes: ['GET /desk/briefings/:id', 'GET /desk/briefings/:id/preview', 'GET /desk/briefings/:id/export'],
      all: true,
    },
    plant: () => {
      put('editorsOnly', () => {
        const open: RequestHandler = (_req, _res, next) => next();
        return open;
      });
    },
    says: /draft, now: /,
  },
  {
    name: 'a search as somebody who reads everything',
    walk: { names: ['visitor', 'circle'], routes: ['GET /search'] },
    plant: () => {
      put('readSearch', (actual, wall: Wall, _viewer: Viewer, ...others: never[]) =>
        actual(wall, { role: 'reader', rank: 1000 }, ...others),
      );
    },
  },
  {
    name: 'a gift link that is open after its end',
    walk: { names: ['gift', 'gift, ended'], routes: ['GET /gifts/:token'] },
    plant: () => {
      put('giftState', () => 'open');
    },
  },
  {
    name: 'a gift link that opens a rank, and not one briefing',
    walk: { names: ['gift'], routes: ['GET /gifts/:token/pictures/:file'], all: true },
    plant: () => {
      withoutTheRule();
      signFor(({ role, rank }) => ({ role, rank }));
    },
    says: /picture\)/,
  },
  {
    name: 'what opens later listed today',
    walk: { names: ['visitor'], routes: ['GET /categories/:slug'] },
    plant: () => {
      put('readCategory', (actual, wall: Wall, _viewer: Viewer, ...others: never[]) =>
        actual(wall, editorialViewer, ...others),
      );
      put('findPage', (actual, db: WallTransaction, _open: never, where: never, _begins: never, size: never) =>
        actual(db, { state: 'published', publishedAt: { not: null } }, where, { before: null, skip: 0 }, size),
      );
    },
    says: /scheduled, now: title/,
  },
];

async function walkWith(fault: Fault, on = dossier): Promise<Verdict> {
  return shortWalk(on, scene, fault.walk ?? walkBriefings);
}

test('without a fault the same walks find nothing, and everybody meets what they may', async () => {
  const walks = [walkBriefings, ...(LONG ? FAULTS.flatMap((fault) => fault.walk ?? []) : [])];
  for (const walk of walks) expect((await shortWalk(dossier, scene, walk)).recorder.findings).toEqual([]);
  // With finished pages kept, as they are where nobody looks.
  kept.mockRestore();
  for (const walk of walks)
    for (const _again of [1, 2]) expect((await shortWalk(dossier, scene, walk)).recorder.findings).toEqual([]);
}, 180_000);

test('at least ten faults are planted', () => expect(FAULTS.length).toBeGreaterThanOrEqual(10));

/** In `npm test` those that need no Dossier of their own: the long tests plant them all. */
const PLANTED = LONG ? FAULTS : FAULTS.filter(({ starts }) => !starts);

test.each(PLANTED.map((fault) => [fault.name, fault] as const))(
  'the oracle finds %s',
  async (_name, fault) => {
    const on = fault.starts
      ? (await fault.plant(), await startDossier({ on: dossier.urls }))
      : (await fault.plant(), dossier);
    try {
      const { recorder: judge, clean } = await walkWith(fault, on);
      expect(judge.findings.length).toBeGreaterThan(0);
      expect(judge.findings.some(({ what }) => (fault.says ?? /met zq7k/).test(what))).toBe(true);
      expect(clean).toBe(false);
    } finally {
      await fault.mend?.();
      if (on !== dossier) await on.stop();
    }
  },
  180_000,
);

test('the oracle does not walk past an export that nobody declared, and finds it once it is declared', async () => {
  put('healthRoutes', (actual, ...args: never[]) => {
    const router = actual(...args) as Router;
    router.get('/export/:slug', async (req, res) => {
      res.json(Object.fromEntries((await exportBriefing(dossier.wall, req.params.slug)) ?? []));
    });
    return router;
  });
  const other = await startDossier({ on: dossier.urls });
  try {
    await expect(shortWalk(other, scene, walkBriefings)).rejects.toThrow('GET /export/:slug has no row');
    const declared = await shortWalk(other, scene, {
      names: ['visitor'],
      routes: [],
      more: [{ route: 'GET /export/:slug', addresses: ({ published }) => published.map((slug) => `/export/${slug}`) }],
    });
    expect(declared.recorder.findings.length).toBeGreaterThan(0);
  } finally {
    await other.stop();
  }
});
