import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { syncCustomer } from '../../billing/sync/sync-customer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { writeAudit, type Facts } from '../../stores/postgres/audit';
import { actionContext, perform, type ActionContext, type AdminAction, type OutsideResult } from '../action/perform';
import { readFields, readMemberId, readSubmission } from '../action/submission';
import { withQuery } from '../fields';
import { staffOf, staffOnly } from '../staff';
import { loadBillingCase, type BillingRequest, type LoadedCase } from './action-case';
import { showBillingAction } from './action-page';
import type { BillingAction } from './actions/action';
import { billingAuditAction } from './audit-actions';
import type { AdminBillingParts } from './parts';
import { askStripe } from './stripe-result';

interface Context {
  readonly parts: AdminBillingParts;
  readonly action: BillingAction;
  readonly language: Language;
}

/** What Stripe did: of which customer, by which ids, and whether our records say so already. */
interface StripeDone {
  readonly customer: string;
  readonly facts: Facts;
  readonly synced: boolean;
  /** What would be done now says nothing of what was done then. */
  readonly before: boolean;
}

/**
 * Asks before an action on a member's payments, saying what Stripe has now and what will be so afterwards, and carries
 * it out when it is meant: at Stripe first, then in our records by the same sync as ever, then in the audit log with
 * Stripe's ids. A form sent twice is one request to Stripe. Where Stripe does not answer nobody knows whether it was
 * done: that is said, and stands in the log too.
 */
export function billingActionRoutes(parts: AdminBillingParts, action: BillingAction, language: Language): Router {
  const context: Context = { parts, action, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`/admin/members/:id/billing/${action.name}`)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => ask(context, req, res))
    .post(formBody, (req, res) => confirm(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function ask(context: Context, req: Request, res: Response): Promise<void> {
  const it = await loadBillingCase(context, {
    id: readMemberId(req),
    fields: readFields(req.query),
    staffId: staffOf(res).id,
  });
  await showBillingAction(context, req, res, it, it.prepared.is === 'unanswered' ? { status: 503 } : null);
}

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, action, language } = context;
  const id = readMemberId(req);
  const submission = readSubmission(req);
  const carriedOut = await actionContext(parts, language, req, res);
  const asked = { id, fields: submission.fields, staffId: staffOf(res).id };
  const outcome = await perform(adminActionOf(context, asked, carriedOut), submission, carriedOut);
  if (outcome.is === 'rejected') return showBillingAction(context, req, res, outcome.it, outcome.rejection);
  parts.accountChanged(id);
  const read = outcome.done === null || outcome.done.synced;
  res.redirect(
    303,
    withQuery(`${language.prefix}/admin/members/${id}/billing`, {
      done: read ? billingAuditAction(action.name) : 'billing-unread',
    }),
  );
}

function adminActionOf(
  context: Context,
  request: BillingRequest,
  carriedOut: ActionContext,
): AdminAction<LoadedCase, StripeDone> {
  const { parts, action } = context;
  return {
    name: billingAuditAction(action.name),
    targetId: request.id,
    reason: action.reasoned ? 'required' : 'optional',
    load: () => loadBillingCase(context, request),
    check: ({ prepared }) => {
      if (prepared.is === 'unanswered') return { status: 503 };
      return prepared.is === 'ready' ? null : { status: prepared.is === 'refused' ? 409 : 422 };
    },
    version: ({ version }) => version ?? '',
    recover: (it, submissionId) => findDone(context, it, submissionId),
    outside: (it, submissionId) => askToDo(context, it, submissionId, carriedOut),
    wall: parts.wall,
    viewer: accountsViewer,
    entry: ({ known: { member }, prepared }, done) => {
      const ready = prepared.is === 'ready' && !done?.before ? prepared : null;
      return {
        target: { kind: 'account', id: request.id, name: member.email },
        before: ready?.before ?? null,
        after: {
          ...ready?.after,
          ...(done && { customer: done.customer, ...done.facts, synced: done.synced }),
        },
      };
    },
    write: async (db, { prepared }, { id }) => {
      if (prepared.is === 'ready') await prepared.write?.(db, id);
    },
  };
}

/** Done before under this very form, and the answer was lost: what is left to do is to write it down. */
async function findDone(
  context: Context,
  { known, full }: LoadedCase,
  submissionId: string,
): Promise<OutsideResult<StripeDone> | null> {
  const { action, language } = context;
  if (!full || !action.already) return null;
  const found = await askStripe(() => action.already!(full, submissionId));
  if (found.is !== 'answered') return { rejection: { status: 503, refused: language.say('admin.billing.away') } };
  if (found.it === null) return null;
  const { customer } = full.evaluations.find(({ entitlements }) =>
    entitlements.some(({ invoices }) => invoices.some(({ id }) => id === known.asked['invoice'])),
  )!;
  return { done: { customer, facts: found.it, synced: await sync(context, full.member, customer), before: true } };
}

/** Asks Stripe to do it, and reads back what came of it. */
async function askToDo(
  context: Context,
  { known, prepared }: LoadedCase,
  submissionId: string,
  { by, at }: ActionContext,
): Promise<OutsideResult<StripeDone>> {
  const { parts, action, language } = context;
  if (prepared.is !== 'ready') throw new Error('an action at Stripe that is not prepared');
  const { customer } = prepared;
  const answer = await askStripe(async () => (await prepared.ask?.(submissionId)) ?? {});
  if (answer.is === 'refused')
    return { rejection: { status: 409, error: language.say('admin.billing.stripe-refused', { why: answer.why }) } };
  if (answer.is === 'answered') {
    // A letter changes nothing that would have to be read back.
    const synced = prepared.write ? true : await sync(context, known.member, customer);
    return { done: { customer, facts: answer.it, synced, before: false } };
  }
  const reason = (known.asked['reason'] ?? known.asked['remark'] ?? '').trim();
  await parts.wall.write(accountsViewer, (db) =>
    writeAudit(db, {
      ...by,
      at,
      action: 'billing-unsure',
      reason: reason === '' ? null : reason,
      target: { kind: 'account', id: known.member.id, name: known.member.email },
      after: { asked: billingAuditAction(action.name), customer, ...prepared.chosen },
    }),
  );
  return { rejection: { status: 503, error: language.say('admin.billing.unsure'), submission: submissionId } };
}

/** Brings our records in line. Whatever becomes of it, what was asked for is done; the events tell of it too. */
async function sync(
  { parts, action }: Context,
  { customers }: LoadedCase['known']['member'],
  customer: string,
): Promise<boolean> {
  const all =
    action.name === 'sync' ? customers.flatMap(({ stripeId }) => (stripeId === null ? [] : [stripeId])) : [customer];
  const answer = await askStripe(async () => {
    for (const one of all) await syncCustomer(parts.sync, one);
  });
  return answer.is === 'answered';
}
