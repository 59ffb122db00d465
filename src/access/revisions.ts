import { canSeeBriefing, type BriefingFacts, type Embargo } from './briefings';
import type { Matrix } from './matrix';
import type { Viewer } from './viewer';

/** What the rule must know of a revision that readers had to say who may open it again. */
export interface RevisionFacts {
  /** From when on readers had it. */
  readonly published: Date;
  /** The embargo that it was published under. */
  readonly early: Embargo | null;
  /** Has an editor closed it? */
  readonly closed: boolean;
}

/**
 * May this viewer open a revision that readers had? Only while its briefing is there for them, and once its own embargo
 * lets them. A closed one is closed to everybody; that it is there is no secret.
 */
export function decideRevision(
  matrix: Pick<Matrix, 'tiers'>,
  viewer: Viewer,
  briefing: BriefingFacts,
  { published, early, closed }: RevisionFacts,
  now: Date,
): 'open' | 'closed' | 'absent' {
  if (!canSeeBriefing(matrix, viewer, briefing, now)) return 'absent';
  // A tier that is gone since then is nobody's: the embargo holds until its end.
  const gone = early !== null && !matrix.tiers.some(({ slug }) => slug === early.tier);
  if (gone && early.until > now) return 'absent';
  const own = { state: 'published', published, early: gone ? null : early };
  if (!canSeeBriefing(matrix, viewer, own, now)) return 'absent';
  return closed ? 'closed' : 'open';
}
