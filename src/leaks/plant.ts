import { randomBytes } from 'node:crypto';
import { editorialViewer, accountsViewer } from '../access/viewer';
import { importCategories } from '../briefings/categories';
import type { BriefingContent, EditionContent, PassageContent } from '../briefings/file/content';
import { findEditable, keepWorkingCopy, writeCopy } from '../briefings/writing/working-copies';
import { listRestorePoints } from '../briefings/writing/restore-points';
import { recognise } from '../briefings/file/cover';
import { writeBriefing } from '../briefings/file/write';
import { importBriefing } from '../briefings/file/import';
import { storePicture, picturePath } from '../briefings/pictures/queries';
import { tierOfKind, type Matrix } from '../access/matrix';
import { loadMatrix } from '../membership/matrix';
import { loadShape } from '../site/shape/load';
import { wordOf, type BriefingShape } from '../site/shape/shape';
import type { Wall } from '../stores/postgres/wall';
import { Canaries } from './canaries';
import { pictureWith } from './picture';

/** Ranks that matter to a walk: of the lowest tier that opens anything, and of the highest there is. */
export interface Steps {
  readonly low: { readonly slug: string; readonly rank: number };
  readonly top: { readonly slug: string; readonly rank: number };
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
}

/** The beginning of everything any run plants. */
export const PLANTED = 'leak-canary-';

/** Two languages: the original's and a translation's. */
const LANGS = ['en', 'es'] as const;

/** Old enough that no planted briefing leads the front page. */
const LONG_AGO = new Date('2001-01-01T00:00:00Z');
/**
 * Past as well: the second passage of each kind that waited for it is open as its kind is, the first one waits for
 * ever.
 */
const LATER = new Date('2002-01-01T00:00:00Z');
const NEVER = new Date('2999-01-01T00:00:00Z');

interface Sort {
  readonly name: string;
  readonly published: Date | null;
  /** May readers meet it? Otherwise every word of it is gated, its title too. */
  readonly open: boolean;
  /** Are passages stricter than their kind where they can be? */
  readonly stricter: boolean;
}

/** A briefing of each sort there is; `revised` is taken in twice, so that an older revision has words of its own. */
const SORTS: readonly Sort[] = [
  { name: 'plain', published: LONG_AGO, open: true, stricter: false },
  { name: 'stricter', published: LONG_AGO, open: true, stricter: true },
  { name: 'embargo', published: LONG_AGO, open: true, stricter: true },
  { name: 'early', published: LONG_AGO, open: true, stricter: false },
  { name: 'revised', published: LONG_AGO, open: true, stricter: false },
  { name: 'draft', published: null, open: false, stricter: false },
  { name: 'scheduled', published: NEVER, open: false, stricter: false },
];

/** Invents a name for a run. */
export const nameRun = (): string => PLANTED + randomBytes(4).toString('hex');

/**
 * Plants the briefings of a run, through the importer like any other.
 * @throws where no tier is above the public one: nothing is gated.
 */
