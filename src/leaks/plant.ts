import { randomBytes } from 'node:crypto';
import { editorialViewer, accountsViewer } from '../access/viewer';
import { importCategories } from '../briefings/categories';
import { findEditable, addRestorePointOf, writeCopy } from '../briefings/writing/working-copies';
import { listRestorePoints } from '../briefings/writing/restore-points';
import { recognise } from '../briefings/file/cover';
import { writeBriefing } from '../briefings/file/write';
import { importBriefing } from '../briefings/file/import';
import { storePicture, picturePath } from '../briefings/pictures/queries';
import { tierOfKind } from '../access/matrix';
import { loadMatrix } from '../membership/matrix';
import { loadShape } from '../site/shape/load';
import type { Wall } from '../stores/postgres/wall';
import { Canaries } from './canaries';
import { contentOf, type Content, type PlantedSite, type Sort, type Which, type Words } from './planted-content';
import { plantImported } from './plant-imported';
import type { BriefingContent } from '../briefings/content';

interface Step {
  readonly slug: string;
  readonly rank: number;
}

/** Ranks that matter to a walk: of the lowest tier that opens anything, of the highest there is, and between them. */
export interface Steps {
  readonly low: Step;
  readonly between: readonly Step[];
  readonly top: Step;
}

/** What was planted: briefings with a canary in every gated field. */
export interface Planted {
  /** Begins every slug and every address of an account that this run plants. */
  readonly run: string;
  readonly canaries: Canaries;
  readonly steps: Steps;
  readonly category: string;
  /** Slugs of published briefings, of those that nobody may know of, and of former names. */
  readonly published: readonly string[];
  readonly hidden: readonly string[];
  readonly formerly: readonly string[];
  readonly formerlyHidden: readonly string[];
  /** A restore point of the first of the published. */
  readonly point: string;
  /** By slug, for the addresses of the desk. */
  readonly ids: Readonly<Record<string, string>>;
  /** File names of every picture that stands in a text, as their addresses end. */
  readonly pictures: readonly string[];
  /** Ids of imports: of one that is done, and of one that waits sealed. */
  readonly imports: readonly string[];
}

/** The briefing that is given away, the first of the published, and how the places of its canaries begin. */
const GIVEN = 'plain';
export const GIVEN_PLACE = `${GIVEN}, now: `;

/** The beginning of everything any run plants. */
export const PLANTED = 'leak-canary-';

/** Old enough that no planted briefing leads the front page. */
const LONG_AGO = new Date('2001-01-01T00:00:00Z');
/**
 * Past as well: the second passage of each kind that waited for it is open as its kind is, the first one waits for
 * ever.
 */
const LATER = new Date('2002-01-01T00:00:00Z');
const NEVER = new Date('2999-01-01T00:00:00Z');

/**
 * What is taken in of `revised` one after the other, so that each revision has words of its own: one that readers had
 * and can still open, one that an editor closed, one that was never published, and what it says now.
 */
const REVISIONS = ['before', 'closed', 'withdrawn', 'now'] as const;
type RevisionName = (typeof REVISIONS)[number];

/** A briefing of each sort there is. */
const SORTS: readonly Sort[] = [
  { name: GIVEN, published: LONG_AGO, open: true, stricter: false },
  { name: 'stricter', published: LONG_AGO, open: true, stricter: true },
  { name: 'embargo', published: LONG_AGO, open: true, stricter: true },
  { name: 'early', published: LONG_AGO, open: true, stricter: false },
  { name: 'revised', published: LONG_AGO, open: true, stricter: false },
  { name: 'draft', published: null, open: false, stricter: false },
  { name: 'scheduled', published: NEVER, open: false, stricter: false },
];

/** Invents a name for a run. */
export const nameRun = (): string => PLANTED + randomBytes(4).toString('hex');

/** What briefings are made of here, who reads what, and in which languages. */
async function readHouse(wall: Wall, langs: readonly string[]): Promise<PlantedSite & { readonly steps: Steps }> {
  const house = await wall.read(editorialViewer, async (db) => ({
    matrix: await loadMatrix(db),
    shape: await loadShape(db),
  }));
  const ranked = house.matrix.tiers.filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank);
  const [low, top] = [ranked[0], ranked.at(-1)];
  if (!low || !top) throw new Error('there is no tier above the public one: nothing is gated');
  return { ...house, langs, steps: { low, between: ranked.slice(1, -1), top } };
}

/** The words of a briefing of a sort, each with the rank that may meet it. */
function wordsOf(
  { matrix, steps: { top } }: PlantedSite & { readonly steps: Steps },
  canaries: Canaries,
  sort: Sort,
  revision: RevisionName,
): Words & Pick<BriefingContent, 'early'> {
  const rankOf = (slug: string | null) => matrix.tiers.find((tier) => tier.slug === slug)?.rank ?? 0;
  const current = sort.open && (revision === 'now' || revision === 'before');
  const former = revision === 'before';
  const early = sort.name === 'early' ? { tier: top.slug, until: NEVER } : null;
  const until = (which: Which) => (sort.name !== 'embargo' ? null : which === 'first' ? NEVER : LATER);
  const stricter = (kind: string) => (sort.stricter && tierOfKind(matrix, kind).rank < top.rank ? top.slug : null);
  const place = `${sort.name}, ${revision}`;
  return {
    early,
    until,
    stricter,
    open: (field) => canaries.make(`${place}: ${field}`, current ? rankOf(early?.tier ?? null) : null, former),
    gated: (kind, which, field) => {
      const own = until(which) === LATER ? 0 : rankOf(stricter(kind));
      const rank = Math.max(rankOf(early?.tier ?? null), tierOfKind(matrix, kind).rank, own);
      return canaries.make(`${place}: ${kind}, ${which}, ${field}`, current ? rank : null, former);
    },
  };
}

