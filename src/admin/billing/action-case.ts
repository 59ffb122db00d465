import { accountsViewer } from '../../access/viewer';
import { fetchUpcoming, type UpcomingCharge } from '../../billing/stripe/upcoming';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { versionOf, type Fields } from '../action/submission';
import { readMember } from '../members/member';
import { nameTiers } from '../tier-names';
import type { BillingAction, BillingCase, BillingPrepared } from './actions/action';
import { evaluateCustomer, type CustomerEvaluation } from './evaluate-customer';
import type { AdminBillingParts } from './parts';
import { askStripe } from './stripe-result';

/** What somebody asks to do to which member's payments. */
export interface BillingRequest {
  readonly id: string;
  readonly fields: Fields;
  readonly staffId: string;
}

/** A member and what Stripe has of them, with what would be done. */
export interface LoadedCase {
  /** The member as we know them. */
  readonly known: Omit<BillingCase, 'evaluations' | 'unknown' | 'unchanged'>;
  /** The same with what Stripe has now; null where Stripe did not say. */
  readonly full: BillingCase | null;
  readonly prepared: BillingPrepared | { readonly is: 'unanswered'; readonly why: string };
  /** Of what a decision rests on; null where there is nothing to decide. */
  readonly version: string | null;
}

interface Context {
  readonly parts: AdminBillingParts;
  readonly action: BillingAction;
  readonly language: Language;
}

/** The case as it is now, here and at Stripe. @throws Failure 404 where there is no such member. */
export async function loadBillingCase(context: Context, request: BillingRequest): Promise<LoadedCase> {
  const { action, language } = context;
  const { say } = language;
  const known = await loadMember(context, request);
  const answer = await askStripe(async () => {
    const evaluations = await evaluateAll(context, known);
    return { evaluations, unchanged: await fetchKept(context, known, evaluations) };
  });
  if (answer.is !== 'answered') {
    const why =
      answer.is === 'away' ? say('admin.billing.away') : say('admin.billing.stripe-refused', { why: answer.why });
    return { known, full: null, prepared: { is: 'unanswered', why }, version: null };
  }
  const { evaluations, unchanged } = answer.it;
  const unknown = known.member.customers.flatMap(({ stripeId }) =>
    stripeId === null || evaluations.some(({ customer }) => customer === stripeId) ? [] : [stripeId],
  );
  const full: BillingCase = { ...known, evaluations, unknown, unchanged };
  const own = known.member.id === request.staffId && action.name !== 'sync';
  const prepared: BillingPrepared = own ? { is: 'refused', why: say('admin.refused.self') } : action.prepare(full);
  return { known, full, prepared, version: prepared.is === 'ready' ? versionOf(prepared.restsOn) : null };
}

async function loadMember({ parts, language }: Context, { id, fields }: BillingRequest): Promise<LoadedCase['known']> {
  const { site, wall, clock, sync } = parts;
  const now = clock.now();
  const { member, tiers, theirs } = await wall.read(accountsViewer, async (db) => {
    const named = await nameTiers(db, language);
    const found = await readMember(db, id, named, now);
    return {
      member: found,
      tiers: named,
      theirs: found && (await nameTiers(db, site.languages.find(found.lang) ?? site.languages.first)),
    };
  });
  if (!member || !theirs) throw notFound('a member');
  return { member, tiers, now, language, asked: fields, sync, site, theirTier: theirs.nameOf };
}

/** Their customers, each as Stripe has it now; those it does not know are left out. */
async function evaluateAll({ parts }: Context, { member }: LoadedCase['known']): Promise<CustomerEvaluation[]> {
  const evaluations = await Promise.all(
    member.customers.flatMap(({ stripeId }) => (stripeId === null ? [] : [evaluateCustomer(parts.sync, stripeId)])),
  );
  return evaluations.filter((one) => one !== null);
}

/** What the subscription is charged next when its end is taken back. */
async function fetchKept(
  { parts, action }: Context,
  { asked }: LoadedCase['known'],
  evaluations: readonly CustomerEvaluation[],
): Promise<UpcomingCharge | null> {
  const subscription = asked['subscription'] ?? '';
  return action.name === 'keep' && evaluations.some(({ recorded }) => recorded.subscriptions.has(subscription))
    ? fetchUpcoming(parts.sync.stripe, subscription, { unchanged: true })
    : null;
}
