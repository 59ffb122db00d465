import type { Prisma } from '../../stores/prisma/client';
import type { WallTransaction } from '../../stores/postgres/wall';
import { type BriefingContent, EMPTY_EDITION } from '../content';
import { eachChoice, type Choice } from '../fields';
import { toSlug } from '../vocabulary';
import { findPassages, type WholeRow, type Later, ownTiers } from './rows';
import { withoutFormer, formerAuthors } from '../authors';
import { movedCategory } from '../former-categories';
import { withPresentOrganizations } from '../present-organizations';

/** A revision as it was kept, without asking how authors and categories are called now. */
export function readKept(json: unknown, passages: WholeRow['passages']): BriefingContent {
  const stored = json as Omit<BriefingContent, Later> & {
    readonly figures?: BriefingContent['figures'];
    readonly authors?: BriefingContent['authors'];
    readonly early?: { readonly tier: string; readonly until: string } | null;
    readonly published: string | null;
    readonly updated: string | null;
  };
  return {
    // A field that there was not when this was kept.
    ...(eachChoice(() => null) as Pick<BriefingContent, Choice>),
    ...stored,
    figures: stored.figures ?? {},
    authors: stored.authors ?? [],
    published: stored.published === null ? null : new Date(stored.published),
    early: stored.early ? { tier: stored.early.tier, until: new Date(stored.early.until) } : null,
    updated: stored.updated === null ? null : new Date(stored.updated),
    ...ownTiers(passages),
    editions: Object.fromEntries(
      Object.entries(stored.editions).map(([lang, edition]) => [
        lang,
        {
          ...EMPTY_EDITION,
          ...edition,
          passages: passages
            .filter((one) => one.lang === lang)
            .map(({ kind, key, text }) => ({ kind: toSlug(kind), key, text })),
        },
      ]),
    ),
  };
}

/** What a revision or a restore point keeps in public, whole again with its passages. For the desk. */
export async function keptContent(
  db: WallTransaction,
  json: unknown,
  where: Prisma.PassageWhereInput,
): Promise<BriefingContent> {
  const passages = await findPassages(db, where);
  const stored = readKept(json, passages);
  return {
    ...(await withPresentOrganizations(db, stored, passages)),
    authors: withoutFormer(stored.authors, await formerAuthors(db)),
    category: (await movedCategory(db, stored.category)) ?? stored.category,
  };
}

/** A revision as it was, passages included; null when there is none of that number. For the desk. */
export async function findRevision(
  db: WallTransaction,
  briefingId: string,
  number: number,
): Promise<{
  readonly content: BriefingContent;
  readonly createdAt: Date;
  readonly authorId: string | null;
  readonly origin: string;
} | null> {
  const row = await db.revision.findUnique({ where: { briefingId_number: { briefingId, number } } });
  if (!row) return null;
  const content = await keptContent(db, row.content, {
    briefingId,
    fromRevision: { lte: number },
    OR: [{ untilRevision: null }, { untilRevision: { gt: number } }],
  });
  return { content, createdAt: row.createdAt, authorId: row.authorId, origin: row.origin };
}
