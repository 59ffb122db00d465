import { createHash } from 'node:crypto';
import { editorialViewer } from '../../access/viewer';
import type { Picture } from '../../briefings/content';
import { visibleLine } from '../../lib/line';
import { slugOf } from '../../lib/slug';
import { findEditablePage, lockPages } from '../../site/pages/editable';
import { PAGE_LONGEST, type PageContent } from '../../site/pages/content';
import { isReserved } from '../../site/pages/names';
import { addPagePicture } from '../../site/pages/pictures';
import { createPage, deletePage, isTaken } from '../../site/pages/writing';
import type { WallTransaction } from '../../stores/postgres/wall';
import { fillInAuthors, namedAuthors, notesOfAuthors, takeBackAuthors, unknownAmong } from './authors';
import { toMarkdown } from './markdown';
import type { PostOptions } from './options';
import type { PostParts } from './parts';
import { openPostFigures, type KnownPictures, type PostFigures } from './pictures/figures';
import { knownAmong, storeShown, type PostPictures } from './pictures/kept';
import type { Post } from './post';

/** What pages are called elsewhere that other rooms know by another address here. */
const KNOWN: Readonly<Record<string, string>> = {
  ...{ 'privacy-policy': 'privacy', datenschutz: 'privacy', privacidad: 'privacy' },
  ...{ 'terms-of-service': 'terms', 'terms-of-use': 'terms', 'terms-and-conditions': 'terms', tos: 'terms' },
  ...{ impressum: 'imprint', 'contact-us': 'contact', contacto: 'contact', faq: 'questions' },
};

/** A page as the draft it becomes, and the address that it had; or why it becomes none. */
export type JudgedPage =
  | {
      readonly slug: string;
      readonly formerly: string;
      readonly content: PageContent;
      /** What its text shows, by the names of the files. */
      readonly figures: Readonly<Record<string, Picture>>;
      readonly notes: readonly string[];
    }
  | { readonly refused: string };

/** The picture at the head of a page, as the first line of its text; empty: there is none, or it stays behind. */
function headOf({ cover }: Post, title: string, pictures: PostFigures | null): string {
  const name = cover && pictures && pictures.showIn('open')(cover.src);
  if (!name) return '';
  return `![${(visibleLine(cover.alt) || title).replace(/[\\[\]]/g, '\\$&')}](${name})\n\n`;
}

/**
 * What becomes of a page. Own pages are read by everybody, so one that only some read becomes none. No note says
 * anything of a text.
 */
export function judgePage(
  post: Post,
  { language }: PostOptions,
  reserved: ReadonlySet<string>,
  known: KnownPictures,
): JudgedPage {
  const title = visibleLine(post.title).slice(0, PAGE_LONGEST.title);
  const formerly = slugOf(post.slug || title);
  const slug = KNOWN[formerly] ?? formerly;
  if (post.audience !== 'public' || post.gated !== '') return { refused: 'page-gated' };
  if (title === '') return { refused: 'post-title' };
  if (slug === '') return { refused: 'post-slug' };
  if (isReserved(slug, reserved)) return { refused: `page-slug-reserved:/${slug}` };
  // The questions stand on the page of prices, which has no byline and shows no pictures.
  const pictures = slug === 'questions' ? null : openPostFigures(post, known);
  const head = headOf(post, title, pictures);
  const { markdown, dropped } = toMarkdown(post.open, pictures && pictures.showIn('open'), title);
  const body = head + markdown;
  if (body === '') return { refused: 'post-empty' };
  if (body.length > PAGE_LONGEST.body) return { refused: 'page-long' };
  const description = visibleLine(post.excerpt).slice(0, PAGE_LONGEST.description);
  const authors = slug === 'questions' ? [] : namedAuthors(post).map(({ key, name }) => ({ key, name }));
  const left = post.cover && !pictures ? new Map(dropped).set('picture', (dropped.get('picture') ?? 0) + 1) : dropped;
  return {
    ...{
      slug,
      formerly,
      content: { original: language, texts: { [language]: { title, description, body } }, authors },
    },
    figures: pictures?.figures ?? {},
    notes: [
      `page-draft:/${slug}`,
      ...[...left].map(([name, n]) => `post-dropped:${name} × ${n}`),
      ...(pictures?.notes() ?? []),
    ],
  };
}

/** The id that the page of a row has: whoever comes to the row again finds what was made. */
export function pageIdOf(importId: string, number: number): string {
  const sum = createHash('sha256').update(`page of import ${importId} ${number}`).digest('hex');
  return [sum.slice(0, 8), sum.slice(8, 12), `8${sum.slice(13, 16)}`, `8${sum.slice(17, 20)}`, sum.slice(20, 32)].join(
    '-',
  );
}

/** The note by which a page is taken back. */
export const pageNote = (id: string): string => `page:${id}`;

/** The page that a row has made; undefined: none. */
export const pageMade = (made: readonly string[]): string | undefined =>
  made.find((one) => one.startsWith('page:'))?.slice('page:'.length);

/** Which of these addresses own pages have or had. */
export async function takenSlugs(db: WallTransaction, slugs: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = { where: { slug: { in: [...slugs] } }, select: { slug: true } };
  const rows = [...(await db.page.findMany(asked)), ...(await db.formerPageSlug.findMany(asked))];
  return new Set(rows.map(({ slug }) => slug));
}

/** Makes the draft of a page, once, however often it is begun. What is in the way is said. */
export function makePage(
  { wall, clock, reserved }: Pick<PostParts, 'wall' | 'clock' | 'reserved'>,
  { id, number, post, options }: { id: string; number: number; post: Post; options: PostOptions },
  { kept, ready }: PostPictures,
): Promise<{ readonly made: string[] } | { readonly refused: string }> {
  const pageId = pageIdOf(id, number);
  const by = { importId: id, importRow: number };
  return wall.write(editorialViewer, async (db) => {
    await lockPages(db);
    if ((await db.page.count({ where: { id: pageId } })) > 0)
      return { made: [pageNote(pageId), ...(await notesOfAuthors(db, by))] };
    const said = judgePage(post, options, reserved(), knownAmong(kept));
    if ('refused' in said) return said;
    const { slug, formerly, content, figures } = said;
    if (await isTaken(db, slug)) return { refused: `page-slug-taken:/${slug}` };
    const author = { accountId: null, saveKey: null, now: clock.now() };
    const brought = (await unknownAmong(db, namedAuthors(post))).filter(({ key }) =>
      content.authors.some((one) => one.key === key),
    );
    await createPage(db, { id: pageId, slug, content }, author);
    await storeShown(db, ready, Object.values(figures));
    for (const [name, picture] of Object.entries(figures)) await addPagePicture(db, pageId, name, picture.id);
    const made = [pageNote(pageId), ...(await fillInAuthors(db, brought, options.language, by))];
    if (formerly !== slug && !isReserved(formerly, reserved()) && !(await isTaken(db, formerly)))
      await db.formerPageSlug.create({ data: { slug: formerly, pageId }, select: { slug: true } });
    return { made };
  });
}

/** Deletes the draft that an import has made. True: it stays, because it was published or written in. */
export async function takeBackPage(db: WallTransaction, id: string, made: readonly string[]): Promise<boolean> {
  await lockPages(db);
  const at = await findEditablePage(db, id);
  if (at === null) return false;
  if (at.saved.length > 0 || (at.draft?.version ?? 1) > 1) return true;
  await deletePage(db, id);
  await takeBackAuthors(db, made);
  return false;
}
