import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { limitedFor } from '../../http/too-many-requests';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { claimAddress, confirmAddress, CONFIRMING, type ConfirmedBy } from '../actions/confirm-address';
import { verifyCredentials } from '../credentials/verify-credentials';
import { findLink } from '../credentials/link-tokens';
import { hashPassword } from '../credentials/passwords';
import { attemptOf } from '../login/attempt';
import { limited } from '../pages';
import { enter, type AuthParts } from '../auth-pages';
import { newPasswordFault, readChoose, readToken, readVerify } from '../links/forms';
import { openLinkPages, quiet, type LinkPages } from '../links/render';
import { claimPage, confirmPage, provePage, type VerifyState, type VerifySubject } from './pages';

/** What confirming an address is made of. */
export interface VerifyParts extends AuthParts {
  /** Facts of this account have changed, and the change is committed. */
  readonly accountChanged: (accountId: string) => void;
}

interface Subject extends VerifySubject {
  readonly account: { readonly id: string; readonly email: string; readonly name: string };
}

/** What the routes of `/verify` share. */
interface Verifying {
  readonly parts: VerifyParts;
  readonly language: Language;
  readonly shows: LinkPages;
}

/**
 * `/verify`: confirms the address a letter went to, the first one or a new one. Opening the link changes nothing,
 * because programs that look through mail open links too. The link shows that somebody has the mailbox, not that they
 * opened the account: a login or the password does. Who has neither may claim the first address (docs/decisions/0007).
 */
