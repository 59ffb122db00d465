import type { Language } from '../../../lib/language';
import { isFreeToJoin, isPriced, WAYS_IN } from '../../../membership/tiers';
import { selectField } from '../../fields';
import { refused, tierOf, type TierAction } from './action';

export const joiningOptions = ({ say }: Language) =>
  WAYS_IN.map((value) => ({ value, label: say(`admin.tiers.joining.${value}`) }));

/** How one comes by a tier from now on: whoever has it keeps it. */
export const changeJoining: TierAction = {
  name: 'tier-joining',
  path: 'joining',
  grave: false,
  offered: (tier) => tier.rank > 0 && !isPriced(tier),
  prepare: (request) => {
    const { facts, language, fields } = request;
    const { say } = language;
    const tier = tierOf(request);
    if (tier.rank === 0) return refused(say('admin.tiers.refused.public'));
    if (isPriced(tier)) return refused(say('admin.tiers.refused.priced'));
    const joining = fields['joining'];
    const free = facts.tiers.find(isFreeToJoin);
    const wrong =
      joining === undefined
        ? null
        : !(WAYS_IN as readonly string[]).includes(joining) || joining === tier.joining
          ? 'admin.tiers.wrong.joining.same'
          : joining === 'free' && free !== undefined && free !== tier
            ? 'admin.tiers.wrong.joining.taken'
            : null;
    if (joining === undefined || wrong !== null) {
      const error = wrong === null ? null : say(wrong);
      const value = joining ?? tier.joining;
      return { is: 'open', fields: [selectField(language, 'joining', value, joiningOptions(language), { error })] };
    }
    return {
      is: 'ready',
      slug: tier.slug,
      chosen: { joining },
      changes: [
        {
          what: say('admin.field.joining'),
          before: say(`admin.tiers.joining.${tier.joining}`),
          after: say(`admin.tiers.joining.${joining}`),
        },
      ],
      happens: [
        say(`admin.tiers.new.happens.${joining}`),
        say('admin.tiers.retire.keep'),
        say('admin.happens.next-page'),
      ],
      before: { joining: tier.joining },
      after: { joining },
      write: async (db) => {
        await db.tier.update({ where: { slug: tier.slug }, data: { joining }, select: { slug: true } });
      },
    };
  },
};