export async function plantBriefings(wall: Wall, run: string): Promise<Planted> {
  const { matrix, shape } = await wall.read(editorialViewer, async (db) => ({
    matrix: await loadMatrix(db),
    shape: await loadShape(db),
  }));
  const ranked = matrix.tiers.filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank);
  const [low, top] = [ranked[0], ranked.at(-1)];
  if (!low || !top) throw new Error('there is no tier above the public one: nothing is gated');
  const rankOf = (slug: string | null) => matrix.tiers.find((tier) => tier.slug === slug)?.rank ?? 0;
  const canaries = new Canaries();
  await importCategories(
    wall,
    'categories.yaml',
    Buffer.from(`${run}:\n  name: {en: "Canaries ${run}", es: "Canarios ${run}"}\n`),
  );

  const slugOf = (name: string) => `${run}-${name}`;
  const pictures: Uint8Array[] = [];
  for (const sort of SORTS) {
    for (const revision of sort.name === 'revised' ? ['before', 'now'] : ['now']) {
      const current = sort.open && revision === 'now';
      const early = sort.name === 'early' ? { tier: top.slug, until: NEVER } : null;
      const untilOf = (which: Which) => (sort.name !== 'embargo' ? null : which === 'first' ? NEVER : LATER);
      const stricter = (kind: string) => (sort.stricter && tierOfKind(matrix, kind).rank < top.rank ? top.slug : null);
      const content = contentOf(
        { matrix, shape },
        slugOf(sort.name),
        run,
        { ...sort, early },
        {
          open: (field) =>
            canaries.make(`${sort.name}, ${revision}: ${field}`, current ? rankOf(early?.tier ?? null) : null),
          gated: (kind, which, field) =>
            canaries.make(
              `${sort.name}, ${revision}: ${kind}, ${which}, ${field}`,
              current
                ? Math.max(
                    rankOf(early?.tier ?? null),
                    tierOfKind(matrix, kind).rank,
                    untilOf(which) === LATER ? 0 : rankOf(stricter(kind)),
                  )
                : null,
            ),
          stricter,
          until: untilOf,
        },
      );
      const texts = [...writeBriefing(content.it, shape)].map(([name, text]) => [name, Buffer.from(text)] as const);
      await importBriefing(wall, { path: content.it.slug, files: new Map([...texts, ...content.pictures]) });
      pictures.push(...content.pictures.values());
    }
  }
  const copy = contentOf(
    { matrix, shape },
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
  pictures.push(...copy.pictures.values());
  const point = await plantCopy(wall, slugOf('plain'), copy);
  const rows = await wall.read(editorialViewer, (db) =>
    db.briefing.findMany({ where: { slug: { startsWith: `${run}-` } }, select: { slug: true, id: true } }),
  );
  const named = (open: boolean) => SORTS.filter((sort) => sort.open === open).map(({ name }) => slugOf(name));
  const before = (slugs: readonly string[]) => slugs.map((slug) => `${slug}-before`);
  return {
    run,
    canaries,
    steps: { low, top },
    category: run,
    published: named(true),
    hidden: named(false),
    formerly: before(named(true)),
    formerlyHidden: before(named(false)),
    point,
    ids: Object.fromEntries(rows.map(({ slug, id }) => [slug, id])),
    pictures: pictures.map((bytes) => picturePath(recognise(bytes)!).split('/').at(-1)!),
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
    if (written) await keepWorkingCopy(db, written, 'removal', { accountId: null, now: new Date() });
    return (await listRestorePoints(db, id))[0]!.id;
  });
}

/** Removes everything that runs have planted: those whose name begins like this. */
export async function removePlanted(wall: Wall, run: string): Promise<void> {
  await wall.write(accountsViewer, (db) =>
    db.account.deleteMany({ where: { email: { startsWith: run, endsWith: '.invalid' } } }),
  );
  await wall.write(editorialViewer, async (db) => {
    await db.briefing.deleteMany({ where: { slug: { startsWith: run } } });
    await db.organization.deleteMany({ where: { slug: { startsWith: run } } });
    await db.category.deleteMany({ where: { slug: { startsWith: run } } });
  });
}

/** Kinds whose first passage shows a picture: of each tier the first that it opens. */
function picturedKinds({ matrix, shape: { kinds } }: House): string[] {
  const tiers = kinds.map(({ slug }) => tierOfKind(matrix, slug).slug);
  return kinds.map(({ slug }) => slug).filter((_slug, at) => tiers.indexOf(tiers[at]!) === at);
}

/** What briefings are made of here, and who reads what. */
interface House {
  readonly matrix: Matrix;
  readonly shape: BriefingShape;
}

/** The two passages of each kind. */
const WHICH = ['first', 'second'] as const;
type Which = (typeof WHICH)[number];

interface Words {
  readonly open: (field: string) => string;
  readonly gated: (kind: string, which: Which, field: string) => string;
  readonly stricter: (kind: string) => string | null;
  /** When that tier of theirs ends. */
  readonly until: (which: Which) => Date | null;
}

/** A briefing, and the pictures that its texts show. */
interface Content {
  readonly it: BriefingContent;
  readonly pictures: ReadonlyMap<string, Uint8Array>;
}

