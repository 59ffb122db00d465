import { nextCharge } from '../../billing/account/subscription-texts';
import type { Language } from '../../lib/language';
import type { ActionPage } from '../page-types';
import type { AdminParts } from '../parts';
import type { Staff } from '../staff';
import type { TierNames } from '../tier-names';
import type { MemberRead } from './member';
import { chargesAgain } from '../../billing/running';

/** The subscriptions of a member that Stripe goes on charging, whatever is done here. */
export const chargedSubscriptions = ({ customers }: Pick<MemberRead, 'customers'>) =>
  customers.flatMap(({ subscriptions }) => subscriptions).filter(chargesAgain);

/**
 * What is said of them before something is done to the member: how much is charged next and when, as Stripe says, and
 * the way to end it for whoever may.
 * @param ends they end with what is done.
 */
export async function describeCharges(
  { upcoming }: Pick<AdminParts, 'upcoming'>,
  language: Language,
  { role }: Pick<Staff, 'role'>,
  member: MemberRead,
  tiers: TierNames,
  ends: boolean,
): Promise<ActionPage['charges']> {
  const charged = chargedSubscriptions(member);
  if (charged.length === 0) return [];
  const next = await upcoming(charged.map(({ stripeId }) => stripeId));
  return charged.map((row) => {
    const known = next.get(row.stripeId);
    const way = row.accessReason === 'refunded' ? 'cancel-now' : 'cancel-end';
    return {
      text: language.say(`admin.charges.${ends ? 'ends' : 'goes-on'}${known ? '' : '.day'}`, {
        tier: row.tierSlug === null ? language.say('admin.subscription.unknown') : tiers.nameOf(row.tierSlug),
        charge: nextCharge(row, known, language),
      }),
      end:
        ends || role !== 'admin'
          ? null
          : {
              label: language.say(`admin.billing.action.${way}.heading`),
              href: `${language.prefix}/admin/members/${member.id}/billing/${way}?subscription=${row.stripeId}`,
            },
    };
  });
}
