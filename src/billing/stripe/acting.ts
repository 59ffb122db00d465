import { withinLimit } from '../../http/too-many-requests';
import type { Request, Response } from 'express';
import { ownerOf } from '../../accounts/own/owner';
import type { Notice } from '../../accounts/own/frame';
import type { Language } from '../../lib/language';
import { openOverview } from '../account/overview';
import { billingPath, type BillingPageParts } from '../pages';
import { refused } from './client';
import { troubleOf } from './trouble';
import { syncCustomer } from '../sync/sync-customer';

/** Something done at Stripe in the owner's name, to this customer. */
export interface AccountAction {
  readonly customer: string;
  readonly act: () => Promise<unknown>;
  readonly done: Notice;
}

/**
 * Does something at Stripe, looks at what came of it, and leads back to the page. When Stripe does not answer, nobody
 * knows whether it was done, and the page says so. A request that is wrong as things stand has been overtaken, so the
 * page says how it is now; whatever else Stripe refuses is said, and told to the admins.
 */
export function openAccountAction(
  parts: BillingPageParts,
  language: Language,
): (req: Request, res: Response, what: AccountAction) => Promise<void> {
  const show = openOverview(parts, language);
  return async (req, res, { customer, act, done }) => {
    const { id } = ownerOf(res);
    await withinLimit(parts.limits.tryAct(id), 'questions to Stripe');
    let overtaken = false;
    let unknown = false;
    try {
      await act().catch((error: unknown) => {
        if (!refused(error)) throw error;
        overtaken = true;
      });
      unknown = (await syncCustomer(parts, customer)).outcome === 'unknown';
    } catch (error) {
      const trouble = await troubleOf(parts, error, 'a change by a member');
      return show(req, res, language.say(trouble === 'away' ? 'billing.away.unsure' : 'billing.refused'), 503);
    }
    parts.accountChanged(id);
    if (unknown) return show(req, res, language.say('billing.unknown'), 409);
    if (overtaken) return show(req, res, language.say('billing.overtaken'), 409);
    res.redirect(303, billingPath(language, done));
  };
}
