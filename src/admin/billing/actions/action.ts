import type { UpcomingCharge } from '../../../billing/stripe/upcoming';
import type { SiteContext } from '../../../http/site-context';
import type { Facts } from '../../../stores/postgres/audit';
import type { WallTransaction } from '../../../stores/postgres/wall';
import { previewAccess, type AccessPreview } from '../../members/actions/preview-access';
import type { ActionContext } from '../../members/actions/action';
import type { ActionPage, AdminField } from '../../page-types';
import type { BillingActionName } from '../audit-actions';
import { grantsAfter } from '../grants-after';
import type { SyncParts } from '../../../billing/parts';
import { evaluateWith, type CustomerEvaluation } from '../evaluate-customer';
import type { StripeSnapshot } from '../../../billing/sync/snapshot';

/** One member with everything Stripe has of them at this moment, and what somebody asks to do. */
export interface BillingCase extends ActionContext {
  readonly sync: SyncParts;
  readonly site: SiteContext;
  /** A tier's name in the language the member is written to. */
  readonly theirTier: (slug: string) => string;
  /** Their customers, each as just seen. */
  readonly evaluations: readonly CustomerEvaluation[];
  /** Customers of theirs whom Stripe does not know. */
  readonly unknown: readonly string[];
  /** What the subscription is charged next when its end is taken back; null: not asked, or Stripe does not say. */
  readonly unchanged: UpcomingCharge | null;
}

/**
 * What would be done: refused with a sentence, in want of a choice, or ready, saying exactly what will happen.
 * `restsOn` holds the facts that the decision rests on: where they are others by the time it is meant, it is asked
 * again.
 */
export type BillingPrepared =
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'open'; readonly fields: readonly AdminField[] }
  | {
      readonly is: 'ready';
      /** Stripe's id of whose it is. */
      readonly customer: string;
      readonly chosen: Readonly<Record<string, string>>;
      readonly changes: ActionPage['changes'];
      readonly happens: readonly string[];
      readonly before: Facts;
      readonly after: Facts;
      readonly restsOn: readonly (string | number | null)[];
      /**
       * Asks Stripe to do it, once for each id; what Stripe made of it, by its ids. @throws when Stripe does not
       * answer, or refuses.
       */
      readonly ask?: (submissionId: string) => Promise<Facts>;
      /** Is done with the audit entry, in the registrar's transaction. */
      readonly write?: (db: WallTransaction, submissionId: string) => Promise<void>;
    };

/** Something an admin can do to a member's payments. */
export interface BillingAction {
  readonly name: BillingActionName;
  readonly reasoned: boolean;
  readonly grave: boolean;
  /** What it is about: fields of the address that come back with the form. */
  readonly about: readonly string[];
  readonly prepare: (context: BillingCase) => BillingPrepared;
  /** Was it done at Stripe under this id, though nobody heard of it? What Stripe made of it then. */
  readonly already?: (context: BillingCase, submissionId: string) => Promise<Facts | null>;
}

export const refused = (why: string): BillingPrepared => ({ is: 'refused', why });

/** A subscription of the member's, by the id the form names. */
export function subscriptionOf({ evaluations, asked }: BillingCase) {
  for (const evaluation of evaluations) {
    const found = evaluation.entitlements.find(({ subscription: it }) => it.id === asked['subscription']);
    if (found) return { evaluation, ...found };
  }
  return null;
}

/** How far the member reads before and after, had Stripe something else of one customer. */
export function previewChange(
  context: BillingCase,
  evaluation: CustomerEvaluation,
  other: Partial<StripeSnapshot>,
): AccessPreview {
  const entitlements = context.evaluations.flatMap(
    (one) => (one === evaluation ? evaluateWith(context.sync, evaluation, other) : one).entitlements,
  );
  return previewAccess(context, { grants: grantsAfter(context.member, entitlements, context.now) });
}

/** One subscription changed among those that were seen. */
export const withSubscription = (
  { snapshot }: CustomerEvaluation,
  id: string,
  change: Partial<StripeSnapshot['subscriptions'][number]>,
): Partial<StripeSnapshot> => ({
  subscriptions: snapshot.subscriptions.map((one) => (one.id === id ? { ...one, ...change } : one)),
});
