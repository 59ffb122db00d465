import type { WallTransaction } from '../stores/postgres/wall';

/**
 * The SQLSTATE with which Postgres refuses to let the last active admin go
 * (`prisma/migrations/20261123000500_last_admin`).
 */
const LAST_ADMIN = 'LA001';

/**
 * Does this error mean that the last active admin was about to be deleted, suspended or given another role? Postgres
 * holds that rule for every statement, whoever makes it; the transaction is rolled back then.
 */
export function isLastAdmin(error: unknown): boolean {
  for (let one: unknown = error, depth = 0; typeof one === 'object' && one !== null && depth < 5; depth++) {
    const { code, originalCode, message, cause } = one as {
      code?: unknown;
      originalCode?: unknown;
      message?: unknown;
      cause?: unknown;
    };
    if (
      code === LAST_ADMIN ||
      originalCode === LAST_ADMIN ||
      (typeof message === 'string' && message.includes(`Code: \`${LAST_ADMIN}\``))
    )
      return true;
    one = cause;
  }
  return false;
}

/**
 * Is this account the only active admin at this moment? For whoever must not begin what Postgres would refuse in the
 * end; the rule itself is held there.
 */
export async function isOnlyAdmin(db: WallTransaction, id: string): Promise<boolean> {
  const admins = await db.account.findMany({
    where: { role: 'admin', state: 'active', NOT: { email: { endsWith: '.invalid' } } },
    select: { id: true },
    take: 2,
  });
  return admins.length === 1 && admins[0]!.id === id;
}
