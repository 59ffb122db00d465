import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { openJoinPath, type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import { withinLimit } from '../../http/too-many-requests';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { networkPrefixOf } from '../../lib/network';
import type { Limit } from '../../stores/limits';
import { completeLogin, type LoginParts, type Shown } from '../login/complete-login';
import { safeNext } from '../login/next';
import { loginPage } from '../pages';
import { authenticationOptions, verifyAssertion } from './ceremonies';
import { beginCeremony, takeChallenge } from './challenge';
import { readAssertion, readPasskeyLogin } from './forms';
import { recordUse } from './store';
import { relyingPartyOf } from './relying-party';

/** What logging in with a passkey is made of. */
export interface PasskeyLoginParts extends LoginParts {
  readonly site: SiteContext;
  readonly ceremonies: Limit;
}

/**
 * `/login/passkey`: the way in without a password. A passkey asks who holds it, so it counts as both factors. Whatever
 * does not hold is answered alike: nobody learns which accounts there are, nor which have a passkey (ASVS 6.3.8).
 */
export function passkeyLoginRoutes(parts: PasskeyLoginParts, language: Language): Router {
  const { site, wall, clock, ceremonies } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const party = relyingPartyOf(site.publicUrl);

  const refuse = async (req: Request, res: Response, next: string | null) => {
    const page = loginPage(language, { next, refused: { key: 'passkey.wrong' } }, openJoinPath(site));
    res.status(422);
    await respond(req, res, 'accounts/login', {
      layout: layoutOf(site, language, { title: page.heading, path: '/login', next, noindex: true }),
      page,
    });
  };

  /** Whose passkey was shown to this session's challenge; null: nobody's. */
  const whoShowed = async (
    req: Request,
    credential: string,
    now: Date,
  ): Promise<({ readonly id: string } & Shown) | null> => {
    const challenge = await takeChallenge(req, 'login', now);
    const shown = readAssertion(credential);
    if (challenge === null || !shown) return null;
    const stored = await wall.read(accountsViewer, (db) =>
      db.passkey.findUnique({
        where: { id: shown.id, account: { state: 'active' } },
        select: { id: true, accountId: true, publicKey: true, counter: true },
      }),
    );
    const counter = stored && (await verifyAssertion(party, challenge, shown, stored));
    if (!stored || counter === null) return null;
    const noted = await wall.write(accountsViewer, (db) => recordUse(db, stored, counter, now));
    return noted ? { id: stored.accountId, passkeyId: stored.id } : null;
  };

  router
    .route('/login/passkey/options')
    .post(async (req, res) => {
      if (!req.session) throw new Failure(503, 'the session store does not answer');
      await withinLimit(ceremonies.take(networkPrefixOf(req.ip), attemptsOf(res)), 'ceremonies');
      const options = await authenticationOptions(party);
      beginCeremony(req, 'login', options.challenge, clock.now());
      res.setHeader('Cache-Control', 'private, no-store');
      res.json(options);
    })
    .all(onlyMethods('POST'));

  router
    .route('/login/passkey')
    .post(formBody, async (req, res) => {
      const body = readPasskeyLogin(req.body);
      if (!req.session) throw new Failure(503, 'the session store does not answer');
      const next = safeNext(body.next, site.publicUrl, '') || null;
      const now = clock.now();
      const account = await whoShowed(req, body.credential, now);
      if (account === null) return refuse(req, res, next);
      await completeLogin(parts, req, res, account);
      // A ceremony that leads in is none of those that are limited: a whole office may come from one address.
      await ceremonies.giveBack(networkPrefixOf(req.ip));
      req.session.passkeyAt = now.getTime();
      res.redirect(303, next ?? (language.prefix || '/'));
    })
    .all(onlyMethods('POST'));
  return router;
}
