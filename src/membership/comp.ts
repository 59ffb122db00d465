import type { WallTransaction } from '../stores/postgres/wall';

/** A tier given without payment. */
export interface Comp {
  readonly accountId: string;
  readonly tierSlug: string;
  readonly from: Date;
  /** The first moment it no longer holds; null: without end. */
  readonly until: Date | null;
  readonly reason: string | null;
}

/** Gives a tier, in the registrar's transaction. */
export async function grantComp(db: WallTransaction, comp: Comp): Promise<void> {
  await db.grant.create({ data: { ...comp, source: 'COMP' }, select: { id: true } });
}

/** Lets a grant end at another moment. */
export async function moveEnd(db: WallTransaction, id: string, until: Date): Promise<void> {
  await db.grant.update({ where: { id }, data: { until }, select: { id: true } });
}

/** Withdraws a grant from this moment on. It stays, to say that it was there. */
export async function revokeGrant(db: WallTransaction, id: string, now: Date): Promise<void> {
  await db.grant.update({ where: { id }, data: { revokedAt: now }, select: { id: true } });
}
