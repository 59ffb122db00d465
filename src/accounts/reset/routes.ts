import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { SiteContext } from '../../http/site-context';
import { limitedFor } from '../../http/too-many-requests';
import type { Clock } from '../../lib/clock';
import type { Language } from '../../lib/language';
import type { Logger } from '../../lib/log';
import type { Wall } from '../../stores/postgres/wall';
import type { AccountLimits } from '../account-limits';
import { askReset } from '../actions/ask-reset';
import { resetPassword } from '../actions/change-password';
import { findLink } from '../credentials/link-tokens';
import { hashPassword } from '../credentials/passwords';
import { newPasswordFault, readChoose, readReset, readToken, validateReset } from '../links/forms';
import { openLinkPages, quiet, type LinkPages } from '../links/render';
import { attemptOf } from '../login/attempt';
import { limited, type FormState } from '../pages';
import { askPage, choosePage } from './pages';

/** What the way to a new password is made of. It is for strangers: nobody is logged in here. */
export interface ResetParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly clock: Clock;
  readonly https: boolean;
  readonly limits: Pick<AccountLimits, 'tryReset'>;
  readonly accountChanged: (accountId: string) => void;
  readonly log: Pick<Logger, 'error'>;
}

interface Context {
  readonly parts: ResetParts;
  readonly language: Language;
  readonly shows: LinkPages;
}

/**
 * `/reset`: a letter with a link, and behind the link a new password. Neither says whether an address has an account.
 */
export function resetRoutes(parts: ResetParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const shows = openLinkPages(parts.site, language);
  const context: Context = { parts, language, shows };
  const back = { label: say('reset.back'), href: prefix || '/' };
  const toLogin = { label: say('nav.login'), href: `${prefix}/login` };

  router.use(['/reset', '/reset/sent', '/reset/choose', '/reset/done'], quiet);
  router
    .route('/reset')
    .get((req, res) => showAsk(context, req, res, {}))
    .post(formBody, (req, res) => ask(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/reset/sent')
    .get((req, res) => shows.notice(req, res, '/reset/sent', 'reset.sent', back))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/reset/choose')
    .get((req, res) => open(context, req, res))
    .post(formBody, (req, res) => choose(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/reset/done')
    .get((req, res) => shows.notice(req, res, '/reset/done', 'reset.done', toLogin))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function showAsk(
  { shows, language }: Context,
  req: Request,
  res: Response,
  state: Omit<FormState, 'next'>,
  status = 200,
): Promise<void> {
  await shows.form(req, res, '/reset', askPage(language, state), status);
}

/** Asks for the letter. */
async function ask(context: Context, req: Request, res: Response): Promise<void> {
  const { wall, clock, https, limits, log } = context.parts;
  const body = readReset(req.body);
  const validated = validateReset(body);
  if ('wrong' in validated) return showAsk(context, req, res, { typed: body, wrong: validated.wrong }, 422);
  const { email } = validated.values;
  const wait = await limits.tryReset(await attemptOf({ wall, https }, req, email), attemptsOf(res));
  if (wait !== null) return showAsk(context, req, res, { typed: body, refused: limited(wait) }, limitedFor(res, wait));
  // Answered before the address is looked for: the time says nothing about it (ASVS 6.3.8).
  res.redirect(303, `${context.language.prefix}/reset/sent`);
  wall
    .write(accountsViewer, (db) => askReset(db, email, clock.now()))
    .catch((error: unknown) => log.error({ err: error }, 'a letter for a new password could not be written'));
}

/** The link is used, too old, or never was one. */
const showOver = ({ shows, language: { say, prefix } }: Context, req: Request, res: Response): Promise<void> =>
  shows.over(req, res, { label: say('reset.again'), href: `${prefix}/reset` });

/** Opens the link of the letter. */
async function open(context: Context, req: Request, res: Response): Promise<void> {
  const { wall, clock } = context.parts;
  const token = readToken(req.query);
  const link = token && (await wall.read(accountsViewer, (db) => findLink(db, token, ['reset_password'], clock.now())));
  if (!link) return showOver(context, req, res);
  await context.shows.form(req, res, '/reset', choosePage(context.language, token, null));
}

/** Takes the new password. */
async function choose(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language, shows } = context;
  const { wall, clock } = parts;
  const token = readToken(req.body);
  const account =
    token &&
    (await wall.read(accountsViewer, async (db) => {
      const link = await findLink(db, token, ['reset_password'], clock.now());
      return link && db.account.findUnique({ where: { id: link.accountId }, select: { email: true, name: true } });
    }));
  if (!account) return showOver(context, req, res);
  const password = readChoose(req.body)['new-password'];
  const fault = newPasswordFault(password, [account.email, account.name, language.siteName]);
  if (fault !== null) return shows.form(req, res, '/reset', choosePage(language, token, fault), 422);
  const hash = await hashPassword(password);
  const accountId = await wall.write(accountsViewer, (db) => resetPassword(db, token, hash, clock.now()));
  if (accountId === null) return showOver(context, req, res);
  parts.accountChanged(accountId);
  res.redirect(303, `${language.prefix}/reset/done`);
}
