import { Router, type RequestHandler } from 'express';
import { audienceOf } from '../http/audience';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import { openAccountLimits } from './account-limits';
import type { AuthParts } from './auth-pages';
import { invitationRoutes } from './invitations/routes';
import { openAuthLimits } from './login/limits';
import { verifyRoutes } from './verify/routes';
import type { AccountParts } from './own/parts';
import { ownRoutes } from './own/routes';
import { openCeremonyLimit } from './passkeys/limits';
import { passkeyLoginRoutes } from './passkeys/login';
import { passkeyRoutes } from './passkeys/routes';
import { resetRoutes } from './reset/routes';
import { accountRoutes } from './routes';
import { openCodeLimit } from './second-factor/limits';
import { secondStepRoutes } from './second-factor/login';
import { secondFactorRoutes } from './second-factor/routes';
import { openSecretSealer } from './second-factor/secret';

/** What rooms above decide for the accounts. */
export interface AccountsRoomOptions extends Pick<
  AuthParts,
  'grantJoined' | 'describeJoinTier' | 'trackJoining' | 'subscribedAddress'
> {
  readonly beforeDeletion: AccountParts['beforeDeletion'];
  /** Answers a form below `/account` whose sender's login has ended with what was typed into it. */
  readonly keepForm: (language: Language) => RequestHandler;
}

/** The ways in, and an account's own pages, in a language. */
export function openAccountsRoom(common: CommonParts, options: AccountsRoomOptions): (language: Language) => Router {
  const { site, wall, clock, https, redis, log } = common;
  const { grantJoined, describeJoinTier, trackJoining, subscribedAddress, beforeDeletion, keepForm } = options;
  const accountChanged = common.accountChanged;
  const auth: AuthParts = {
    ...{ site, wall, clock, https, accountChanged, grantJoined, describeJoinTier, trackJoining, subscribedAddress },
    limits: openAuthLimits(redis),
    audienceOf: ({ locals: { reader } }) => audienceOf(reader),
  };
  const own: AccountParts = {
    ...{ site, wall, clock, accountChanged, beforeDeletion, keepForm, log },
    limits: openAccountLimits(redis),
  };
  const factors = {
    codes: openCodeLimit(redis),
    ceremonies: openCeremonyLimit(redis),
    secrets: openSecretSealer(common.sessionSecrets),
  };
  return (language) => {
    const router = Router({ caseSensitive: true, strict: true });
    router.use(accountRoutes(auth, language));
    router.use(secondStepRoutes({ ...auth, ...factors }, language));
    router.use(passkeyLoginRoutes({ ...auth, ...factors }, language));
    router.use(verifyRoutes(auth, language));
    router.use(invitationRoutes(auth, language));
    router.use(resetRoutes({ ...own, https }, language));
    router.use(ownRoutes(own, language));
    router.use(secondFactorRoutes({ ...own, ...factors }, language));
    router.use(passkeyRoutes(own, language));
    return router;
  };
}
