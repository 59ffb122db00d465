import { Router, type Request, type Response } from 'express';
import { accessEnd, type AccessLevel } from '../../access/account-access';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withinLimit } from '../../http/too-many-requests';
import { textsIn, type Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { askVerification } from '../actions/ask-verification';
import { accountFrame, sectionPath, renderSection } from './frame';
import { ownerOf } from './owner';
import type { MembershipPage } from './page-types';
import type { AccountParts } from './parts';
import { sayRefusedMail } from './format';
import { describeGrants, describeAccess } from './access-texts';

interface Context {
  readonly parts: AccountParts;
  readonly language: Language;
}

/** `/account`: how far its owner reads, why and until when; and the address to be confirmed. */
export function membershipRoutes(parts: AccountParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/account')
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/account/verify')
    .post(formBody, (_req, res) => askToVerify(context, res))
    .all(onlyMethods('POST'));
  return router;
}

async function askToVerify({ parts, language }: Context, res: Response): Promise<void> {
  const { wall, clock, limits } = parts;
  const { id } = ownerOf(res);
  await withinLimit(limits.tryLetter(id, attemptsOf(res)), 'letters');
  await wall.write(accountsViewer, (db) => askVerification(db, id, clock.now()));
  res.redirect(303, sectionPath(language, 'membership', 'letter-sent'));
}

async function show({ parts: { site, wall }, language }: Context, req: Request, res: Response): Promise<void> {
  const { access, account: owner } = res.locals.reader;
  if (!access || !owner) throw new Error('an owner without an access level');
  const read = await wall.read(accountsViewer, (db) => readMembership(db, owner.id));
  const page: MembershipPage = {
    frame: accountFrame(language, req, res, 'membership'),
    ...accessPart(language, access, read.tiers),
    ...accountPart(language, owner, read.account),
  };
  await renderSection(site, language, req, res, 'membership', 'membership', page);
}

type MembershipRead = Awaited<ReturnType<typeof readMembership>>;

const readMembership = async (db: WallTransaction, id: string) => ({
  account: await db.account.findUniqueOrThrow({
    where: { id },
    select: { email: true, verifiedAt: true, mailRefusedAt: true, mailRefusal: true },
  }),
  tiers: await db.tier.findMany({ select: { slug: true, rank: true, texts: true }, orderBy: { rank: 'asc' } }),
});

/** How far its owner reads. */
function accessPart(
  language: Language,
  access: AccessLevel,
  tiers: MembershipRead['tiers'],
): Pick<MembershipPage, 'accessText' | 'tier' | 'changes' | 'grants' | 'next' | 'billing'> {
  const { say, prefix, code, firstCode } = language;
  const textsOf = (slug: string) => textsIn(tiers.find((tier) => tier.slug === slug)?.texts ?? [], code, firstCode);
  const nameOf = (slug: string) => textsOf(slug)?.name ?? slug;
  const above = tiers.find(({ rank }) => rank > access.rank);
  const { tier, reason, changesAt } = access;
  const changes = changesAt && changesAt.getTime() !== accessEnd(access)?.getTime() ? changesAt : null;
  const isSubscribed = reason !== null && 'grant' in reason && reason.grant.source === 'SUBSCRIPTION';
  return {
    accessText: describeAccess(access, language, nameOf),
    tier: tier === null ? null : { slug: tier, name: nameOf(tier), blurb: textsOf(tier)?.blurb ?? '' },
    changes: changes && say('account.changes', { day: language.day(changes) }),
    grants: describeGrants(access, language, nameOf),
    next: above
      ? { label: say('account.next', { tier: nameOf(above.slug) }), href: `${prefix}/join/${above.slug}` }
      : null,
    billing: isSubscribed ? { label: say('account.standing.billing'), href: sectionPath(language, 'billing') } : null,
  };
}

/** What there is to do about the account itself. */
function accountPart(
  language: Language,
  { role, appointed }: { readonly role: string; readonly appointed: string },
  account: MembershipRead['account'],
): Pick<MembershipPage, 'factor' | 'verify' | 'refused'> {
  const { say, prefix } = language;
  const refused = sayRefusedMail(language, account);
  return {
    factor:
      appointed === role
        ? null
        : {
            text: say('second-factor.staff', { role: say(`account.role.${appointed}`) }),
            href: `${prefix}/account/second-factor`,
          },
    verify: account.verifiedAt
      ? null
      : { text: say('account.verify.text', { email: account.email }), action: `${prefix}/account/verify` },
    refused:
      refused === null
        ? null
        : { text: refused, href: sectionPath(language, 'profile'), label: say('account.profile.heading') },
  };
}
