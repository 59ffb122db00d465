import { createHash } from 'node:crypto';
import { AUTHOR_LONGEST } from '../../briefings/authors';
import { LONGEST } from '../../briefings/fields';
import { isWebAddress } from '../../briefings/file/shape';
import { visibleLine } from '../../lib/line';
import { slugOf } from '../../lib/slug';
import { authorsNow, pagesNaming } from '../../site/pages/authors';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { Post } from './post';

/** An author of a post as this house keeps one. */
interface NamedAuthor {
  readonly key: string;
  readonly name: string;
  readonly line: string;
  readonly links: readonly string[];
}

/** Who wrote a post, as far as they can be named here, each once. */
export function namedAuthors({ authors }: Pick<Post, 'authors'>): readonly NamedAuthor[] {
  const named = authors.flatMap((one): NamedAuthor[] => {
    const name = visibleLine(one.name).slice(0, LONGEST.authorName);
    const key = slugOf(one.key || name);
    const links = one.links.filter((link) => isWebAddress(link) && link.length <= AUTHOR_LONGEST.link);
    const line = visibleLine(one.line).slice(0, AUTHOR_LONGEST.line);
    return name === '' || key === '' ? [] : [{ key, name, line, links: links.slice(0, AUTHOR_LONGEST.links) }];
  });
  return named.filter(({ key }, index) => named.findIndex((one) => one.key === key) === index);
}

/** Which of them are nobody here yet. */
export async function unknownAmong(db: WallTransaction, authors: readonly NamedAuthor[]): Promise<NamedAuthor[]> {
  const known = await authorsNow(db, authors);
  return authors.filter(({ key }) => !known.has(key));
}

const digestOf = (of: {
  readonly name: string;
  readonly links: readonly string[];
  readonly pictureId: string | null;
  readonly texts: readonly { readonly lang: string; readonly line: string }[];
}): string =>
  createHash('sha256')
    .update(JSON.stringify([of.name, of.links, of.pictureId, ...of.texts.map(({ lang, line }) => [lang, line])]))
    .digest('base64url')
    .slice(0, 22);

const findMade = (db: WallTransaction, slug: string) =>
  db.author.findUnique({ where: { slug }, include: { texts: { orderBy: { lang: 'asc' } } } });

/** One row of an import. */
export interface RowOfImport {
  readonly importId: string;
  readonly importRow: number;
}

const noteOf = (slug: string, digest: string): string => `author:${slug}:${digest}`;

/**
 * Writes what is said of authors whom a post has just brought along, in its language, and which row that was.
 * @returns the notes by which they are taken back.
 */
export async function fillInAuthors(
  db: WallTransaction,
  brought: readonly NamedAuthor[],
  lang: string,
  by: RowOfImport,
): Promise<string[]> {
  const notes: string[] = [];
  for (const { key, line, links } of brought) {
    await db.author.update({ where: { slug: key }, data: { links: [...links] }, select: { slug: true } });
    if (line !== '') await db.authorText.createMany({ data: [{ authorSlug: key, lang, line }], skipDuplicates: true });
    const made = await findMade(db, key);
    if (!made) continue;
    const importDigest = digestOf(made);
    await db.author.update({ where: { slug: key }, data: { ...by, importDigest }, select: { slug: true } });
    notes.push(noteOf(key, importDigest));
  }
  return notes;
}

/** The notes of the authors whom a row has brought along, for whoever comes to that row again. */
export async function notesOfAuthors(db: WallTransaction, by: RowOfImport): Promise<string[]> {
  const made = await db.author.findMany({ where: { ...by }, select: { slug: true, importDigest: true } });
  return made.map(({ slug, importDigest }) => noteOf(slug, importDigest!)).sort();
}

/** Takes back authors that a row has brought along, unless something names them or somebody has changed them since. */
export async function takeBackAuthors(db: WallTransaction, made: readonly string[]): Promise<void> {
  for (const note of made) {
    const [kind, slug = '', digest] = note.split(':');
    const author = kind === 'author' ? await findMade(db, slug) : null;
    if (!author) continue;
    // Of an import by a version before, nothing was said of them.
    const same = digest === undefined ? author.texts.length === 0 : digestOf(author) === digest;
    const named =
      (await db.briefingAuthor.count({ where: { authorSlug: slug } })) + (await pagesNaming(db, slug)).length;
    if (same && named === 0) await db.author.delete({ where: { slug }, select: { slug: true } });
  }
}
