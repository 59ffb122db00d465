import type { WallTransaction } from '../../stores/postgres/wall';

/** Imports and the desk wait for each other: each must see what the one before it claimed (slugs, organizations). */
export async function lockBriefings(db: WallTransaction): Promise<void> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('dossier.import'))::text`;
}
