import type { WallTransaction } from '../../stores/postgres/wall';
import type { OrganizationRow } from '../organizations';
import { moveNotes } from './passages';

/**
 * Everything that hangs on one organization hangs on another from now on: links, notes of every revision and former
 * addresses. A briefing that is linked to both is linked once, where it was to the other. The texts of notes are not
 * read for it. Call it while holding `lockBriefings`, and see to it that no briefing has a note of one kind on both.
 */
async function moveOrganization(db: WallTransaction, from: string, to: string): Promise<void> {
  await db.linkedOrganization.updateMany({
    where: { organizationSlug: from, briefing: { organizations: { none: { organizationSlug: to } } } },
    data: { organizationSlug: to },
  });
  await db.linkedOrganization.deleteMany({ where: { organizationSlug: from } });
  await moveNotes(db, from, to);
  await db.formerOrganizationSlug.updateMany({ where: { organizationSlug: from }, data: { organizationSlug: to } });
}

/** Gives an organization another slug; the one it had leads on. Back at one it had, it has had that no longer. */
export async function renameOrganization(db: WallTransaction, row: OrganizationRow, to: string): Promise<void> {
  const { name, url, links, lei, wikidata } = row;
  await db.formerOrganizationSlug.deleteMany({ where: { slug: to } });
  await db.organization.create({ data: { slug: to, name, url, links, lei, wikidata }, select: { slug: true } });
  await db.organizationText.updateMany({ where: { organizationSlug: row.slug }, data: { organizationSlug: to } });
  await endOrganization(db, row.slug, to);
}

/** Takes an organization away whose address leads to another one from now on. */
export async function endOrganization(db: WallTransaction, slug: string, to: string): Promise<void> {
  await moveOrganization(db, slug, to);
  await db.organization.delete({ where: { slug }, select: { slug: true } });
  await db.formerOrganizationSlug.create({ data: { slug, organizationSlug: to }, select: { slug: true } });
}
