import { createHash } from 'node:crypto';
import { editorialViewer } from '../../access/viewer';
import { visibleLine } from '../../lib/line';
import { slugOf } from '../../lib/slug';
import { findEditablePage, lockPages } from '../../site/pages/editable';
import { PAGE_LONGEST, type PageContent } from '../../site/pages/content';
import { isReserved } from '../../site/pages/names';
import { createPage, deletePage, isTaken } from '../../site/pages/writing';
import type { WallTransaction } from '../../stores/postgres/wall';
import { fillInAuthors, namedAuthors, takeBackAuthors, unknownAmong } from './authors';
import { toMarkdown } from './markdown';
import type { PostOptions } from './options';
import type { PostParts } from './parts';
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
      readonly notes: readonly string[];
    }
  | { readonly refused: string };

/**
 * What becomes of a page. Own pages are read by everybody, so one that only some read becomes none. No note says
 * anything of a text.
 */
export function judgePage(post: Post, { language }: PostOptions, reserved: ReadonlySet<string>): JudgedPage {
  const title = visibleLine(post.title).slice(0, PAGE_LONGEST.title);
  const formerly = slugOf(post.slug || title);
  const slug = KNOWN[formerly] ?? formerly;
  if (post.audience !== 'public' || post.gated !== '') return { refused: 'page-gated' };
  if (title === '') return { refused: 'post-title' };
  if (slug === '') return { refused: 'post-slug' };
  if (isReserved(slug, reserved)) return { refused: `page-slug-reserved:/${slug}` };
  const { markdown: body, dropped } = toMarkdown(post.open);
  if (body === '') return { refused: 'post-empty' };
  if (body.length > PAGE_LONGEST.body) return { refused: 'page-long' };
  const description = visibleLine(post.excerpt).slice(0, PAGE_LONGEST.description);
  // The questions stand on the page of prices, which has no byline.
  const authors = slug === 'questions' ? [] : namedAuthors(post).map(({ key, name }) => ({ key, name }));
  const left = post.cover ? new Map(dropped).set('picture', (dropped.get('picture') ?? 0) + 1) : dropped;
  return {
    ...{
      slug,
      formerly,
      content: { original: language, texts: { [language]: { title, description, body } }, authors },
    },
    notes: [`page-draft:/${slug}`, ...[...left].map(([name, n]) => `post-dropped:${name} × ${n}`)],
  };
}

/** The id that the page of a row has: whoever comes to the row again finds what was made. */
function pageIdOf(importId: string, number: number): string {
  const sum = createHash('sha256').update(`page of import ${importId} ${number}`).digest('hex');
  return [sum.slice(0, 8), sum.slice(8, 12), `8${sum.slice(13, 16)}`, `8${sum.slice(17, 20)}`, sum.slice(20, 32)].join(
    '-',
  );
}

const pageNote = (id: string): string => `page:${id}`;

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
): Promise<{ readonly made: string[] } | { readonly refused: string }> {
  const pageId = pageIdOf(id, number);
  return wall.write(editorialViewer, async (db) => {
    await lockPages(db);
    if ((await db.page.count({ where: { id: pageId } })) > 0) return { made: [pageNote(pageId)] };
    const said = judgePage(post, options, reserved());
    if ('refused' in said) return said;
    const { slug, formerly, content } = said;
    if (await isTaken(db, slug)) return { refused: `page-slug-taken:/${slug}` };
    const author = { accountId: null, saveKey: null, now: clock.now() };
    const brought = (await unknownAmong(db, namedAuthors(post))).filter(({ key }) =>
      content.authors.some((one) => one.key === key),
    );
    await createPage(db, { id: pageId, slug, content }, author);
    const made = [pageNote(pageId), ...(await fillInAuthors(db, brought, options.language))];
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
