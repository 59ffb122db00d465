import type { WallTransaction } from '../../stores/postgres/wall';
import { CHOICE_FIELDS } from '../../briefings/fields';
import { toEnum, toSlug } from '../../briefings/vocabulary';
import type { GrowingGroup } from './change';
import type { ShapeGroup } from '../../site/shape/shape';

/** How many briefings say each word now, drafts among them: by `group slug`. A word nobody says is not there. */
export type WordUses = ReadonlyMap<string, number>;

export const usesOf = (uses: WordUses, group: ShapeGroup, slug: string): number => uses.get(`${group} ${slug}`) ?? 0;

/** Counts them, as the desk. A briefing and its working copy are one. */
export async function countUses(db: WallTransaction): Promise<WordUses> {
  const rows = await db.$queryRaw<{ group: ShapeGroup; word: string; n: number }[]>`
    WITH one AS (SELECT b.*, coalesce(b.copy_of, b.id) AS briefing FROM briefings b),
    said(word_group, word, briefing) AS (
      SELECT 'types', type::text, briefing FROM one WHERE NOT 'type' = ANY (unchosen)
      UNION SELECT 'domains', domain::text, briefing FROM one WHERE NOT 'domain' = ANY (unchosen)
      UNION SELECT 'impact', impact::text, briefing FROM one WHERE NOT 'impact' = ANY (unchosen)
      UNION SELECT 'relevance', relevance::text, briefing FROM one WHERE NOT 'relevance' = ANY (unchosen)
      UNION SELECT 'horizon', horizon::text, briefing FROM one WHERE NOT 'horizon' = ANY (unchosen)
      UNION SELECT 'facts', f.kind::text, one.briefing FROM facts f JOIN one ON one.id = f.briefing_id
      UNION SELECT 'lists', l.list::text, one.briefing FROM list_items l JOIN one ON one.id = l.briefing_id
      UNION SELECT 'kinds', p.kind::text, one.briefing FROM passages p JOIN one ON one.id = p.briefing_id
        WHERE p.until_revision IS NULL
    )
    SELECT word_group AS "group", word, count(*)::int AS n FROM said GROUP BY 1, 2`;
  return new Map(rows.map(({ group, word, n }) => [`${group} ${toSlug(word)}`, n]));
}

/**
 * Does anything say this word: a briefing, a former revision or a restore point? As the desk, or an admin. It must find
 * it again, so a word that is said anywhere is not deleted.
 */
export async function isSaid(db: WallTransaction, group: GrowingGroup, slug: string): Promise<boolean> {
  const stored = toEnum(slug);
  if (group === 'kinds')
    return found(await db.$queryRaw`SELECT EXISTS (SELECT FROM passages WHERE kind::text = ${stored}) AS is`);
  const field = CHOICE_FIELDS.find(({ words }) => words === group)?.name;
  if (field !== undefined)
    return found(
      await db.$queryRaw`
        SELECT EXISTS (SELECT FROM briefings b WHERE NOT ${field} = ANY (b.unchosen)
            AND to_jsonb(b) ->> ${field} = ${stored})
          OR EXISTS (SELECT FROM revisions WHERE content ->> ${field} = ${slug})
          OR EXISTS (SELECT FROM restore_points WHERE content ->> ${field} = ${slug}) AS is`,
    );
  // Slugs are of small letters, digits and hyphens, so none ends the quotes.
  const path = `$.editions.*.${group}."${slug}"`;
  return found(
    await db.$queryRaw`
      SELECT EXISTS (SELECT FROM facts f WHERE ${group} = 'facts' AND f.kind::text = ${stored})
        OR EXISTS (SELECT FROM list_items l WHERE ${group} = 'lists' AND l.list::text = ${stored})
        OR EXISTS (SELECT FROM revisions WHERE jsonb_path_exists(content, ${path}::jsonpath))
        OR EXISTS (SELECT FROM restore_points WHERE jsonb_path_exists(content, ${path}::jsonpath)) AS is`,
  );
}

const found = (rows: unknown): boolean => (rows as readonly { readonly is: boolean }[])[0]?.is ?? true;
