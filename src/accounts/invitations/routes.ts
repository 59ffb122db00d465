import { Router, type Request, type Response } from 'express';
import type { StaffRole } from '../../access/invitations';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { limitedFor } from '../../http/too-many-requests';
import type { Language } from '../../lib/language';
import { networkOf } from '../../lib/network';
import { randomUUID } from 'node:crypto';
import { enter, requireSessions, type AuthParts } from '../auth-pages';
import { hashPassword } from '../credentials/passwords';
import { markOf, verifyCredentials } from '../credentials/verify-credentials';
import { name as nameShape, nameFault, wrongOf } from '../forms';
import { newPasswordFault, readChoose, readJoinConfirm, readToken, readVerify } from '../links/forms';
import { openLinkPages, quiet, type LinkPages } from '../links/render';
import { attemptOf } from '../login/attempt';
import { limited } from '../pages';
import { acceptInvitation, findInvited, type Accepted, type AcceptedBy, type InvitedAccount } from './accept';
import { INVITATION_PATH, invitationPage, type InvitationState, type InvitationSubject } from './pages';
import { findInvitation, type Invitation } from './rows';

/** What accepting an invitation is made of. */
export interface InvitationParts extends AuthParts {
  /** Facts of this account have changed, and the change is committed. */
  readonly accountChanged: (accountId: string) => void;
}

interface Context {
  readonly parts: InvitationParts;
  readonly language: Language;
  readonly shows: LinkPages;
}

/** An invitation that can be accepted now, with the account of its address. */
interface OpenInvitation {
  readonly token: string;
  readonly invitation: Invitation;
  readonly account: InvitedAccount | null;
}

/** Where somebody of a role works. */
export const workplaceOf = ({ prefix }: Pick<Language, 'prefix'>, role: StaffRole): string =>
  `${prefix}/${role === 'editor' ? 'desk' : 'admin'}`;

/**
 * `/invitation`: where the letter of an invitation leads. Opening it changes nothing, because programs that look
 * through mail open links too. Joining may be closed: whoever is invited works here.
 */
