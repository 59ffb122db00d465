import { createHash } from 'node:crypto';
import { accountsViewer, editorialViewer } from '../../access/viewer';
import { ORGANIZATION_LONGEST, type OrganizationRow } from '../../briefings/organizations';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { endOrganization } from '../../briefings/writing/move-organization';
import type { ActorAt } from '../../membership/actor';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import type { DeskParts } from '../parts';
import { auditRecord, findRecord, langsOf } from '../records/actions';
import { findUsers, type RecordUsers } from '../records/queries';
import { versionOf } from '../records/record';
import { organizationKind } from './kind';

/** What would become of two organizations if they were one. No word of a note is in it. */
export interface MergePlan {
  /** The one that stays, and the one that goes. */
  readonly into: OrganizationRow;
  readonly other: OrganizationRow;
  /** Briefings that are linked to the one that goes, and how many of them to both. */
  readonly briefings: number;
  readonly both: number;
  /** Notes on the one that goes, each counted once in however many languages it is. */
  readonly notes: number;
  /** Addresses that the one that goes has or had. */
  readonly addresses: number;
  /** Briefings with a note of one kind on each of them: they keep the two apart. */
  readonly inTheWay: RecordUsers;
  /** Another plan is another version. */
  readonly version: string;
}

/** What merging two organizations would do. @throws Failure 404 when one is not there. */
export async function planMerge(
  db: WallTransaction,
  { site }: Pick<DeskParts, 'site'>,
  slug: string,
  otherSlug: string,
): Promise<MergePlan> {
  const into = await findRecord(db, organizationKind, slug);
  const other = await findRecord(db, organizationKind, otherSlug);
  const [from, to] = [other.slug, into.slug];
  const [counted] = await db.$queryRaw<{ briefings: number; both: number; notes: number; addresses: number }[]>`
    SELECT
      (SELECT count(DISTINCT coalesce(b.copy_of, b.id)) FROM linked_organizations k
        JOIN briefings b ON b.id = k.briefing_id WHERE k.organization_slug = ${from})::int AS briefings,
      (SELECT count(DISTINCT coalesce(b.copy_of, b.id)) FROM linked_organizations k
        JOIN linked_organizations o ON o.briefing_id = k.briefing_id AND o.organization_slug = ${to}
        JOIN briefings b ON b.id = k.briefing_id WHERE k.organization_slug = ${from})::int AS both,
      (SELECT count(DISTINCT (coalesce(b.copy_of, b.id), p.kind)) FROM passages p
        JOIN briefings b ON b.id = p.briefing_id
        WHERE p.organization_slug = ${from} AND p.until_revision IS NULL)::int AS notes,
      (SELECT 1 + count(*) FROM former_organization_slugs WHERE organization_slug = ${from})::int AS addresses`;
  const twice = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT p.briefing_id::text AS id FROM passages p
    JOIN passages q ON q.briefing_id = p.briefing_id AND q.kind = p.kind AND q.until_revision IS NULL
      AND q.organization_slug = ${to}
    WHERE p.organization_slug = ${from} AND p.until_revision IS NULL`;
  const inTheWay = await findUsers(db, { id: { in: twice.map(({ id }) => id) } });
  const langs = langsOf(site);
  const parts = [versionOf(organizationKind, into, langs), versionOf(organizationKind, other, langs), counted];
  const version = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  return { into, other, ...counted!, inTheWay, version };
}

/** Members who follow an organization by its present slug. */
export function countFollows(wall: Wall, slug: string): Promise<number> {
  return wall.read(accountsViewer, async (db) => {
    const [row] = await db.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM follows
      WHERE ${`organization=${slug}`} = ANY (string_to_array(query, '&'))`;
    return row!.n;
  });
}

/** What the one that stays has after: its own, and of the other what it lacks. */
function mergedData({ into, other }: Pick<MergePlan, 'into' | 'other'>) {
  const elsewhere = other.url !== null && into.url !== null && other.url !== into.url ? [other.url] : [];
  return {
    url: into.url ?? other.url,
    links: [...new Set([...into.links, ...other.links, ...elsewhere])].slice(0, ORGANIZATION_LONGEST.links),
    lei: into.lei ?? other.lei,
    wikidata: into.wikidata ?? other.wikidata,
  };
}

/**
 * Makes two organizations one: whatever hangs on the other hangs on the one of this slug, and the other's addresses
 * lead to it. It cannot be undone; the audit entry keeps what was said of the other.
 * @throws Failure 404 when one is not there.
 */
export function mergeOrganizations(
  parts: DeskParts,
  slug: string,
  { other: otherSlug, version }: { readonly other: string; readonly version: string },
  by: ActorAt,
): Promise<'done' | 'changed'> {
  const langs = langsOf(parts.site);
  return parts.invalidatingWall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const plan = await planMerge(db, parts, slug, otherSlug);
    const { into, other } = plan;
    if (into.slug === other.slug || plan.inTheWay.count > 0 || plan.version !== version) return 'changed';
    const lacking = other.texts.filter(({ lang }) => !into.texts.some((one) => one.lang === lang));
    await endOrganization(db, other.slug, into.slug);
    await db.organization.update({ where: { slug: into.slug }, data: mergedData(plan), select: { slug: true } });
    await db.organizationText.createMany({
      data: lacking.map(({ lang, description }) => ({ organizationSlug: into.slug, lang, description })),
    });
    const facts = (row: OrganizationRow) => organizationKind.factsOf(organizationKind.inputOf(row, langs), langs);
    const after = facts(await findRecord(db, organizationKind, into.slug));
    const entry = { ...by, before: facts(other), after, at: parts.clock.now() };
    await auditRecord(db, organizationKind, 'merged', into, entry);
    return 'done';
  });
}
