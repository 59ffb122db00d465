import { z } from 'zod';
import { hashOfToken } from '../accounts/credentials/link-tokens';
import { hashOfRecoveryCode, makeRecoveryCodes } from '../accounts/second-factor/recovery-codes';
import { writeAudit, type AuditDraft } from '../stores/postgres/audit';
import type { WallTransaction } from '../stores/postgres/wall';
import { hasAdmin, lockSetup } from './link';

const draft = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  passwordHash: z.string(),
  /** Of the second factor, sealed for this id. */
  secret: z.string(),
});

/** The first admin as far as they are typed: an account comes to be with its second factor, or not at all. */
export type AdminDraft = z.infer<typeof draft>;

/** Null: nothing is typed yet. */
export const readDraft = (stored: unknown): AdminDraft | null => draft.safeParse(stored).data ?? null;

/** Keeps what was typed, of the setup of this session. */
export async function keepDraft(db: WallTransaction, session: string, typed: AdminDraft | null): Promise<boolean> {
  const { count } = await db.setup.updateMany({
    where: { id: 1, sessionHash: hashOfToken(session) },
    data: { draft: typed ?? {} },
  });
  return count === 1;
}

/** How the first admin is made. */
export interface MakeFirstAdmin {
  readonly session: string;
  readonly lang: string;
  /** The step of the code that was shown; it is used up. */
  readonly step: bigint;
  readonly at: Date;
  readonly by: Pick<AuditDraft, 'actor' | 'from'>;
}

/**
 * Makes the first admin with their second factor, and ends the setup with its links, in one transaction. The recovery
 * codes, in words for the only time. `gone`: there is an admin, or the setup is another's by now; `taken`: the address
 * has an account already.
 */
export async function makeFirstAdmin(
  db: WallTransaction,
  { session, lang, step, at, by }: MakeFirstAdmin,
): Promise<{ readonly id: string; readonly codes: readonly string[] } | 'gone' | 'taken'> {
  await lockSetup(db);
  const where = { id: 1, sessionHash: hashOfToken(session) };
  const row = await db.setup.findFirst({ where, select: { draft: true } });
  const typed = readDraft(row?.draft);
  if (typed === null || (await hasAdmin(db))) return 'gone';
  const { id, name, email, passwordHash, secret } = typed;
  if ((await db.account.count({ where: { email } })) > 0) return 'taken';
  await db.account.create({
    data: {
      ...{ id, email, name, lang, passwordHash, role: 'admin', verifiedAt: at, createdAt: at },
      ...{ totpSecret: secret, totpConfirmedAt: at, totpLastStep: step },
    },
    select: { id: true },
  });
  const codes = makeRecoveryCodes();
  await db.recoveryCode.createMany({
    data: codes.map((code) => ({ accountId: id, hash: hashOfRecoveryCode(code)! })),
  });
  const target = { kind: 'account', id, name: email };
  const roles = { before: { role: null }, after: { role: 'admin' } };
  await writeAudit(db, { ...by, at, action: 'admin-made', target, ...roles });
  await db.setup.deleteMany({ where: { id: 1 } });
  return { id, codes };
}
