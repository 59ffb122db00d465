import type { Request } from 'express';
import { accountsViewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import type { FieldErrors } from '../forms';
import type { Owner } from '../own/owner';
import type { AccountParts } from '../own/parts';
import { passwordErrors, reauthenticate } from '../own/reauthenticate';
import type { FormField, PasskeyForm } from '../page-types';
import { passkeyLoginForm } from '../passkeys/pages';

/** Milliseconds for which a passkey that was shown proves who sits there (ASVS 7.5.1). */
const RECENT = 15 * 60_000;

/** What a form asks for before something is changed. */
export interface ReauthenticationForm {
  /** The fields it needs, none where a passkey was shown; null where nothing but a passkey would do. */
  readonly fields: readonly Pick<FormField, 'name' | 'type' | 'autocomplete' | 'hint'>[] | null;
  /** The way to show a passkey, and come back to `here`. */
  readonly passkey: PasskeyForm | null;
}

/** What proving takes. */
export type ProofParts = Pick<AccountParts, 'wall' | 'limits' | 'clock'>;

/** What the owner of an account can prove with, on the page at `here`. */
export async function reauthenticationForm(
  { wall, clock }: Pick<ProofParts, 'wall' | 'clock'>,
  language: Language,
  req: Request,
  accountId: string,
  here: string,
): Promise<ReauthenticationForm> {
  if (isProvedByPasskey(req, clock.now())) return { fields: [], passkey: null };
  const { passwordHash, passkeys } = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({
      where: { id: accountId },
      select: { passwordHash: true, passkeys: { select: { id: true }, take: 1 } },
    }),
  );
  return {
    fields:
      passwordHash === null
        ? null
        : [{ name: 'current', type: 'password', autocomplete: 'current-password', hint: null }],
    passkey: passkeys.length > 0 ? passkeyLoginForm(language, here) : null,
  };
}

/** Was a passkey shown in this session a short while ago? Then no password is asked for. */
function isProvedByPasskey(req: Request, now: Date): boolean {
  const { passkeyAt } = req.session;
  return passkeyAt !== undefined && now.getTime() - passkeyAt < RECENT;
}

/**
 * Proves, before what an account is proved with is changed, that its owner sits there: by a passkey shown a short while
 * ago, or by the current password. What is wrong with the form, or null.
 * @throws Failure 429 and 403 as `reauthenticate` does.
 */
export async function reauthenticateForChange(
  parts: ProofParts,
  req: Request,
  owner: Pick<Owner, 'id'>,
  password: string,
): Promise<FieldErrors | null> {
  if (isProvedByPasskey(req, parts.clock.now())) return null;
  const { fault } = await reauthenticate(parts, req, owner, password, true);
  return fault === null ? null : passwordErrors(fault);
}
