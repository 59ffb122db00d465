import { moveEnd } from '../../../membership/comp';
import { dayOf, lastMomentOf } from '../../days';
import { inputField } from '../../fields';
import { grantOf, onGrant, refused } from './action';
import { wrongEnd } from './comp';
import { previewAccess, withGrant } from './preview-access';

/** Moves the end of a grant of ours to a later day. */
export const extend = onGrant({
  name: 'extend',
  offeredFor: ({ until, revokedAt, reference }) => until !== null && revokedAt === null && reference === null,
  prepare: (context) => {
    const {
      language,
      member,
      now,
      tiers,
      asked: { until },
    } = context;
    const { say } = language;
    const grant = grantOf(context);
    if (!grant || !extend.offeredFor(grant, now)) return refused(say('admin.refused.extend'));
    const day = until ? dayOf(until, language.zone) : null;
    const end = day && lastMomentOf(day, language.zone);
    const error = until
      ? (wrongEnd(day, now, language.zone) ?? (end && grant.until && end <= grant.until ? 'admin.wrong.earlier' : null))
      : null;
    if (end === null || error !== null)
      return {
        is: 'open',
        fields: [
          inputField(language, 'until', 'date', until ?? '', {
            hint: say('admin.field.until.day', { zone: language.zone }),
            error: error === null ? null : say(error),
          }),
        ],
      };
    const was = { ...grant, tier: grant.tierSlug };
    return {
      is: 'ready',
      chosen: { grant: grant.id, until: until! },
      ...withGrant(
        previewAccess(context, {
          grants: member.facts.grants.map((one) => (one.id === grant.id ? { ...one, until: end } : one)),
        }),
        was,
        { ...was, until: end },
      ),
      happens: [
        say('admin.happens.extend', {
          tier: tiers.nameOf(grant.tierSlug),
          from: language.day(grant.until!),
          until: language.day(end),
        }),
        say('admin.happens.next-page'),
      ],
      act: (db) => moveEnd(db, grant.id, end),
    };
  },
});
