import { picturesIn } from '../../lib/markdown';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { PageContent } from './content';

/** A picture of a page. */
export interface PagePicture {
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly id: string;
  readonly format: 'png' | 'jpg' | 'webp' | 'avif';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** By the names of their files, as texts name them. */
export type PagePictures = ReadonlyMap<string, PagePicture>;

/** The pictures that the texts of a page may show. As the desk. */
export async function picturesOfPage(db: WallTransaction, pageId: string): Promise<PagePictures> {
  const rows = await db.pagePicture.findMany({
    where: { pageId },
    orderBy: { name: 'asc' },
    select: { name: true, picture: { select: { id: true, format: true, width: true, height: true } } },
  });
  return new Map(rows.map(({ name, picture }) => [name, picture]));
}

/** The languages whose text names a picture that is not there, or does not say what one shows. */
export const picturesWrongIn = ({ texts }: Pick<PageContent, 'texts'>, pictures: PagePictures): string[] =>
  Object.keys(texts).filter((lang) =>
    picturesIn(texts[lang]!.body).some(({ name, alt }) => alt === '' || !pictures.has(name)),
  );

/** Does any of these texts show a picture of this name? */
export const showsPicture = ({ texts }: Pick<PageContent, 'texts'>, name: string): boolean =>
  Object.values(texts).some(({ body }) => picturesIn(body).some((one) => one.name === name));

/**
 * Names that are no other picture's on this page: those of its files, and those that a saved state of it shows, so that
 * an old text that is put back shows what it showed.
 */
export async function takenNames(db: WallTransaction, pageId: string): Promise<ReadonlySet<string>> {
  const asked = { where: { pageId }, select: { name: true } } as const;
  const rows = [...(await db.pagePicture.findMany(asked)), ...(await db.pageRevisionPicture.findMany(asked))];
  return new Set(rows.map(({ name }) => name));
}

/** Puts a picture that is kept among those of a page. The name must be free (`takenNames`). */
export async function addPagePicture(
  db: WallTransaction,
  pageId: string,
  name: string,
  pictureId: string,
): Promise<void> {
  await db.pagePicture.create({ data: { pageId, name, pictureId }, select: { name: true } });
}

/** Takes a picture from among those of a page; saved states that show it keep it. */
export async function removePagePicture(db: WallTransaction, pageId: string, name: string): Promise<void> {
  await db.pagePicture.deleteMany({ where: { pageId, name } });
}

/** Writes down which pictures a saved state shows, in the transaction that saves it. */
export async function placePictures(
  db: WallTransaction,
  pageId: string,
  number: number,
  { texts }: Pick<PageContent, 'texts'>,
): Promise<void> {
  const names = Object.values(texts).flatMap(({ body }) => picturesIn(body).map(({ name }) => name));
  if (names.length === 0) return;
  await db.$executeRaw`
    INSERT INTO page_revision_pictures (page_id, number, name, picture_id)
    SELECT page_id, ${number}::int, name, picture_id FROM page_pictures
    WHERE page_id = ${pageId}::uuid AND name = ANY(${names}::text[])`;
}

/** Puts the pictures that a saved state shows among those of its page again: it becomes what is typed. */
export async function putPicturesBack(db: WallTransaction, pageId: string, number: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO page_pictures (page_id, name, picture_id)
    SELECT page_id, name, picture_id FROM page_revision_pictures
    WHERE page_id = ${pageId}::uuid AND number = ${number}::int ON CONFLICT DO NOTHING`;
}

/** Every picture that a page has or had. As the desk. */
export async function everOnPage(db: WallTransaction, pageId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT picture_id AS id FROM page_pictures WHERE page_id = ${pageId}::uuid
    UNION SELECT picture_id FROM page_revision_pictures WHERE page_id = ${pageId}::uuid`;
  return rows.map(({ id }) => id);
}

/**
 * The first wall for pictures of pages: does it stand on a page that readers have, or in a version that keeps its
 * address? A text that is typed, to come, replaced or archived shows nothing to anybody.
 */
export async function standsOnPage(db: WallTransaction, pictureId: string): Promise<boolean> {
  const [row] = await db.$queryRaw<[{ stands: boolean }]>`
    SELECT EXISTS (
      SELECT FROM page_revision_pictures i
      JOIN page_revisions r ON r.page_id = i.page_id AND r.number = i.number JOIN pages p ON p.id = i.page_id
      WHERE i.picture_id = ${pictureId} AND r.published_at <= now()
        AND (p.archived_at IS NULL OR r.version IS NOT NULL)
        AND NOT EXISTS (SELECT FROM page_revisions later WHERE later.page_id = r.page_id
          AND later.version IS NOT DISTINCT FROM r.version AND later.published_at <= now()
          AND (later.published_at, later.number) > (r.published_at, r.number))) AS stands`;
  return row.stands;
}
