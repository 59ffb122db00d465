import { revokeGrant } from '../../../membership/comp';
import { grantOf, onGrant, refused } from './action';
import { previewAccess, withGrant } from './preview-access';

/**
 * Withdraws a grant. One that follows from something elsewhere, such as a subscription, would come back, and is ended
 * there.
 */
export const revoke = onGrant({
  name: 'revoke',
  grave: true,
  offeredFor: ({ until, revokedAt, reference }, now) =>
    reference === null && revokedAt === null && (until === null || until > now),
  prepare: (context) => {
    const { language, member, now, tiers } = context;
    const { say } = language;
    const grant = grantOf(context);
    if (!grant || !revoke.offeredFor(grant, now))
      return refused(say(grant?.reference ? 'admin.refused.reference' : 'admin.refused.revoke'));
    const was = { ...grant, tier: grant.tierSlug };
    return {
      is: 'ready',
      chosen: { grant: grant.id },
      ...withGrant(
        previewAccess(context, {
          grants: member.facts.grants.map((one) => (one.id === grant.id ? { ...one, revokedAt: now } : one)),
        }),
        was,
        { ...was, revokedAt: now },
      ),
      happens: [
        say('admin.happens.revoke', {
          tier: tiers.nameOf(grant.tierSlug),
          source: say(`account.source.${grant.source}`),
        }),
        say('admin.happens.next-page'),
      ],
      act: (db) => revokeGrant(db, grant.id, now),
    };
  },
});
