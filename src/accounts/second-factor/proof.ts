import type { Request } from 'express';
import type { Wrong } from '../forms';
import type { Owner } from '../own/owner';
import type { AccountParts } from '../own/parts';
import { proveOwner } from '../own/proof';

/** Milliseconds for which a passkey that was shown proves who sits there (ASVS 7.5.1). */
const RECENT = 15 * 60_000;

/** Was a passkey shown in this session a short while ago? Then no password is asked for. */
export function isProvedByPasskey(req: Request, now: Date): boolean {
  const { passkeyAt } = req.session;
  return passkeyAt !== undefined && now.getTime() - passkeyAt < RECENT;
}

/**
 * Proves, before what an account is proved with is changed, that its owner sits there: by a passkey shown a short while
 * ago, or by the current password. What is wrong with the form, or null.
 * @throws Failure 429 and 403 as `proveOwner` does.
 */
export async function proveForChange(parts: AccountParts, req: Request, owner: Owner, password: string): Promise<Wrong | null> {
  if (isProvedByPasskey(req, parts.clock.now())) return null;
  const { fault } = await proveOwner(parts, req, owner, password, true);
  if (fault === null) return null;
  return { current: fault === 'missing' ? 'form.wrong.current.missing' : 'form.wrong.current' };
}