function contentOf(
  house: House,
  slug: string,
  run: string,
  { published, early }: Sort & Pick<BriefingContent, 'early'>,
  words: Words,
): Content {
  const keys = passageKeys(house, run, words);
  const pictured = picturedKinds(house);
  const pictures = new Map([
    ['open.png', pictureWith(words.open('picture'))],
    ...pictured.map((kind) => [`${kind}.png`, pictureWith(words.gated(kind, 'first', 'picture'))] as const),
  ]);
  return {
    pictures,
    it: textsOf(
      house,
      slug,
      run,
      { published, early },
      words,
      keys,
      Object.fromEntries([...pictures].map(([name, bytes]) => [name, recognise(bytes)!])),
    ),
  };
}

function textsOf(
  house: House,
  slug: string,
  run: string,
  { published, early }: Pick<BriefingContent, 'published' | 'early'>,
  words: Words,
  keys: readonly PlantedKey[],
  figures: BriefingContent['figures'],
): BriefingContent {
  const stricter = Object.fromEntries(
    keys.flatMap(({ kind, key }) => {
      const tier = words.stricter(kind);
      return tier ? [[`${kind}/${key}`, tier]] : [];
    }),
  );
  return {
    slug,
    formerly: [`${slug}-before`],
    state: published ? 'published' : 'draft',
    published,
    early,
    updated: null,
    type: house.shape.types[0]?.slug ?? null,
    category: run,
    domain: house.shape.domains[0]?.slug ?? null,
    impact: 'low',
    confidence: 50,
    relevance: 'low',
    horizon: 'near',
    sources: [
      { key: 'first', url: `https://example.org/${slug}/1`, risk: 'low' },
      { key: 'second', url: `https://example.org/${slug}/2`, risk: 'low' },
    ],
    organizations: keys
      .filter(({ kind }) => wordOf(house.shape.kinds, kind)?.shape === 'per-organization')
      .map(({ key }) => ({ key, name: `Organization ${key}`, url: null })),
    stricter,
    until: Object.fromEntries(
      keys.flatMap(({ kind, key, which }) => {
        const until = words.until(which);
        return until && `${kind}/${key}` in stricter ? [[`${kind}/${key}`, until]] : [];
      }),
    ),
    cover: null,
    figures,
    original: LANGS[0],
    editions: Object.fromEntries(LANGS.map((lang) => [lang, editionOf(house, lang, keys, words)])),
  };
}

interface PlantedKey {
  readonly kind: string;
  readonly which: Which;
  readonly key: string;
}

/** Two passages of each kind. The key of a passage that is no note is gated too: it names what it is about. */
function passageKeys({ shape: { kinds } }: House, run: string, words: Words): PlantedKey[] {
  return kinds.flatMap(({ slug: kind, shape }) =>
    WHICH.map((which) => ({
      kind,
      which,
      key:
        shape === 'per-source'
          ? which
          : shape === 'per-organization'
            ? `${run}-${which}`
            : words.gated(kind, which, 'its key'),
    })),
  );
}

function editionOf(house: House, lang: string, keys: readonly PlantedKey[], { open, gated }: Words): EditionContent {
  const { facts, lists } = house.shape;
  const pictured = picturedKinds(house);
  return {
    title: `A title ${open(`title, ${lang}`)}`,
    summary: `A summary ${open(`summary, ${lang}`)}`,
    lead: `A lead ${open(`lead, ${lang}`)}`,
    topic: null,
    coverAlt: null,
    explanations: { impact: `Why ${open(`explanation, ${lang}`)}` },
    facts: Object.fromEntries(facts.map(({ slug }) => [slug, `A fact ${open(`fact ${slug}, ${lang}`)}`])),
    lists: Object.fromEntries(lists.map(({ slug }) => [slug, [`Watch ${open(`list ${slug}, ${lang}`)}`]])),
    sources: { first: { title: `A source ${open(`source, ${lang}`)}`, description: null } },
    body: `An open body ${open(`body, ${lang}`)}\n\n![A picture](open.png)`,
    passages: keys.map(({ kind, key, which }): PassageContent => {
      const at = (place: string) => gated(kind, which, `${lang}, ${place}`);
      const picture =
        which === 'first' && pictured.includes(kind)
          ? `\n\n![A picture ${at('alt')}](${kind}.png "${at('caption')}")`
          : '';
      return {
        kind,
        key,
        text: `${at('start')} begins this text.${picture}\n\nA **word ${at('middle')} in bold**, and [a link](https://example.org/${at('link')}).\n\n- An item at its end: ${at('end')}`,
      };
    }),
  };
}
