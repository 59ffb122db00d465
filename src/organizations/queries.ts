import type { Viewer } from '../access/viewer';
import { movedOrganizationFor, wholeOrganization, type OrganizationRow } from '../briefings/organizations';
import { countCards, findCards, findIds, openTo, type CardRow } from '../briefings/reading/cards';
import { lockedPassages, type LockedKind } from '../briefings/reading/gates';
import { LocaleFallback } from '../briefings/reading/localized';
import { openedPassages, type OpenedPassage } from '../briefings/reading/opened-passages';
import type { TierRow } from '../briefings/reading/queries';
import { contentOf, findTexts, readablePassages } from '../briefings/reading/rows';
import { countPassages } from '../briefings/reading/passage-counts';
import { loadMatrix } from '../membership/matrix';
import { momentOf, type Wall, type WallTransaction } from '../stores/postgres/wall';
import { wordOf, type BriefingShape } from '../site/shape/shape';
import { findNeighbours, type Neighbour } from './network';

/** A briefing that an organization is linked to, with the viewer's notes on it there. */
export interface LinkedBriefing {
  readonly card: CardRow;
  readonly notes: readonly OpenedPassage[];
  /** Notes of this briefing, on whatever organization, that stay shut: which of them have one is told nobody. */
  readonly locked: readonly LockedKind[];
}

export interface ReadOrganization extends OrganizationRow {
  readonly count: number;
  readonly page: number;
  readonly pages: number;
  readonly briefings: readonly LinkedBriefing[];
  readonly neighbours: readonly Neighbour[];
  readonly tiers: readonly TierRow[];
  readonly shape: BriefingShape;
}

const PAGE_SIZE = 8;
/** Briefings whose organizations are looked through for those that appear together: the newest. */
const MOST_LOOKED_THROUGH = 1_000;

/**
 * One page of an organization, where it has moved, or null when there is no such page. An organization that no briefing
 * of this viewer's is linked to is not there: its name may be the news.
 * @param around the language to prefer, and what a briefing is made of
 */
export function readOrganization(
  wall: Wall,
  viewer: Viewer,
  slug: string,
  page: number,
  { code, shape }: Pick<Around, 'code' | 'shape'>,
): Promise<ReadOrganization | { readonly movedTo: string } | null> {
  return wall.read(viewer, async (db) => {
    const organization = await db.organization.findUnique({ where: { slug }, include: wholeOrganization });
    if (!organization) {
      const movedTo = await movedOrganizationFor(db, viewer, slug);
      return movedTo === null ? null : { movedTo };
    }
    const open = await openTo(db, viewer);
    const linked = { organizations: { some: { organizationSlug: slug } } };
    const count = await countCards(db, open, linked);
    const pages = Math.ceil(count / PAGE_SIZE);
    if (page > pages) return null;
    const cards = await findCards(db, open, linked, PAGE_SIZE, (page - 1) * PAGE_SIZE);
    const tiers = await db.tier.findMany({ include: { texts: true }, orderBy: { rank: 'asc' } });
    return {
      ...organization,
      ...{ count, page, pages, tiers, shape },
      briefings: await withNotes(db, viewer, slug, { cards, tiers, shape, code }),
      neighbours: await findNeighbours(db, slug, await findIds(db, open, linked, MOST_LOOKED_THROUGH)),
    };
  });
}

interface Around {
  readonly cards: readonly CardRow[];
  readonly tiers: readonly TierRow[];
  readonly shape: BriefingShape;
  readonly code: string;
}

/** The notes that are open, and what is said of the others, come from the two sources of a briefing's page. */
async function withNotes(
  db: WallTransaction,
  viewer: Viewer,
  slug: string,
  { cards, tiers, shape, code }: Around,
): Promise<LinkedBriefing[]> {
  const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
  const ids = cards.map(({ id }) => id);
  const rows = await findTexts(db, ids, readablePassages(matrix, viewer, now));
  const counts = await countPassages(db, ids);
  const isNote = ({ kind }: { readonly kind: string }) => wordOf(shape.kinds, kind)?.shape === 'per-organization';
  return cards.map((card) => {
    const row = rows.get(card.id);
    const content = row && contentOf(row);
    const opened = content
      ? openedPassages(
          { content, matrix, now },
          viewer,
          new LocaleFallback(code, content.original, Object.keys(content.editions)),
        )
      : [];
    return {
      card,
      notes: opened.filter((one) => isNote(one) && one.key === slug),
      locked: lockedPassages({ counts: counts.get(card.id) ?? [], matrix, tiers, now }, viewer, shape).filter(isNote),
    };
  });
}
