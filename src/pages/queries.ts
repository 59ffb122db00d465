import type { Viewer } from '../access/viewer';
import { picturePath, pictureSet } from '../briefings/pictures/queries';
import type { Shown } from '../lib/markdown';
import { authorsNow, namedNow } from '../site/pages/authors';
import { readPageAuthors, readTexts, type PageContent } from '../site/pages/content';
import type { PagePicture } from '../site/pages/pictures';
import { momentOf, type Wall, type WallTransaction } from '../stores/postgres/wall';

/** A revision of a page as readers have it. */
export interface ReadPage {
  readonly id: string;
  readonly slug: string;
  readonly content: PageContent;
  readonly number: number;
  readonly version: number | null;
  readonly publishedAt: Date;
  /** What its texts show, by the names of the files. */
  readonly pictures: ReadonlyMap<string, Shown>;
}

/** A version of a page, and from when to when it was in force; `until` null: it still is. */
export interface ReadVersion extends ReadPage {
  readonly version: number;
  readonly since: Date;
  readonly until: Date | null;
}

type Row = {
  readonly number: number;
  readonly version: number | null;
  readonly publishedAt: Date | null;
  readonly originalLang: string;
  readonly texts: unknown;
  readonly authors: unknown;
  readonly page: { readonly id: string; readonly slug: string };
  readonly pictures: readonly {
    readonly name: string;
    readonly picture: PagePicture & { readonly sizes: readonly { readonly width: number }[] };
  }[];
};

type AuthorsNow = Awaited<ReturnType<typeof authorsNow>>;

const toPage = (
  { number, version, publishedAt, originalLang, texts, authors, page, pictures }: Row,
  now: AuthorsNow,
): ReadPage => ({
  ...page,
  content: {
    original: originalLang,
    texts: readTexts(texts),
    authors: namedNow(readPageAuthors(authors), now, 'goes'),
  },
  number,
  version,
  publishedAt: publishedAt!,
  pictures: new Map(
    pictures.map(({ name, picture: { sizes, ...picture } }) => [
      name,
      {
        ...{ src: picturePath(picture), width: picture.width, height: picture.height },
        srcset: pictureSet(
          picture,
          sizes.map(({ width }) => width),
        ),
      },
    ]),
  ),
});

/** Who wrote these, as they are called now. */
const authorsOf = (db: WallTransaction, rows: readonly Row[]): Promise<AuthorsNow> =>
  authorsNow(
    db,
    rows.flatMap(({ authors }) => readPageAuthors(authors)),
  );

const ORDER = [{ publishedAt: 'desc' }, { number: 'desc' }] as const;
const WITH_PAGE = {
  page: { select: { id: true, slug: true } },
  pictures: {
    select: {
      name: true,
      picture: {
        select: {
          ...{ id: true, format: true, width: true, height: true },
          sizes: { select: { width: true }, orderBy: { width: 'asc' } },
        },
      },
    },
  },
} as const;

/** The page readers have at an address; null when there is none. */
export function readPage(wall: Wall, viewer: Viewer, slug: string): Promise<ReadPage | null> {
  return wall.read(viewer, (db) => readPageIn(db, slug));
}

/** The same, in a transaction. */
export async function readPageIn(db: WallTransaction, slug: string): Promise<ReadPage | null> {
  const row = await db.pageRevision.findFirst({
    where: { page: { slug, archivedAt: null }, publishedAt: { lte: await momentOf(db) } },
    include: WITH_PAGE,
    orderBy: [...ORDER],
  });
  return row && toPage(row, await authorsOf(db, [row]));
}

/** The versions of a page that have been in force, newest first; none: it has no versions. */
export function readVersions(wall: Wall, viewer: Viewer, slug: string): Promise<readonly ReadVersion[]> {
  return wall.read(viewer, async (db) => {
    const rows = await db.pageRevision.findMany({
      where: { page: { slug }, publishedAt: { lte: await momentOf(db) }, version: { not: null } },
      include: WITH_PAGE,
      orderBy: [...ORDER],
    });
    const called = await authorsOf(db, rows);
    const versions = new Map<number, Omit<ReadVersion, 'until'>>();
    for (const row of rows) {
      // Newest first, so what a version says is what was put right in it last, and it began with the oldest.
      const page = versions.get(row.version!) ?? { ...toPage(row, called), version: row.version! };
      versions.set(row.version!, { ...page, since: row.publishedAt! });
    }
    return [...versions.values()].map((one, at, all) => ({ ...one, until: at === 0 ? null : all[at - 1]!.since }));
  });
}