export function invitationRoutes(parts: InvitationParts, language: Language): Router {
  const context: Context = { parts, language, shows: openLinkPages(parts.site, language) };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(INVITATION_PATH)
    .all(quiet)
    .get(async (req, res) => {
      const found = await findFor(context, req.query);
      await (found ? show(context, req, res, found) : showOver(context, req, res));
    })
    .post(requireSessions, formBody, async (req, res) => {
      const found = await findFor(context, req.body);
      await (found ? accept(context, req, res, found) : showOver(context, req, res));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function findFor({ parts: { wall, clock } }: Context, from: unknown): Promise<OpenInvitation | null> {
  const token = readToken(from);
  if (token === null) return null;
  return wall.read(accountsViewer, async (db) => {
    const invitation = await findInvitation(db, token, clock.now());
    return invitation && { token, invitation, account: await findInvited(db, invitation.email) };
  });
}

/** The link was used, taken back or replaced, is too old, or never was one: all alike. */
function showOver({ shows, language: { say, prefix } }: Context, req: Request, res: Response): Promise<void> {
  return shows.notice(req, res, '/', 'invitation.over', { label: say('error.home'), href: prefix || '/' }, 410);
}

/** The way to accept, by what there is of an account; `null`: there is none, and a notice says why. */
function subjectOf({ token, invitation, account }: OpenInvitation, res: Response): InvitationSubject | null {
  const { email, role } = invitation;
  const reader = res.locals.reader.account;
  const other = reader !== null && reader.id !== account?.id ? reader.name : null;
  const about = { token, email, role, other };
  if (account === null) return { ...about, way: 'new' };
  if (account.suspended || account.works) return null;
  if (!account.verified) return { ...about, way: 'claim' };
  if (reader?.id === account.id && reader.loginId !== null) return { ...about, way: 'confirm' };
  return account.hasPassword ? { ...about, way: 'password' } : null;
}

/** Why an invitation whose link is good cannot be accepted as it is: the key of a notice. */
const noticeOf = (account: InvitedAccount | null): string =>
  account?.suspended ? 'invitation.suspended' : account?.works ? 'invitation.works' : 'invitation.passkey';

async function show(
  { language, shows }: Context,
  req: Request,
  res: Response,
  found: OpenInvitation,
  state: InvitationState = {},
  status = 200,
): Promise<void> {
  const subject = subjectOf(found, res);
  if (subject) return shows.form(req, res, INVITATION_PATH, invitationPage(language, subject, state), status);
  const way = { label: language.say('nav.login'), href: `${language.prefix}/login` };
  await shows.notice(req, res, INVITATION_PATH, noticeOf(found.account), way, 403);
}

async function accept(context: Context, req: Request, res: Response, found: OpenInvitation): Promise<void> {
  const way = subjectOf(found, res)?.way;
  if (way === 'new' || way === 'claim') return acceptAnew(context, req, res, found);
  if (way === 'password') return acceptByPassword(context, req, res, found);
  if (way === undefined) return show(context, req, res, found);
  const accepted = await performAct(context, req, found, { as: 'owner', id: res.locals.reader.account!.id });
  if (!accepted) return showOver(context, req, res);
  // A login begun as one thing never goes on as another: they log in again, with the second factor where there is one.
  const next = found.account?.hasFactor ? workplaceOf(context.language, accepted.role) : factorPath(context);
  res.redirect(303, `${context.language.prefix}/login?next=${encodeURIComponent(next)}`);
}

const factorPath = ({ language: { prefix } }: Context): string => `${prefix}/account/second-factor`;

/** Whoever has the mailbox chooses a password, for an account that is made or becomes theirs. */
async function acceptAnew(context: Context, req: Request, res: Response, found: OpenInvitation): Promise<void> {
  const { language, parts } = context;
  const { account, invitation } = found;
  const body = account ? { ...readChoose(req.body), name: account.name } : readJoinConfirm(req.body);
  const password = body['new-password'];
  const named = nameShape.safeParse(body.name);
  const errors = wrongOf({
    ...(account ? {} : { name: nameFault(body.name) }),
    'new-password': newPasswordFault(password, [invitation.email, body.name, language.siteName]),
  });
  if (Object.keys(errors).length > 0 || (!account && !named.success))
    return show(context, req, res, found, { typed: { name: body.name }, wrong: errors }, 422);
  const passwordHash = await hashPassword(password);
  const by: AcceptedBy = account
    ? { as: 'claim', id: account.id, passwordHash }
    : { as: 'new', name: named.data!, passwordHash };
  const accepted = await performAct(context, req, found, by);
  if (!accepted) return showOver(context, req, res);
  const mark = markOf(passwordHash);
  await enter(parts, language, req, res, { id: accepted.id, secondFactor: false, mark }, factorPath(context));
}

/** Whoever knows the password of the account is logged in with it: this counts as any other try to. */
async function acceptByPassword(context: Context, req: Request, res: Response, found: OpenInvitation): Promise<void> {
  const { language, parts } = context;
  const { email } = found.invitation;
  const { password } = readVerify(req.body);
  if (password === '')
    return show(context, req, res, found, { wrong: { password: 'form.wrong.password.missing' } }, 422);
  const attempt = await attemptOf(parts, req, email);
  const wait = await parts.limits.tryPassword(attempt, attemptsOf(res));
  if (wait !== null) return show(context, req, res, found, { refused: limited(wait) }, limitedFor(res, wait));
  const account = await verifyCredentials(parts.wall, email, password);
  if (!account) return show(context, req, res, found, { wrong: { password: 'verify.wrong' } }, 422);
  await parts.limits.forgive(attempt);
  const accepted = await performAct(context, req, found, { as: 'owner', id: account.id });
  if (!accepted) return showOver(context, req, res);
  const hasFactor = found.account!.hasFactor;
  const next = hasFactor ? workplaceOf(language, accepted.role) : factorPath(context);
  await enter(parts, language, req, res, { ...account, secondFactor: hasFactor }, next);
}

async function performAct(
  { parts: { wall, clock, accountChanged } }: Context,
  req: Request,
  { token }: OpenInvitation,
  by: AcceptedBy,
): Promise<Accepted | null> {
  const from = { network: networkOf(req.ip), requestId: randomUUID() };
  const accepted = await wall.write(accountsViewer, (db) => acceptInvitation(db, token, by, from, clock.now()));
  if (accepted) accountChanged(accepted.id);
  return accepted;
}
