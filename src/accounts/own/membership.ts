import { Router } from 'express';
import type { Standing } from '../../access/standing';
import { registrar } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { askVerification } from '../actions/ask-verification';
import { frameOf, roomAddress, showRoom } from './frame';
import { ownerOf } from './owner';
import type { MembershipPage } from './page-types';
import type { AccountParts } from './parts';
import { sayGrants, sayStanding } from './standing-words';

/** `/account`: how far its owner reads, why and until when; and the address to be confirmed. */
export function membershipRoutes({ house, wall, clock, limits }: AccountParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix, code } = language;

  router
    .route('/account')
    .get(async (req, res) => {
      const { standing, account: who } = res.locals.reader;
      if (!standing || !who) throw new Error('an owner without a standing');
      const { account, tiers } = await wall.read(registrar, async (db) => ({
        account: await db.account.findUniqueOrThrow({
          where: { id: ownerOf(res).id },
          select: { email: true, verifiedAt: true },
        }),
        tiers: await db.tier.findMany({ select: { slug: true, rank: true, texts: true }, orderBy: { rank: 'asc' } }),
      }));
      const textsOf = (slug: string) => {
        const texts = tiers.find((tier) => tier.slug === slug)?.texts ?? [];
        return texts.find(({ lang }) => lang === code) ?? texts.find(({ lang }) => lang === house.languages.first.code);
      };
      const nameOf = (slug: string) => textsOf(slug)?.name ?? slug;
      const above = tiers.find(({ rank }) => rank > standing.rank);
      const page: MembershipPage = {
        frame: frameOf(language, req, res, 'membership'),
        standing: sayStanding(standing, language, nameOf),
        tier:
          standing.tier === null
            ? null
            : { slug: standing.tier, name: nameOf(standing.tier), blurb: textsOf(standing.tier)?.blurb ?? '' },
        changes:
          standing.changesAt && standing.changesAt.getTime() !== endOf(standing)?.getTime()
            ? say('account.changes', { day: language.day(standing.changesAt) })
            : null,
        grants: sayGrants(standing, language, nameOf),
        next: above
          ? { label: say('account.next', { tier: nameOf(above.slug) }), href: `${prefix}/join/${above.slug}` }
          : null,
        billing:
          standing.because !== null && 'grant' in standing.because && standing.because.grant.source === 'SUBSCRIPTION'
            ? { label: say('account.standing.billing'), href: roomAddress(language, 'billing') }
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
      };
      await showRoom(house, language, req, res, 'membership', 'membership', page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/account/verify')
    .post(formBody, async (_req, res) => {
      const { id } = ownerOf(res);
      const wait = await limits.tryLetter(id);
      if (wait !== null) throw new Failure(429, 'too many letters', { headers: { 'Retry-After': String(wait) } });
      await wall.write(registrar, (db) => askVerification(db, id, clock.now()));
      res.redirect(303, roomAddress(language, 'membership', 'letter-sent'));
    })
    .all(onlyMethods('POST'));
  return router;
}

/** When what gives the present rank ends, which the sentence about it says already. */
function endOf({ because }: Standing): Date | null {
  return because !== null && 'grant' in because ? because.grant.until : null;
}
