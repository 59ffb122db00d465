import { randomUUID } from 'node:crypto';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { settleAuthors } from './authors';
import { saysTheSame, writeTexts, type PageContent } from './content';
import type { EditablePage, SavedPage } from './editable';
import { isAccepted } from './names';
import { everOnPage, picturesWrongIn, placePictures, putPicturesBack } from './pictures';

// What is done to pages, each in a transaction of the desk that has called `lockPages` and writes the audit entry.

/** Is this address another page's, or was it? `own`: the page that may have it. */
export async function isTaken(db: WallTransaction, slug: string, own: string | null = null): Promise<boolean> {
  const page = await db.page.findUnique({ where: { slug }, select: { id: true } });
  const former = await db.formerPageSlug.findUnique({ where: { slug } });
  return (page !== null && page.id !== own) || (former !== null && former.pageId !== own);
}

/** Who writes into a draft, and from which page of the desk; `saveKey` names that page and counts its saves. */
export interface DraftAuthor {
  readonly accountId: string | null;
  readonly saveKey: string | null;
  readonly now: Date;
}

/** Makes a page that nobody meets yet, and answers with its id. The address must be free (`isTaken`). */
export async function createPage(
  db: WallTransaction,
  { id = randomUUID(), slug, content }: { readonly id?: string; readonly slug: string; readonly content: PageContent },
  author: DraftAuthor,
): Promise<string> {
  await db.page.create({ data: { id, slug, createdAt: author.now }, select: { id: true } });
  await writeDraft(db, id, content, author);
  return id;
}

/** What a row holds of a page. */
const columnsOf = async (db: WallTransaction, { original, texts, authors }: PageContent) => ({
  ...{ originalLang: original, texts: writeTexts(texts) },
  authors: await settleAuthors(db, authors),
});

/** Writes what is typed; readers see nothing of it. */
export async function writeDraft(
  db: WallTransaction,
  pageId: string,
  content: PageContent,
  { accountId, saveKey, now }: DraftAuthor,
): Promise<void> {
  const data = { ...(await columnsOf(db, content)), saverId: accountId, saveKey, savedAt: now };
  await db.pageDraft.upsert({
    where: { pageId },
    create: { pageId, ...data },
    update: { ...data, version: { increment: 1 } },
    select: { pageId: true },
  });
}

/** Takes what is typed away: the page is again as it was saved last. */
export async function dropDraft(db: WallTransaction, pageId: string): Promise<void> {
  await db.pageDraft.deleteMany({ where: { pageId } });
}

/** What a publication is to those who have accepted what was there before. */
export const CHANGES = ['correction', 'version', 'asked'] as const;
export type PageChange = (typeof CHANGES)[number];

export interface Publication {
  /** When readers have it; null: at once. */
  readonly when: Date | null;
  /**
   * Of a page with versions: the same version put right, a new one, or a new one that members are asked for. The first
   * is a version whatever it is called.
   */
  readonly change: PageChange;
  readonly authorId: string | null;
  /** Is it one of the delivered samples? */
  readonly sample?: boolean;
}

/** Why a page cannot be published as it is: it says nothing, or something else is to come out. */
export type NotPublished = 'empty' | 'scheduled' | 'archived' | 'unchanged' | 'when' | 'picture';

/** Publishes what is typed, or what was saved and never came out. The saved state, or why not. */
export async function publishPage(
  db: WallTransaction,
  at: EditablePage,
  { when, change, authorId, sample = false }: Publication,
): Promise<SavedPage | NotPublished> {
  const { content, slug, saved } = at;
  const now = await momentOf(db);
  if (at.archivedAt) return 'archived';
  if (at.scheduled) return 'scheduled';
  const first = content.texts[content.original];
  if (!first?.title || !first.body) return 'empty';
  if (at.current && saysTheSame(at.current.content, content)) return 'unchanged';
  if (picturesWrongIn(content, at.pictures).length > 0) return 'picture';
  if (when !== null && when <= now) return 'when';
  const last = Math.max(0, ...saved.map((one) => (one.publishedAt === null ? 0 : (one.version ?? 0))));
  const isNew = change !== 'correction' || last === 0;
  const made: SavedPage = {
    number: (saved[0]?.number ?? 0) + 1,
    createdAt: now,
    authorId,
    publishedAt: when ?? now,
    content,
    version: isAccepted(slug) ? (isNew ? last + 1 : last) : null,
    asks: isAccepted(slug) && change === 'asked',
    // What was put back from a sample is one still.
    sample: sample || saved.some((one) => one.sample && saysTheSame(one.content, content)),
  };
  const { content: written, ...row } = made;
  const data = { ...row, ...(await columnsOf(db, written)), pageId: at.id };
  await db.pageRevision.create({ data, select: { number: true } });
  await placePictures(db, at.id, made.number, written);
  await dropDraft(db, at.id);
  return made;
}

/** Takes back what was to come out: it is typed and not published again. */
export async function unschedulePage(db: WallTransaction, at: EditablePage, author: DraftAuthor): Promise<boolean> {
  if (!at.scheduled) return false;
  const { number } = at.scheduled;
  await db.pageRevision.update({
    where: { pageId_number: { pageId: at.id, number } },
    data: { publishedAt: null },
    select: { number: true },
  });
  if (!at.draft) await restorePage(db, at, at.scheduled, author);
  return true;
}

/** Makes a saved state what is typed, with the pictures it shows. */
export async function restorePage(
  db: WallTransaction,
  at: EditablePage,
  { number, content }: SavedPage,
  author: DraftAuthor,
): Promise<void> {
  await putPicturesBack(db, at.id, number);
  await writeDraft(db, at.id, content, author);
}

/** Takes a page away from readers, or gives it back to them as it was. */
export async function setArchived(db: WallTransaction, at: EditablePage, archivedAt: Date | null): Promise<void> {
  await db.page.update({ where: { id: at.id }, data: { archivedAt }, select: { id: true } });
}

/** Gives a page another address at once. The one it had leads on to it, if readers may know it. */
export async function movePage(db: WallTransaction, at: EditablePage, slug: string): Promise<void> {
  await db.formerPageSlug.deleteMany({ where: { slug } });
  await db.page.update({ where: { id: at.id }, data: { slug }, select: { id: true } });
  if (at.current) await db.formerPageSlug.create({ data: { slug: at.slug, pageId: at.id }, select: { slug: true } });
}

/** May a page go for good? One that readers may have met is archived first; what somebody may have accepted stays. */
export const mayBeDeleted = (at: EditablePage): boolean =>
  at.current === null ? at.scheduled === null : at.state === 'archived' && !isAccepted(at.slug);

/** Deletes a page with its history, and those of its pictures that nothing else shows: Postgres keeps every other. */
export async function deletePage(db: WallTransaction, id: string): Promise<void> {
  const pictures = await everOnPage(db, id);
  await db.page.delete({ where: { id }, select: { id: true } });
  if (pictures.length > 0) await db.picture.deleteMany({ where: { id: { in: pictures } } });
}
