import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { authorsNow, namedNow } from './authors';
import { readPageAuthors, readTexts, type PageContent } from './content';
import { picturesOfPage, type PagePictures } from './pictures';

/** A saved state of a page. */
export interface SavedPage {
  readonly number: number;
  readonly createdAt: Date;
  readonly authorId: string | null;
  /** From when readers have it; null: they never had. */
  readonly publishedAt: Date | null;
  readonly content: PageContent;
  readonly version: number | null;
  readonly asks: boolean;
  readonly sample: boolean;
}

export type PageState = 'draft' | 'scheduled' | 'published' | 'archived';

/** A page as the desk has it: what was saved last, with what is typed over it. */
export interface EditablePage {
  readonly id: string;
  readonly slug: string;
  readonly archivedAt: Date | null;
  readonly state: PageState;
  readonly content: PageContent;
  /** What its texts may show. */
  readonly pictures: PagePictures;
  /** What is typed and not published; null: nothing is. */
  readonly draft: {
    readonly version: number;
    readonly saveKey: string | null;
    readonly saverId: string | null;
    readonly savedAt: Date;
  } | null;
  /** The newest first. */
  readonly saved: readonly SavedPage[];
  /** What readers have, or would have were it not archived; null: nothing yet. */
  readonly current: SavedPage | null;
  /** What is to take its place; null: nothing is. */
  readonly scheduled: SavedPage | null;
  /** Names exactly this text: whoever saves over another one has not seen it. */
  readonly version: string;
}

/** One who writes pages after another: until the end of the transaction nobody else changes any. */
export async function lockPages(db: WallTransaction): Promise<void> {
  await db.$queryRaw`SELECT true AS locked FROM pg_advisory_xact_lock(5601160)`;
}

interface StoredPage {
  readonly originalLang: string;
  readonly texts: unknown;
  readonly authors: unknown;
}

/** The page of that id as the desk has it; null when there is none. */
export async function findEditablePage(db: WallTransaction, id: string): Promise<EditablePage | null> {
  const row = await db.page.findUnique({
    where: { id },
    include: { draft: true, revisions: { orderBy: { number: 'desc' } } },
  });
  if (!row) return null;
  const now = await momentOf(db);
  const { draft } = row;
  const called = await authorsNow(
    db,
    [draft, ...row.revisions].flatMap((one) => readPageAuthors(one?.authors)),
  );
  const contentOf = ({ originalLang, texts, authors }: StoredPage): PageContent => ({
    original: originalLang,
    texts: readTexts(texts),
    authors: namedNow(readPageAuthors(authors), called, 'stays'),
  });
  const saved = row.revisions.map(({ originalLang, texts, authors, ...one }): SavedPage => ({
    ...one,
    content: contentOf({ originalLang, texts, authors }),
  }));
  const current = inForce(saved, now);
  const scheduled = saved.find(({ publishedAt }) => publishedAt !== null && publishedAt > now) ?? null;
  return {
    id,
    slug: row.slug,
    archivedAt: row.archivedAt,
    state: row.archivedAt ? 'archived' : current ? 'published' : scheduled ? 'scheduled' : 'draft',
    content: draft ? contentOf(draft) : (saved[0]?.content ?? { original: 'en', texts: {}, authors: [] }),
    pictures: await picturesOfPage(db, id),
    draft,
    saved,
    current,
    scheduled,
    version: `${saved[0]?.number ?? 0}.${draft ? `${draft.version}.${draft.savedAt.getTime()}` : 'saved'}`,
  };
}

/** The one published last, as readers are shown it. */
function inForce(saved: readonly SavedPage[], now: Date): SavedPage | null {
  const out = saved.filter(({ publishedAt }) => publishedAt !== null && publishedAt <= now);
  return out.sort((a, b) => b.publishedAt!.getTime() - a.publishedAt!.getTime() || b.number - a.number)[0] ?? null;
}
