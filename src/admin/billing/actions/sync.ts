import { previewAccess } from '../../members/actions/preview-access';
import { grantsAfter } from '../grants-after';
import { refused, type BillingAction } from './action';

/** Makes our records say what Stripe says. */
export const sync: BillingAction = {
  name: 'sync',
  reasoned: false,
  grave: false,
  about: [],
  prepare: (context) => {
    const {
      language: { say },
      evaluations,
      unknown,
      member,
      now,
    } = context;
    const first = evaluations[0]?.customer ?? unknown[0];
    if (first === undefined) return refused(say('admin.billing.refused.no-customer'));
    const entitlements = evaluations.flatMap((evaluation) => evaluation.entitlements);
    return {
      is: 'ready',
      customer: first,
      chosen: {},
      ...previewAccess(context, { grants: grantsAfter(member, entitlements, now) }),
      happens: [
        ...evaluations.map(({ customer }) => say('admin.billing.happens.sync', { customer })),
        ...unknown.map((customer) => say('admin.billing.happens.sync-unknown', { customer })),
        say('admin.billing.happens.no-money'),
      ],
      restsOn: [],
    };
  },
};
