import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import { limitedFor } from '../../http/too-many-requests';
import type { Language } from '../../lib/language';
import type { Limit } from '../../stores/limits';
import { completeLogin, isStillVerified, PENDING_LIFE, type LoginParts } from '../login/complete-login';
import type { FieldErrors } from '../forms';
import { writeAccountLetter } from '../letters';
import { formError, formFields, limited } from '../pages';
import { passkeyLoginForm } from '../passkeys/pages';
import { codeFault, readCode } from './forms';
import type { SecondStepPage } from './page-types';
import type { SecretSealer } from './secret';
import { consumeCode } from './consume-code';

/** What the second step of logging in is made of. */
export interface SecondStepParts extends LoginParts {
  readonly site: SiteContext;
  readonly codes: Limit;
  readonly secrets: SecretSealer;
}

interface Context {
  readonly parts: SecondStepParts;
  readonly language: Language;
}

const PATH = '/login/second-factor';

/**
 * `/login/second-factor`: after the right password, a code of the authenticator program or a recovery code. Until then
 * the session is nobody's and reads nothing.
 */
export function secondStepRoutes(parts: SecondStepParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(PATH)
    .all((_req, res, next) => {
      res.setHeader('Cache-Control', 'private, no-store');
      next();
    })
    .get((req, res) => ask(context, req, res))
    .post(formBody, (req, res) => take(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** Who has shown the first factor in this session, a short while ago. */
function pendingOf({ parts: { clock } }: Context, req: Request) {
  const pending = req.session?.pending;
  return pending && clock.now().getTime() - pending.at < PENDING_LIFE ? pending : null;
}

async function ask(context: Context, req: Request, res: Response): Promise<void> {
  const pending = pendingOf(context, req);
  if (!pending) return res.redirect(303, `${context.language.prefix}/login`);
  await show(context, req, res, pending);
}

async function take(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, codes } = parts;
  const { code } = readCode(req.body);
  const pending = pendingOf(context, req);
  if (!pending) return res.redirect(303, `${language.prefix}/login`);
  if (code.trim() === '') return show(context, req, res, pending, { wrong: codeFault(code) }, 422);
  const wait = await codes.take(pending.accountId, attemptsOf(res));
  if (wait !== null)
    return show(
      context,
      req,
      res,
      pending,
      { error: formError(language, { refused: limited(wait) }) },
      limitedFor(res, wait),
    );
  // A password that was changed since it was shown is no first factor any more.
  if (!(await wall.read(accountsViewer, (db) => isStillVerified(db, pending.accountId, pending))))
    return res.redirect(303, `${language.prefix}/login`);
  if (!(await isRight(parts, pending.accountId, code)))
    return show(context, req, res, pending, { wrong: codeFault(code) }, 422);
  await codes.forget(pending.accountId);
  await completeLogin(parts, req, res, { id: pending.accountId, mark: pending.mark });
  res.redirect(303, pending.next);
}

/**
 * Was the code right? Where it was a recovery code the owner is told: whoever holds their paper gets in too (ASVS
 * 6.3.7).
 */
const isRight = ({ wall, clock, secrets }: SecondStepParts, accountId: string, code: string): Promise<boolean> =>
  wall.write(accountsViewer, async (db) => {
    const consumed = await consumeCode(db, secrets, accountId, code, clock.now());
    if (consumed === 'recovery code') {
      const { email, lang } = await db.account.findUniqueOrThrow({
        where: { id: accountId },
        select: { email: true, lang: true },
      });
      await writeAccountLetter(db, 'recovery-code-used', { accountId, email, lang });
    }
    return consumed !== null;
  });

async function show(
  { parts: { site, wall }, language }: Context,
  req: Request,
  res: Response,
  pending: { readonly accountId: string; readonly next: string },
  { wrong: errors = {}, error = null }: { wrong?: FieldErrors; error?: string | null } = {},
  status = 200,
): Promise<void> {
  const { say, prefix } = language;
  const account = await wall.read(accountsViewer, (db) =>
    db.account.findUnique({
      where: { id: pending.accountId },
      select: { totpConfirmedAt: true, passkeys: { select: { id: true }, take: 1 } },
    }),
  );
  const page: SecondStepPage = {
    label: say('login.label'),
    heading: say('second-step.heading'),
    text: say(account?.totpConfirmedAt ? 'second-step.text' : 'second-step.text.passkey'),
    form: account?.totpConfirmedAt
      ? {
          action: `${prefix}${PATH}`,
          next: null,
          error,
          fields: formFields(language, { next: null, wrong: errors }, [
            { name: 'code', type: 'text', autocomplete: 'one-time-code', hint: say('form.code.hint') },
          ]),
          submit: say('login.submit'),
          links: [{ label: say('second-step.again'), href: `${prefix}/login` }],
        }
      : null,
    passkey: account && account.passkeys.length > 0 ? passkeyLoginForm(language, pending.next) : null,
  };
  res.status(status);
  await respond(req, res, 'accounts/second-factor-login', {
    layout: layoutOf(site, language, { title: page.heading, path: PATH, next: null, noindex: true }),
    page,
  });
}