/**
 * Plants the briefings of a run, through the importer like any other: of this house's kinds, facts and lists, in its
 * languages.
 * @throws when no tier is above the public one: then nothing is gated.
 */
export async function plantBriefings(wall: Wall, run: string, langs: readonly string[]): Promise<Planted> {
  const house = await readHouse(wall, langs);
  const canaries = new Canaries();
  const names = langs.map((lang) => `${lang}: "Canaries ${run}"`).join(', ');
  await importCategories(wall, 'categories.yaml', Buffer.from(`${run}:\n  name: {${names}}\n`));
  const slugOf = (name: string) => `${run}-${name}`;
  const planted: Content[] = [];
  for (const sort of SORTS) {
    for (const revision of sort.name === 'revised' ? REVISIONS : (['now'] as const)) {
      const words = wordsOf(house, canaries, sort, revision);
      const published = revision === 'withdrawn' ? null : sort.published;
      const content = contentOf(house, slugOf(sort.name), run, { ...sort, published, early: words.early }, words);
      const texts = [...writeBriefing(content.it, house.shape)].map(
        ([name, text]) => [name, Buffer.from(text)] as const,
      );
      await importBriefing(wall, { path: content.it.slug, files: new Map([...texts, ...content.pictures]) });
      planted.push(content);
    }
  }
  await closeRevision(wall, slugOf('revised'), REVISIONS.indexOf('closed') + 1);
  const copy = contentOf(
    house,
    slugOf('plain'),
    run,
    { ...SORTS[0]!, early: null },
    {
      open: (field) => canaries.make(`plain, working copy: ${field}`, null),
      gated: (kind, which, field) => canaries.make(`plain, working copy: ${kind}, ${which}, ${field}`, null),
      stricter: () => null,
      until: () => null,
    },
  );
  const point = await plantCopy(wall, slugOf('plain'), copy);
  const moved = await plantImported(wall, house, run, canaries);
  const rows = await wall.read(editorialViewer, (db) =>
    db.briefing.findMany({ where: { slug: { startsWith: `${run}-` } }, select: { slug: true, id: true } }),
  );
  const named = (open: boolean) => SORTS.filter((sort) => sort.open === open).map(({ name }) => slugOf(name));
  const before = (slugs: readonly string[]) => slugs.map((slug) => `${slug}-before`);
  return {
    run,
    canaries,
    steps: house.steps,
    category: run,
    published: [...named(true), moved.slug],
    imports: moved.ids,
    hidden: named(false),
    formerly: before(named(true)),
    formerlyHidden: before(named(false)),
    point,
    ids: Object.fromEntries(rows.map(({ slug, id }) => [slug, id])),
    pictures: [...planted, copy]
      .flatMap(({ pictures }) =>
        [...pictures.values()].map((bytes) => picturePath(recognise(bytes)!).split('/').at(-1)!),
      )
      .concat(moved.pictures),
  };
}

/**
 * Somebody is rewriting a published briefing, and what they said before is a restore point: every word of theirs is the
 * desk's alone.
 */
async function plantCopy(wall: Wall, slug: string, { it: content, pictures }: Content): Promise<string> {
  return wall.write(editorialViewer, async (db) => {
    for (const [name, bytes] of pictures) await storePicture(db, content.figures[name]!, bytes, []);
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug }, select: { id: true } });
    const at = await findEditable(db, id);
    if (at)
      await writeCopy(
        db,
        at,
        { content, unfinished: {}, renewed: [] },
        { accountId: null, saveKey: 'planted', now: new Date() },
      );
    const written = await findEditable(db, id);
    if (written) await addRestorePointOf(db, written, 'removal', { accountId: null, now: new Date() });
    return (await listRestorePoints(db, id))[0]!.id;
  });
}

/** An editor closes a revision that readers had. */
async function closeRevision(wall: Wall, slug: string, number: number): Promise<void> {
  await wall.write(editorialViewer, async (db) => {
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug }, select: { id: true } });
    await db.closedRevision.createMany({ data: [{ briefingId: id, number, reason: 'Planted.', lang: 'en' }] });
  });
}

/** Removes everything that runs have planted: those whose name begins like this. */
export async function removePlanted(wall: Wall, run: string): Promise<void> {
  const planted = { email: { startsWith: run, endsWith: '.invalid' } };
  await wall.write(accountsViewer, async (db) => {
    await db.account.deleteMany({ where: planted });
    await db.subscriber.deleteMany({ where: planted });
    await db.import.deleteMany({ where: { name: { startsWith: run } } });
  });
  await wall.write(editorialViewer, async (db) => {
    await db.briefing.deleteMany({ where: { slug: { startsWith: run } } });
    await db.organization.deleteMany({ where: { slug: { startsWith: run } } });
    await db.author.deleteMany({ where: { slug: { startsWith: run } } });
    await db.category.deleteMany({ where: { slug: { startsWith: run } } });
  });
}
