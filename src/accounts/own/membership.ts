import { Router } from 'express';
import type { AccessLevel } from '../../access/account-access';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import { textsIn, type Language } from '../../lib/language';
import { askVerification } from '../actions/ask-verification';
import { accountFrame, sectionPath, renderSection } from './frame';
import { ownerOf } from './owner';
import type { MembershipPage } from './page-types';
import type { AccountParts } from './parts';
import { sayRefusedMail } from './format';
import { describeGrants, describeAccess } from './access-texts';

/** `/account`: how far its owner reads, why and until when; and the address to be confirmed. */
export function membershipRoutes({ site, wall, clock, limits }: AccountParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix, code, firstCode } = language;

  router
    .route('/account')
    .get(async (req, res) => {
      const { access: standing, account: who } = res.locals.reader;
      if (!standing || !who) throw new Error('an owner without a standing');
      const { account, tiers } = await wall.read(accountsViewer, async (db) => ({
        account: await db.account.findUniqueOrThrow({
          where: { id: ownerOf(res).id },
          select: { email: true, verifiedAt: true, mailRefusedAt: true, mailRefusal: true },
        }),
        tiers: await db.tier.findMany({ select: { slug: true, rank: true, texts: true }, orderBy: { rank: 'asc' } }),
      }));
      const textsOf = (slug: string) => textsIn(tiers.find((tier) => tier.slug === slug)?.texts ?? [], code, firstCode);
      const nameOf = (slug: string) => textsOf(slug)?.name ?? slug;
      const above = tiers.find(({ rank }) => rank > standing.rank);
      const refused = sayRefusedMail(language, account);
      const page: MembershipPage = {
        frame: accountFrame(language, req, res, 'membership'),
        standing: describeAccess(standing, language, nameOf),
        tier:
          standing.tier === null
            ? null
            : { slug: standing.tier, name: nameOf(standing.tier), blurb: textsOf(standing.tier)?.blurb ?? '' },
        changes:
          standing.changesAt && standing.changesAt.getTime() !== endOf(standing)?.getTime()
            ? say('account.changes', { day: language.day(standing.changesAt) })
            : null,
        grants: describeGrants(standing, language, nameOf),
        next: above
          ? { label: say('account.next', { tier: nameOf(above.slug) }), href: `${prefix}/join/${above.slug}` }
          : null,
        billing:
          standing.reason !== null && 'grant' in standing.reason && standing.reason.grant.source === 'SUBSCRIPTION'
            ? { label: say('account.standing.billing'), href: sectionPath(language, 'billing') }
            : null,
        factor:
          who.appointed === who.role
            ? null
            : {
                text: say('second-factor.staff', { role: say(`account.role.${who.appointed}`) }),
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
      await renderSection(site, language, req, res, 'membership', 'membership', page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/account/verify')
    .post(formBody, async (_req, res) => {
      const { id } = ownerOf(res);
      const wait = await limits.tryLetter(id, attemptsOf(res));
      if (wait !== null) throw new Failure(429, 'too many letters', { headers: { 'Retry-After': String(wait) } });
      await wall.write(accountsViewer, (db) => askVerification(db, id, clock.now()));
      res.redirect(303, sectionPath(language, 'membership', 'letter-sent'));
    })
    .all(onlyMethods('POST'));
  return router;
}

/** When what gives the present rank ends, which the sentence about it says already. */
function endOf({ reason: because }: AccessLevel): Date | null {
  return because !== null && 'grant' in because ? because.grant.until : null;
}
