import type { Request } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { withinLimit } from '../../http/too-many-requests';
import { Failure } from '../../lib/failure';
import type { FieldErrors } from '../forms';
import { provePassword } from '../credentials/prove-password';
import type { Owner } from './owner';
import type { AccountParts } from './parts';

/** Milliseconds for which a login, or a password just given, proves who sits there (ASVS 7.5.1). */
const RECENT = 15 * 60_000;

/** What was proved: the hash that was right, null where the login itself is proof enough. */
export type Reauthentication =
  { readonly fault: null; readonly hash: string | null } | { readonly fault: 'missing' | 'wrong' };

/** What is wrong with the field of the current password: the key of the sentence that says so, by the field's name. */
export const passwordErrors = <Field extends string = 'current'>(
  fault: 'missing' | 'wrong',
  field: Field = 'current' as Field,
): FieldErrors => ({ [field]: fault === 'missing' ? 'form.wrong.current.missing' : 'form.wrong.current' });

/** Has this session proved recently who it is? */
export function isRecentlyAuthenticated(req: Request, now: Date): boolean {
  const { provedAt } = req.session;
  return provedAt !== undefined && now.getTime() - provedAt < RECENT;
}

/**
 * Proves with the current password that the owner sits there. An account that has none, and a form that does not
 * insist on it, take a login of the last fifteen minutes instead.
 * @throws Failure 429 after too many wrong ones, 403 where only logging in again would prove it.
 */
export async function reauthenticate(
  { wall, limits, clock }: Pick<AccountParts, 'wall' | 'limits' | 'clock'>,
  req: Request,
  owner: Pick<Owner, 'id'>,
  password: string,
  insist: boolean,
): Promise<Reauthentication> {
  const recent = isRecentlyAuthenticated(req, clock.now());
  const account = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { passwordHash: true } }),
  );
  if (account.passwordHash === null) {
    if (!recent) throw new Failure(403, 'the login is too long ago');
    return { fault: null, hash: null };
  }
  if (password === '') return recent && !insist ? { fault: null, hash: account.passwordHash } : { fault: 'missing' };
  await withinLimit(limits.tryPassword(owner.id, attemptsOf(req.res!)), 'current passwords');
  const hash = await provePassword(wall, { id: owner.id, passwordHash: account.passwordHash }, password);
  if (hash === null) return { fault: 'wrong' };
  await limits.forgive(owner.id);
  req.session.provedAt = clock.now().getTime();
  return { fault: null, hash };
}
