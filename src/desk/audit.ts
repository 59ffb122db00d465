import type { BriefingAuditAction } from '../briefings/writing/audit-actions';
import type { BriefingContent } from '../briefings/content';
import type { ActorAt } from '../membership/actor';
import { writeAudit, type Facts } from '../stores/postgres/audit';
import type { WallTransaction } from '../stores/postgres/wall';

/** Where a briefing stands, as an entry keeps it: nothing of what it says, gated or not. */
export const auditFacts = (
  { slug, state, published }: Pick<BriefingContent, 'slug' | 'state' | 'published'>,
  revision: number,
): Facts => ({ slug, state, published: published?.toISOString() ?? null, revision });

/**
 * Writes the entry of what is done to a briefing, in the transaction that does it. False when there is one of that id
 * already.
 */
export const auditBriefing = (
  db: WallTransaction,
  by: ActorAt,
  at: Date,
  action: BriefingAuditAction,
  briefing: { readonly id: string; readonly slug: string },
  facts: { readonly id?: string; readonly before?: Facts; readonly after?: Facts } = {},
): Promise<boolean> =>
  writeAudit(db, { ...by, ...facts, at, action, target: { kind: 'briefing', id: briefing.id, name: briefing.slug } });
