import { Router, type RequestHandler } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { consentOf } from '../../http/consent';
import { isReading } from '../../http/reading';
import { joinPath } from '../../http/site-context';
import type { Language } from '../../lib/language';
import { readShown } from '../../site/pages/acceptances';
import { markOf, verifyCredentials } from '../credentials/verify-credentials';
import { readJoin, validateJoin } from '../forms';
import { join } from './create-account';
import { askToJoin } from './by-letter';
import { tellHolder } from '../letters';
import { joiningFor, showJoiningClosed } from './joining';
import { joinPage } from '../pages';
import { hashPassword } from '../credentials/passwords';
import { refuseCredentialsInQuery, requireSessions, AuthPages, type AuthParts } from '../auth-pages';

/** `/join/:freeTier`, of the tier that is free to join: a visitor is logged in at once (docs/decisions/0007). */
export function joinFormRoutes(auth: AuthParts, language: Language): Router {
  const { site, wall, clock, limits, grantJoined, trackJoining: joining } = auth;
  const router = Router({ caseSensitive: true, strict: true });
  const door = new AuthPages(auth, language, {
    view: 'accounts/join',
    path: () => joinPath(site),
    noindex: false,
    page: async (one, state) => {
      const tier = await auth.describeJoinTier(one);
      const consent = consentOf(site.pages, one, 'join');
      const page = joinPage(one, state, site.tiers.free?.slug ?? '', tier, consent);
      const { mode } = site.settings.current.joining;
      return mode === 'invitation' ? { ...page, text: one.say('join.invitation') } : page;
    },
  });
  // The others are paid for: they are joined elsewhere.
  const onlyFree: RequestHandler = (req, _res, go) =>
    go(req.params['freeTier'] === site.tiers.free?.slug ? undefined : 'route');

  const whenClosed: RequestHandler = (req, res, go) =>
    site.settings.current.joining.mode === 'closed' && auth.audienceOf(res) !== 'member'
      ? showJoiningClosed(auth, language, req, res, joinPath(site))
      : go();

  router
    .route('/join/:freeTier')
    .all(onlyFree, refuseCredentialsInQuery, whenClosed)
    .get(async (req, res, go) => {
      const next = door.nextOf(req.query['next']);
      if (isReading(req)) joining('begun', next);
      const known = 'for' in req.query && auth.audienceOf(res) !== 'member';
      const email = known ? await auth.subscribedAddress(req.query['for']) : null;
      if (email === null) return go();
      // Letters reach them already: their address is typed for them, and where it came from is told to nobody.
      res.setHeader('Referrer-Policy', 'no-referrer');
      await door.show(req, res, 200, { next, typed: { email } });
    }, door.open)
    .post(requireSessions, formBody, async (req, res) => {
      const body = readJoin(req.body);
      const state = { next: door.nextOf(body.next), typed: { name: body.name, email: body.email } };
      const understood = validateJoin(body, language.siteName);
      if ('wrong' in understood) return door.show(req, res, 422, { ...state, wrong: understood.wrong });
      const { name, email, password } = understood.values;
      const attempt = await door.attemptOf(req, email);
      const way = await limits.tryJoin(attempt, attemptsOf(res));
      if (typeof way === 'object') return door.showLimited(req, res, way.wait, state);
      const answer = await joiningFor(auth, email);
      if (answer === 'refused') return door.show(req, res, 422, { ...state, refused: { key: 'join.not-with-this' } });
      if (way === 'by letter' || answer !== 'open') {
        if (answer !== 'silent')
          await askToJoin(wall, { name, email, lang: language.code, next: state.next }, clock.now());
        return res.redirect(303, `${language.prefix}/join/sent`);
      }

      const passwordHash = await hashPassword(password);
      const newcomer = { name, email, passwordHash, lang: language.code, shown: readShown(body.accepted) };
      const made = await join(wall, grantJoined, newcomer, clock.now());
      if (made) {
        joining('done', state.next);
        return door.logIn(req, res, { ...made, secondFactor: false, mark: markOf(passwordHash) }, state.next);
      }

      // The address has an account: its owner may have forgotten that, and is let in as by the other door.
      const waitToTry = await limits.tryPassword(attempt, attemptsOf(res));
      if (waitToTry !== null) return door.showLimited(req, res, waitToTry, state);
      const account = await verifyCredentials(wall, email, password);
      if (!account) {
        await wall.write(accountsViewer, (db) => tellHolder(db, email));
        return door.show(req, res, 422, { ...state, refused: { key: 'join.refused' } });
      }
      await limits.forgive(attempt);
      await door.logIn(req, res, account, state.next);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
