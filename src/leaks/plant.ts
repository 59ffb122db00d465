import { randomBytes } from 'node:crypto';
import { PASSAGE_KINDS, type PassageKind } from '../access/kinds';
import { desk, registrar } from '../access/viewer';
import { importCategories } from '../briefings/categories';
import type { BriefingContent, EditionContent, PassageContent } from '../briefings/file/content';
import { findAtDesk, writeCopy } from '../briefings/copies';
import { writeBriefing } from '../briefings/file/write';
import { importBriefing } from '../briefings/import';
import { loadMatrix } from '../membership/matrix';
import type { Wall } from '../stores/wall';
import { Canaries } from './canaries';

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
  /** By slug, for the addresses of the desk. */
  readonly ids: Readonly<Record<string, string>>;
}

/** The beginning of everything any run plants. */
export const PLANTED = 'leak-canary-';

/** Two languages: the original's and a translation's. */
const LANGS = ['en', 'es'] as const;

/** Old enough that no planted briefing leads the front page. */
const LONG_AGO = new Date('2001-01-01T00:00:00Z');
/** Past as well: what waited for it is open to everybody its kind is open to, or the oracle sees nothing where it should. */
const LATER = new Date('2002-01-01T00:00:00Z');
const NEVER = new Date('2999-01-01T00:00:00Z');

interface Sort {
  readonly name: string;
  readonly published: Date | null;
  /** May readers meet it? Otherwise every word of it is gated, its title too. */
  readonly open: boolean;
  /** Are passages stricter than their kind where they can be? */
  readonly stricter: boolean;
  /** When their own tier stops counting, where they have one; of `early`, when others than the highest tier meet it. */
  readonly until: Date | null;
}

/** A briefing of each sort there is; `revised` is taken in twice, so that an older revision has words of its own. */
const SORTS: readonly Sort[] = [
  { name: 'plain', published: LONG_AGO, open: true, stricter: false, until: null },
  { name: 'stricter', published: LONG_AGO, open: true, stricter: true, until: null },
  { name: 'embargo', published: LONG_AGO, open: true, stricter: true, until: NEVER },
  { name: 'lifted', published: LONG_AGO, open: true, stricter: true, until: LATER },
  { name: 'early', published: LONG_AGO, open: true, stricter: false, until: NEVER },
  { name: 'revised', published: LONG_AGO, open: true, stricter: false, until: null },
  { name: 'draft', published: null, open: false, stricter: false, until: null },
  { name: 'scheduled', published: NEVER, open: false, stricter: false, until: null },
];

/** Invents a name for a run. */
export const nameRun = (): string => PLANTED + randomBytes(4).toString('hex');

/** Plants the briefings of a run, through the importer like any other. */
export async function plantBriefings(wall: Wall, run: string): Promise<Planted> {
  const matrix = await wall.read(desk, loadMatrix);
  const ranked = matrix.tiers.filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank);
  const [low, top] = [ranked[0], ranked.at(-1)];
  if (!low || !top) throw new Error('there is no tier above the public one: nothing is gated');
  const rankOf = (slug: string | null) => matrix.tiers.find((tier) => tier.slug === slug)?.rank ?? 0;
  const canaries = new Canaries();
  await importCategories(wall, 'categories.yaml', Buffer.from(`${run}:\n  name: {en: "Canaries ${run}", es: "Canarios ${run}"}\n`));

  const slugOf = (name: string) => `${run}-${name}`;
  for (const sort of SORTS) {
    for (const revision of sort.name === 'revised' ? ['before', 'now'] : ['now']) {
      const current = sort.open && revision === 'now';
      const early = sort.name === 'early' ? { tier: top.slug, until: NEVER } : null;
      const stricter = (kind: PassageKind) => (sort.stricter && rankOf(matrix.opens[kind]) < top.rank ? top.slug : null);
      const content = contentOf(slugOf(sort.name), run, { ...sort, early }, {
        open: (field) => canaries.make(`${sort.name}, ${revision}: ${field}`, current ? rankOf(early?.tier ?? null) : null),
        gated: (kind, field) => canaries.make(`${sort.name}, ${revision}: ${kind}, ${field}`, current ? Math.max(rankOf(early?.tier ?? null), rankOf(matrix.opens[kind]), sort.until === LATER ? 0 : rankOf(stricter(kind))) : null),
        stricter,
      });
      const files = new Map([...writeBriefing(content)].map(([name, text]) => [name, Buffer.from(text)]));
      await importBriefing(wall, { path: content.slug, files });
    }
  }
  await plantCopy(wall, slugOf('plain'), contentOf(slugOf('plain'), run, { ...SORTS[0]!, early: null }, {
    open: (field) => canaries.make(`plain, working copy: ${field}`, null), gated: (kind, field) => canaries.make(`plain, working copy: ${kind}, ${field}`, null), stricter: () => null,
  }));
  const rows = await wall.read(desk, (db) => db.briefing.findMany({ where: { slug: { startsWith: `${run}-` } }, select: { slug: true, id: true } }));
  const named = (open: boolean) => SORTS.filter((sort) => sort.open === open).map(({ name }) => slugOf(name));
  const before = (slugs: readonly string[]) => slugs.map((slug) => `${slug}-before`);
  return { run, canaries, steps: { low, top }, category: run, published: named(true), hidden: named(false), formerly: before(named(true)), formerlyHidden: before(named(false)), ids: Object.fromEntries(rows.map(({ slug, id }) => [slug, id])) };
}

