import { randomUUID } from 'node:crypto';
import { grantComp } from '../../../membership/comp';
import { dayOf, lastMomentOf } from '../../days';
import { selectField, inputField } from '../../fields';
import { onMember, type ActionContext, type Prepared } from './action';
import { previewAccess, withGrant } from './preview-access';

/** Years ahead that an end may lie. */
export const LONGEST = 10;

/** Gives a tier without payment, until a day or without an end. */
export const comp = onMember({
  name: 'comp',
  charged: true,
  roles: ['support', 'admin'],
  prepare: (context) => {
    const {
      language,
      tiers,
      member,
      now,
      asked: { tier, until },
    } = context;
    const { say } = language;
    const offered = tiers.all.filter(({ rank, retired }) => rank > 0 && !retired);
    const found = offered.find(({ slug }) => slug === tier);
    const day = until ? dayOf(until, language.zone) : null;
    const wrongDay = until ? wrongEnd(day, now, language.zone) : null;
    if (tier === undefined || !found || wrongDay !== null)
      return open(context, offered, tier !== undefined && !found, wrongDay);
    const end = day && lastMomentOf(day, language.zone);
    const grant = {
      id: randomUUID(),
      tier: found.slug,
      source: 'COMP' as const,
      from: now,
      until: end,
      revokedAt: null,
    };
    return {
      is: 'ready',
      chosen: { tier: found.slug, until: until ?? '' },
      ...withGrant(previewAccess(context, { grants: [...member.facts.grants, grant] }), null, grant),
      happens: [
        end === null
          ? say('admin.happens.comp.open', { tier: found.name })
          : say('admin.happens.comp.until', { tier: found.name, until: language.day(end) }),
        say('admin.happens.next-page'),
      ],
      act: (db, reason) => grantComp(db, { accountId: member.id, tierSlug: found.slug, from: now, until: end, reason }),
    };
  },
});

/** What is wrong with a day as an end: it is none, it is over, or it is too far off. Null: nothing. */
export function wrongEnd(day: Date | null, now: Date, zone: string): string | null {
  if (day === null) return 'admin.wrong.day';
  if (lastMomentOf(day, zone) <= now) return 'admin.wrong.past';
  return day.getTime() > now.getTime() + LONGEST * 366 * 86_400_000 ? 'admin.wrong.far' : null;
}

function open(
  { language, asked: { tier = '', until = '' } }: ActionContext,
  offered: readonly { readonly slug: string; readonly name: string }[],
  wrongTier: boolean,
  wrongDay: string | null,
): Prepared {
  const { say } = language;
  return {
    is: 'open',
    fields: [
      selectField(
        language,
        'tier',
        tier,
        offered.map(({ slug, name }) => ({ value: slug, label: name })),
        { error: wrongTier ? say('admin.wrong.tier') : null },
      ),
      inputField(language, 'until', 'date', until, {
        hint: say('admin.field.until.hint', { zone: language.zone }),
        error: wrongDay === null ? null : say(wrongDay),
      }),
    ],
  };
}