export function verifyRoutes(parts: VerifyParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const shows = openLinkPages(parts.site, language);

  router.use(['/verify', '/verify/claim', '/verify/claimed'], quiet);
  router.use(confirmRoutes({ parts, language, shows }));
  router.use(claimRoutes({ parts, language, shows }));

  const toLogin = { label: language.say('nav.login'), href: `${language.prefix}/login` };
  router
    .route('/verify/claimed')
    .get((req, res) => shows.notice(req, res, '/verify/claimed', 'verify.claimed', toLogin))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** The confirmation by somebody who shows that the account is theirs. */
function confirmRoutes(verifying: Verifying): Router {
  const { parts, language, shows } = verifying;
  const { wall, clock, limits } = parts;
  const router = Router({ caseSensitive: true, strict: true });

  const show = (req: Request, res: Response, subject: Subject, state: VerifyState = {}, status = 200) => {
    if (loginTo(subject, res)) return shows.form(req, res, '/verify', confirmPage(language, subject), status);
    if (subject.hasPassword) return shows.form(req, res, '/verify', provePage(language, subject, state), status);
    if (!subject.replaces) return shows.form(req, res, '/verify', claimPage(language, subject, state), status);
    const way = { label: language.say('nav.login'), href: `${language.prefix}/login` };
    return shows.notice(req, res, '/verify', 'verify.first', way, status === 200 ? 403 : status);
  };

  const confirm = async (res: Response, token: string, by: ConfirmedBy) => {
    const what = await wall.write(accountsViewer, (db) => confirmAddress(db, token, by, clock.now()));
    if (what !== null) parts.accountChanged(by.id);
    return what && `${language.prefix}/account?done=address-${what}`;
  };

  /** Confirms for whoever types the account's password, and logs them in: this counts as any other try to. */
  const confirmByPassword = async (req: Request, res: Response, subject: Subject) => {
    // Without sessions nobody can be let in, so nobody is asked for a password.
    if (!req.session) throw new Failure(503, 'the session store does not answer');
    const { password } = readVerify(req.body);
    if (password === '') return show(req, res, subject, { wrong: { password: 'form.wrong.password.missing' } }, 422);
    const { email } = subject.account;
    const attempt = await attemptOf(parts, req, email);
    const wait = await limits.tryPassword(attempt, attemptsOf(res));
    if (wait !== null) return show(req, res, subject, { refused: limited(wait) }, limitedFor(res, wait));
    const account = await verifyCredentials(wall, email, password);
    if (!account) return show(req, res, subject, { wrong: { password: 'verify.wrong' } }, 422);
    await limits.forgive(attempt);
    const next = await confirm(res, subject.token, account);
    if (next === null) return over(verifying, req, res);
    await enter(parts, language, req, res, account, next);
  };

  router
    .route('/verify')
    .get(async (req, res) => {
      const subject = await subjectOf(parts, req.query);
      await (subject ? show(req, res, subject) : over(verifying, req, res));
    })
    .post(formBody, async (req, res) => {
      const subject = await subjectOf(parts, req.body);
      if (!subject) return over(verifying, req, res);
      const login = loginTo(subject, res);
      if (!login) return confirmByPassword(req, res, subject);
      const next = await confirm(res, subject.token, login);
      if (next === null) return over(verifying, req, res);
      res.redirect(303, next);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** The claim of a first address by somebody who has its mailbox and cannot show the password. */
function claimRoutes(verifying: Verifying): Router {
  const { parts, language, shows } = verifying;
  const { wall, clock } = parts;
  const router = Router({ caseSensitive: true, strict: true });

  /**
   * The subject of a claim; null for a new address of an account, which is its owner's to confirm and nobody's to
   * claim.
   */
  const claimed = async (from: unknown): Promise<Subject | null> => {
    const subject = await subjectOf(parts, from);
    return subject?.replaces === false ? subject : null;
  };

  router
    .route('/verify/claim')
    .get(async (req, res) => {
      const subject = await claimed(req.query);
      if (!subject) return over(verifying, req, res);
      await shows.form(req, res, '/verify/claim', claimPage(language, subject));
    })
    .post(formBody, async (req, res) => {
      const subject = await claimed(req.body);
      if (!subject) return over(verifying, req, res);
      const { account, token } = subject;
      const password = readChoose(req.body)['new-password'];
      const fault = newPasswordFault(password, [account.email, account.name, language.siteName]);
      if (fault !== null) {
        const page = claimPage(language, subject, { wrong: { 'new-password': fault } });
        return shows.form(req, res, '/verify/claim', page, 422);
      }
      const hash = await hashPassword(password);
      const id = await wall.write(accountsViewer, (db) => claimAddress(db, token, hash, clock.now()));
      if (id === null) return over(verifying, req, res);
      parts.accountChanged(id);
      res.redirect(303, `${language.prefix}/verify/claimed`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** The link a request names with its account, or null when it could not be spent now. */
async function subjectOf({ wall, clock }: VerifyParts, from: unknown): Promise<Subject | null> {
  const token = readToken(from);
  if (token === null) return null;
  return wall.read(accountsViewer, async (db) => {
    const link = await findLink(db, token, CONFIRMING, clock.now());
    const account =
      link &&
      (await db.account.findUnique({
        where: { id: link.accountId, state: 'active' },
        select: { id: true, email: true, name: true, passwordHash: true, passkeys: { select: { id: true }, take: 1 } },
      }));
    if (!link || !account) return null;
    const { id, email, name, passwordHash, passkeys } = account;
    return {
      token,
      email: link.email ?? email,
      replaces: link.email !== null,
      hasPassword: passwordHash !== null,
      hasPasskey: passkeys.length > 0,
      account: { id, email, name },
    };
  });
}

/** The login to the subject's account that this request comes with, or null. */
function loginTo(
  { account: { id } }: Subject,
  res: Response,
): { readonly id: string; readonly loginId: string } | null {
  const { account } = res.locals.reader;
  return account?.id === id && account.loginId !== null ? { id, loginId: account.loginId } : null;
}

function over({ language: { say, prefix }, shows }: Verifying, req: Request, res: Response): Promise<void> {
  return shows.over(req, res, { label: say('link.account'), href: `${prefix}/account` });
}
