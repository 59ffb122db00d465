import { Router } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { writeAudit } from '../../stores/postgres/audit';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminParts } from '../parts';
import { readMemberId } from '../action/submission';
import { actorOf, staffOf } from '../staff';
import { nameTiers } from '../tier-names';
import { readMember } from './member';
import { memberPage } from './member-page';
import { chargesAgain } from '../../billing/running';

/** `/admin/members/:id`: one member, how far they read and why. Whoever looks leaves an entry in the audit log. */
export function memberRoutes({ site, wall, clock, upcoming }: AdminParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router
    .route('/admin/members/:id')
    .get(async (req, res) => {
      const id = readMemberId(req);
      const now = clock.now();
      const by = await actorOf(wall, req, res);
      const read = await wall.write(accountsViewer, async (db) => {
        const tiers = await nameTiers(db, language);
        const member = await readMember(db, id, tiers, now);
        if (!member) return null;
        await writeAudit(db, {
          ...by,
          at: now,
          action: 'member-viewed',
          target: { kind: 'account', id, name: member.email },
        });
        return { tiers, member };
      });
      if (!read) throw notFound('a member');
      const charged = read.member.customers.flatMap(({ subscriptions }) => subscriptions).filter(chargesAgain);
      const charges = await upcoming(charged.map(({ stripeId }) => stripeId));
      const page = {
        frame: adminFrame(language, req, res, 'members', read.member.name),
        ...memberPage(language, staffOf(res), read.member, read.tiers, now, charges),
      };
      await renderAdmin(site, language, req, res, 'member', `/admin/members/${id}`, page);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