/** Somebody is rewriting a published briefing: every word of theirs is the desk's alone. */
async function plantCopy(wall: Wall, slug: string, content: BriefingContent): Promise<void> {
  await wall.write(desk, async (db) => {
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug }, select: { id: true } });
    const at = await findAtDesk(db, id);
    if (at) await writeCopy(db, at, { content, unfinished: {}, renewed: [] }, { accountId: null, saveKey: 'planted', now: new Date() });
  });
}

/** Removes everything that runs have planted: those whose name begins like this. */
export async function removePlanted(wall: Wall, run: string): Promise<void> {
  await wall.write(registrar, (db) => db.account.deleteMany({ where: { email: { startsWith: run, endsWith: '.invalid' } } }));
  await wall.write(desk, async (db) => {
    await db.briefing.deleteMany({ where: { slug: { startsWith: run } } });
    await db.organization.deleteMany({ where: { slug: { startsWith: run } } });
    await db.category.deleteMany({ where: { slug: { startsWith: run } } });
  });
}

interface Words {
  readonly open: (field: string) => string;
  readonly gated: (kind: PassageKind, field: string) => string;
  readonly stricter: (kind: PassageKind) => string | null;
}

function contentOf(slug: string, run: string, { published, until, early }: Sort & Pick<BriefingContent, 'early'>, words: Words): BriefingContent {
  const keys = passageKeys(run, words);
  const stricter = Object.fromEntries(keys.flatMap(({ kind, key }) => { const tier = words.stricter(kind); return tier ? [[`${kind}/${key}`, tier]] : []; }));
  return {
    slug,
    formerly: [`${slug}-before`],
    state: published ? 'published' : 'draft',
    published,
    early,
    updated: null,
    type: 'signal',
    category: run,
    domain: 'technology',
    impact: 'low',
    confidence: 50,
    relevance: 'low',
    horizon: 'near',
    sources: [{ key: 'first', url: `https://example.org/${slug}/1`, risk: 'low' }, { key: 'second', url: `https://example.org/${slug}/2`, risk: 'low' }],
    organizations: keys.filter(({ kind }) => kind === 'organization').map(({ key }) => ({ key, name: `Organization ${key}`, url: null })),
    stricter,
    until: until ? Object.fromEntries(Object.keys(stricter).map((name) => [name, until])) : {},
    cover: null,
    original: LANGS[0],
    editions: Object.fromEntries(LANGS.map((lang) => [lang, editionOf(lang, keys, words)])),
  };
}

/** Two passages of each kind. The key of a passage that is no note is gated too: it names what it is about. */
function passageKeys(run: string, words: Words): { kind: PassageKind; key: string }[] {
  return PASSAGE_KINDS.flatMap((kind) => ['first', 'second'].map((key) => ({
    kind,
    key: kind === 'source-note' ? key : kind === 'organization' ? `${run}-${key}` : words.gated(kind, `the key of the ${key}`),
  })));
}

function editionOf(lang: string, keys: readonly { kind: PassageKind; key: string }[], { open, gated }: Words): EditionContent {
  return {
    title: `A title ${open(`title, ${lang}`)}`,
    summary: `A summary ${open(`summary, ${lang}`)}`,
    lead: `A lead ${open(`lead, ${lang}`)}`,
    topic: null,
    coverAlt: null,
    explanations: { impact: `Why ${open(`explanation, ${lang}`)}` },
    facts: { signal: `A fact ${open(`fact, ${lang}`)}` },
    lists: { 'what-to-watch': [`Watch ${open(`list, ${lang}`)}`] },
    sources: { first: { title: `A source ${open(`source, ${lang}`)}`, description: null } },
    body: `An open body ${open(`body, ${lang}`)}`,
    passages: keys.map(({ kind, key }, index): PassageContent => {
      const at = (place: string) => gated(kind, `${index % 2 === 0 ? 'first' : 'second'}, ${lang}, ${place}`);
      return { kind, key, text: `${at('start')} begins this text.\n\nA **word ${at('middle')} in bold**, and [a link](https://example.org/${at('link')}).\n\n- An item at its end: ${at('end')}` };
    }),
  };
}
