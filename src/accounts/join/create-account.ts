import { randomUUID } from 'node:crypto';
import { accountsViewer } from '../../access/viewer';
import { recordAcceptances, type ShownVersion } from '../../site/pages/acceptances';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { issueLink } from '../credentials/link-tokens';

/** Grants, in the registrar's transaction, what joining gives. The accounts know nothing of tiers. */
export type GrantJoined = (db: WallTransaction, accountId: string, now: Date) => Promise<void>;

export interface NewAccount {
  readonly name: string;
  /** In its one form. */
  readonly email: string;
  readonly passwordHash: string;
  readonly lang: string;
}

/**
 * Makes the account, with what joining grants, what was shown and is accepted by it, and the letter that asks to
 * confirm the address. Null: the address has one already.
 */
export async function join(
  wall: Wall,
  grantJoined: GrantJoined,
  { shown, ...newcomer }: NewAccount & { readonly shown: readonly ShownVersion[] },
  now: Date,
): Promise<{ readonly id: string } | null> {
  return wall.write(accountsViewer, async (db) => {
    const id = randomUUID();
    const { count } = await db.account.createMany({
      data: [{ id, ...newcomer, createdAt: now }],
      skipDuplicates: true,
    });
    if (count === 0) return null;
    await grantJoined(db, id, now);
    await recordAcceptances(db, id, shown, 'join', now);
    const token = await issueLink(db, { accountId: id, purpose: 'verify_email', email: null }, now);
    await writeAccountLetter(db, 'verify-email', { accountId: id, email: newcomer.email, lang: newcomer.lang }, token);
    return { id };
  });
}
