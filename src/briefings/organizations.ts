import type { Viewer } from '../access/viewer';
import type { Prisma } from '../stores/prisma/client';
import type { WallTransaction } from '../stores/postgres/wall';
import { openTo } from './reading/cards';

/** Characters of what is said of an organization in each language, of a link, and how many links there may be. */
export const ORGANIZATION_LONGEST = { description: 600, link: 500, links: 10 } as const;

/** Everything of an organization but its briefings and the notes on it. */
export const wholeOrganization = { texts: true } satisfies Prisma.OrganizationInclude;
export type OrganizationRow = Prisma.OrganizationGetPayload<{ include: typeof wholeOrganization }>;

/** Which organization has each slug that one had before. */
export async function formerOrganizations(db: WallTransaction): Promise<ReadonlyMap<string, string>> {
  return new Map(
    (await db.formerOrganizationSlug.findMany()).map(({ slug, organizationSlug }) => [slug, organizationSlug]),
  );
}

/** The same of these slugs alone. */
export async function presentSlugs(
  db: WallTransaction,
  slugs: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (slugs.length === 0) return new Map();
  const rows = await db.formerOrganizationSlug.findMany({ where: { slug: { in: [...slugs] } } });
  return new Map(rows.map(({ slug, organizationSlug }) => [slug, organizationSlug]));
}

/** The slug that the organization of this one has now, if it is a former one; null otherwise. For the desk. */
export async function movedOrganization(db: WallTransaction, slug: string): Promise<string | null> {
  const row = await db.formerOrganizationSlug.findUnique({ where: { slug }, select: { organizationSlug: true } });
  return row?.organizationSlug ?? null;
}

/**
 * The same for a reader. Null too where none of their briefings is linked to it: that it is there may be the news.
 */
export async function movedOrganizationFor(db: WallTransaction, viewer: Viewer, slug: string): Promise<string | null> {
  const moved = await movedOrganization(db, slug);
  if (moved === null) return null;
  const linked = { organizationSlug: moved, briefing: await openTo(db, viewer) };
  return (await db.linkedOrganization.findFirst({ where: linked, select: { briefingId: true } })) ? moved : null;
}
