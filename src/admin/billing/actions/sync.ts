import { foresee } from '../../members/actions/foresee';
import { grantsAfter } from '../grants-after';
import { refused, type BillingAction } from './action';

/** Makes our records say what Stripe says. */
export const sync: BillingAction = {
  name: 'sync',
  reasoned: false,
  grave: false,
  about: [],
  prepare: (asked) => {
    const {
      language: { say },
      sights,
      member,
      now,
    } = asked;
    const [first] = sights;
    if (!first) return refused(say('admin.billing.refused.no-customer'));
    const judged = sights.flatMap((sight) => sight.judged);
    return {
      is: 'ready',
      customer: first.customer,
      chosen: {},
      ...foresee(asked, { grants: grantsAfter(member, judged, now) }),
      happens: [
        ...sights.map(({ customer }) => say('admin.billing.happens.sync', { customer })),
        say('admin.billing.happens.no-money'),
      ],
      seen: [],
    };
  },
};
