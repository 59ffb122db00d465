import type { WallTransaction } from '../../stores/postgres/wall';
import type { PageAuthor } from './content';

/** Authors as they are now, by the addresses they were kept under. One that is gone has no entry. */
export async function authorsNow(
  db: WallTransaction,
  kept: readonly PageAuthor[],
): Promise<ReadonlyMap<string, PageAuthor>> {
  const keys = [...new Set(kept.map(({ key }) => key))];
  if (keys.length === 0) return new Map();
  const former = await db.formerAuthorSlug.findMany({ where: { slug: { in: keys } } });
  const moved = new Map(former.map(({ slug, authorSlug }) => [slug, authorSlug]));
  const slugs = keys.map((key) => moved.get(key) ?? key);
  const rows = await db.author.findMany({ where: { slug: { in: slugs } }, select: { slug: true, name: true } });
  const names = new Map(rows.map(({ slug, name }) => [slug, name]));
  return new Map(
    keys.flatMap((key, index): [string, PageAuthor][] => {
      const name = names.get(slugs[index]!);
      return name === undefined ? [] : [[key, { key: slugs[index]!, name }]];
    }),
  );
}

/** Those that were kept, as they are now, each once. `gone`: what becomes of one that is there no more. */
export function namedNow(
  kept: readonly PageAuthor[],
  now: ReadonlyMap<string, PageAuthor>,
  gone: 'stays' | 'goes',
): readonly PageAuthor[] {
  const all = kept.flatMap((one) => now.get(one.key) ?? (gone === 'stays' ? [one] : []));
  return all.filter(({ key }, index) => all.findIndex((one) => one.key === key) === index);
}

/** The authors that a page is to be kept with. Those whom nobody knows are made, with nothing but their names. */
export async function settleAuthors(
  db: WallTransaction,
  authors: readonly PageAuthor[],
): Promise<{ key: string; name: string }[]> {
  const now = await authorsNow(db, authors);
  const settled = namedNow(authors, now, 'stays').map(({ key, name }) => ({ key, name }));
  const unknown = settled.filter(({ key }) => ![...now.values()].some((one) => one.key === key));
  if (unknown.length > 0)
    await db.author.createMany({ data: unknown.map(({ key, name }) => ({ slug: key, name })), skipDuplicates: true });
  return settled;
}

/** A page that keeps an author from being deleted. */
export interface NamingPage {
  readonly id: string;
  readonly slug: string;
  readonly original: string;
  /** By language code; a language without one has no entry. */
  readonly titles: Readonly<Record<string, string>>;
}

/** The pages that name an author: as readers have them, as they are to have them, or as they are typed. */
export const pagesNaming = (db: WallTransaction, author: string): Promise<NamingPage[]> =>
  db.$queryRaw<NamingPage[]>`
    WITH named AS (
      SELECT ${author}::text AS key UNION SELECT slug FROM former_author_slugs WHERE author_slug = ${author}),
    said AS (
      SELECT d.page_id, d.original_lang, d.texts, d.authors, true AS counts FROM page_drafts d
      UNION ALL
      SELECT r.page_id, r.original_lang, r.texts, r.authors, r.published_at > now() OR r.number = (
        SELECT n.number FROM page_revisions n WHERE n.page_id = r.page_id AND n.published_at <= now()
        ORDER BY n.published_at DESC, n.number DESC LIMIT 1) FROM page_revisions r)
    SELECT DISTINCT ON (p.slug) p.id, p.slug, s.original_lang AS original,
      (SELECT coalesce(jsonb_object_agg(t.key, t.value ->> 'title'), '{}') FROM jsonb_each(s.texts) t
        WHERE t.value ->> 'title' <> '') AS titles
    FROM pages p JOIN said s ON s.page_id = p.id
    WHERE s.counts AND EXISTS (
      SELECT FROM jsonb_array_elements(s.authors) a JOIN named ON named.key = a.value ->> 'key')
    ORDER BY p.slug`;
