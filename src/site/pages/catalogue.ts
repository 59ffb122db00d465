import { editorialViewer, visitor } from '../../access/viewer';
import { CachedValue } from '../../stores/cached-value';
import type { Wall } from '../../stores/postgres/wall';
import type { ShownText } from '../settings/text-by-language';
import { ACCEPTED_PAGES, LEGAL_PAGES, type AcceptedPage, type LegalPage } from './names';

/** A page that readers have, as every other page needs it. */
export interface PublishedPage {
  readonly id: string;
  readonly slug: string;
  readonly original: string;
  /** By language code; a language without one has no entry. */
  readonly titles: Readonly<Record<string, string>>;
  /** The revision they have. */
  readonly revision: number;
  /** Which version of what is accepted that is; null: nobody accepts it. */
  readonly version: number | null;
  /** The newest version that members are asked for; 0: none is. */
  readonly asked: number;
  /** Does it say what the samples say? */
  readonly sample: boolean;
  readonly publishedAt: Date;
  /** The addresses of its authors, in their order. */
  readonly authors: readonly string[];
}

/** What is accepted, as it stands: terms, privacy. */
export interface AcceptablePage extends PublishedPage {
  readonly slug: AcceptedPage;
  readonly version: number;
}

/** The pages as whoever renders needs them. */
export interface SitePages {
  /** Every page readers have, by its address. */
  readonly all: readonly PublishedPage[];
  /** The page readers have at this address; null: none. */
  find(slug: string): PublishedPage | null;
  /** Where a page is now that was here once; null: none was. */
  formerly(slug: string): string | null;
  /** Is there a page of this address that readers do not meet now? Then nothing leads there. */
  isHidden(slug: string): boolean;
  /** Are there addresses of a former platform that lead on to briefings? Where there is none, none is asked for. */
  readonly hasFormerPaths: boolean;
  /** Its title in a language, else in its original one, else in any. */
  titleOf(page: PublishedPage, code: string): ShownText;
  /** What is accepted by whoever joins or pays, in the order it is named. */
  readonly acceptable: readonly AcceptablePage[];
  /** What must be there before money is taken and is not, or says only what the samples say. */
  readonly missingLegal: readonly LegalPage[];
}

interface Loaded {
  readonly published: ReadonlyMap<string, PublishedPage>;
  readonly former: ReadonlyMap<string, string>;
  readonly hidden: ReadonlySet<string>;
  readonly hasFormerPaths: boolean;
}

const NONE: Loaded = { published: new Map(), former: new Map(), hidden: new Set(), hasFormerPaths: false };

async function load(wall: Wall): Promise<Loaded> {
  const { rows, former } = await wall.read(visitor, async (db) => ({
    rows: await db.$queryRaw<PublishedPage[]>`
      SELECT DISTINCT ON (p.id) p.id, p.slug, r.original_lang AS original, r.number AS revision, r.version, r.sample,
        r.published_at AS "publishedAt",
        (SELECT coalesce(jsonb_object_agg(t.key, t.value ->> 'title'), '{}') FROM jsonb_each(r.texts) t
          WHERE t.value ->> 'title' <> '') AS titles,
        (SELECT coalesce(jsonb_agg(coalesce(f.author_slug, a.value ->> 'key') ORDER BY a.ordinality), '[]')
          FROM jsonb_array_elements(r.authors) WITH ORDINALITY a
          LEFT JOIN former_author_slugs f ON f.slug = a.value ->> 'key') AS authors,
        (SELECT coalesce(max(a.version), 0)::int FROM page_revisions a
          WHERE a.page_id = p.id AND a.asks AND a.published_at <= now()) AS asked
      FROM pages p JOIN page_revisions r ON r.page_id = p.id
      WHERE p.archived_at IS NULL AND r.published_at <= now()
      ORDER BY p.id, r.published_at DESC, r.number DESC`,
    former: await db.formerPageSlug.findMany({ include: { page: { select: { slug: true } } } }),
  }));
  const published = new Map(rows.map((row) => [row.slug, row]));
  // Of what readers do not meet the addresses alone are kept, so that nothing leads to them.
  const { all, path } = await wall.read(editorialViewer, async (db) => ({
    all: await db.page.findMany({ select: { slug: true } }),
    path: await db.formerPath.findFirst({ select: { path: true } }),
  }));
  return {
    published,
    former: new Map(former.filter(({ page }) => published.has(page.slug)).map(({ slug, page }) => [slug, page.slug])),
    hidden: new Set(all.map(({ slug }) => slug).filter((slug) => !published.has(slug))),
    hasFormerPaths: path !== null,
  };
}

/** The pages, kept in memory until a change of them is heard of. */
export class PageCatalogue implements SitePages {
  private readonly pages: CachedValue<Loaded>;

  constructor(wall: Wall) {
    this.pages = new CachedValue(() => load(wall), NONE);
  }

  /** Reads them again where they may have changed (`CachedValue.refresh`). */
  refresh(): Promise<void> {
    return this.pages.refresh();
  }

  /** They may have changed. */
  invalidate(): void {
    this.pages.invalidate();
  }

  get all(): readonly PublishedPage[] {
    return [...this.pages.current.published.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  }

  find(slug: string): PublishedPage | null {
    return this.pages.current.published.get(slug) ?? null;
  }

  formerly(slug: string): string | null {
    return this.pages.current.former.get(slug) ?? null;
  }

  isHidden(slug: string): boolean {
    return this.pages.current.hidden.has(slug);
  }

  get hasFormerPaths(): boolean {
    return this.pages.current.hasFormerPaths;
  }

  titleOf({ slug, titles, original }: PublishedPage, code: string): ShownText {
    const lang = [code, original, ...Object.keys(titles).sort()].find((one) => titles[one] !== undefined);
    return lang === undefined ? { text: slug, lang: null } : { text: titles[lang]!, lang: lang === code ? null : lang };
  }

  get acceptable(): readonly AcceptablePage[] {
    return ACCEPTED_PAGES.map((slug) => this.find(slug)).filter(
      (page): page is AcceptablePage => page !== null && page.version !== null,
    );
  }

  get missingLegal(): readonly LegalPage[] {
    return LEGAL_PAGES.filter((slug) => this.find(slug)?.sample !== false);
  }
}
