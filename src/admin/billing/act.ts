import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { fetchUpcoming } from '../../billing/stripe/upcoming';
import { syncCustomer } from '../../billing/sync/sync-customer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { writeAudit, type AuditDraft } from '../../stores/postgres/audit';
import { inputField, withQuery } from '../fields';
import { renderAdmin } from '../frame';
import { readMember } from '../members/member';
import { submissionIn, versionOf, LONGEST_REASON, memberIn, type Submission, textsOf } from '../submission';
import { actorOf, staffOf, staffOnly } from '../staff';
import { nameTiers } from '../tier-names';
import type { BillingAction, BillingCase, BillingPrepared } from './actions/action';
import { billingAuditAction } from './audit-actions';
import { memberFrame } from './frame';
import type { BillingActionPage } from './page-types';
import type { AdminBillingParts } from './parts';
import { evaluateCustomer } from './evaluate-customer';
import { askStripe } from './stripe-result';

interface State {
  readonly status?: number;
  /** What is wrong with the whole of it. */
  readonly error?: string;
  readonly reasonError?: string;
  /** The id of the form, where it must stay the same one. */
  readonly once?: string;
}

/**
 * Asks before an action on a member's payments, saying what Stripe has now and what will be so afterwards, and carries
 * it out when it is meant: at Stripe first, then in our records by the same look as ever, then in the audit log with
 * Stripe's ids. A form sent twice is one request to Stripe. Where Stripe does not answer nobody knows whether it was
 * done: that is said, and stands in the log too.
 */
export function billingActionRoutes(parts: AdminBillingParts, action: BillingAction, language: Language): Router {
  const { site, wall, clock, sync: machine, changed, log } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const key = `admin.billing.action.${action.name}`;
  const deed = billingAuditAction(action.name);

  /** The member as we know them; @throws Failure 404. */
  const load = async (id: string, asked: Submission) => {
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
    return { member, tiers, now, language, asked, sync: machine, site, theirTier: theirs.nameOf };
  };
  type Known = Awaited<ReturnType<typeof load>>;

  /** The same with what Stripe has now, and what would be done. */
  const prepare = async (known: Known, staffId: string) => {
    const said = await askStripe(async () => {
      const evaluations = await Promise.all(
        known.member.customers.flatMap(({ stripeId }) =>
          stripeId === null ? [] : [evaluateCustomer(machine, stripeId)],
        ),
      );
      return evaluations.filter((one) => one !== null);
    });
    if (said.is !== 'answered')
      return {
        said: said.is === 'away' ? say('admin.billing.away') : say('admin.billing.stripe-refused', { why: said.why }),
      } as const;
    const named = known.asked['subscription'] ?? '';
    const kept =
      action.name === 'keep' && said.it.some(({ recorded }) => recorded.subscriptions.has(named))
        ? await fetchUpcoming(machine.stripe, named, { kept: true })
        : null;
    const unknown = known.member.customers.flatMap(({ stripeId }) =>
      stripeId === null || said.it.some(({ customer }) => customer === stripeId) ? [] : [stripeId],
    );
    const asked: BillingCase = { ...known, evaluations: said.it, unknown, kept };
    const own = known.member.id === staffId && action.name !== 'sync';
    const prepared: BillingPrepared = own ? { is: 'refused', why: say('admin.refused.self') } : action.prepare(asked);
    return { said: null, asked, prepared } as const;
  };

  const show = async (
    req: Request,
    res: Response,
    { member, asked }: Known,
    prepared: BillingPrepared,
    { status = 200, error, reasonError, once = randomUUID() }: State = {},
  ) => {
    const at = `${prefix}/admin/members/${member.id}/billing`;
    const ready = prepared.is === 'ready' ? prepared : null;
    const remark = action.reasoned ? 'reason' : 'remark';
    const page: BillingActionPage = {
      frame: memberFrame(language, req, res, say(`${key}.heading`)),
      back: { label: say('admin.action.back', { name: member.name }), href: at },
      who: { name: member.name, email: member.email },
      text: say(`${key}.text`),
      refused: prepared.is === 'refused' ? prepared.why : null,
      error: error ?? null,
      choice:
        prepared.is === 'open'
          ? {
              action: `${at}/${action.name}`,
              fields: prepared.fields,
              hidden: action.about.flatMap((name) => (asked[name] === undefined ? [] : [{ name, value: asked[name] }])),
              submit: say('admin.action.continue'),
            }
          : null,
      changes: ready?.changes ?? [],
      happens: ready?.happens ?? [],
      charges: [],
      sure: ready && {
        action: `${at}/${action.name}`,
        fields: [
          inputField(language, remark, 'long', asked[remark] ?? '', {
            hint: say('admin.field.reason.hint'),
            error: reasonError ?? null,
          }),
        ],
        hidden: [
          ...Object.entries(ready.chosen).map(([name, value]) => ({ name, value })),
          { name: 'once', value: once },
          { name: 'seen', value: versionOf(ready.seen) },
        ],
        submit: say(`${key}.submit`),
        grave: action.grave,
      },
    };
    await renderAdmin(
      site,
      language,
      req,
      res,
      'action',
      `/admin/members/${member.id}/billing/${action.name}`,
      page,
      prepared.is === 'open' && prepared.fields.some((field) => field.error !== null) ? 422 : status,
    );
  };

  router
    .route(`/admin/members/:id/billing/${action.name}`)
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const known = await load(memberIn(req), textsOf(req.query));
      const { said, prepared } = await prepare(known, staffOf(res).id);
      if (said !== null) return show(req, res, known, { is: 'refused', why: said }, { status: 503 });
      await show(req, res, known, prepared);
    })
    .post(formBody, async (req, res) => {
      const id = memberIn(req);
      const { asked, once } = submissionIn(req);
      const staff = staffOf(res);
      const known = await load(id, asked);
      const { member } = known;
      const done = (what: string = deed) =>
        res.redirect(303, withQuery(`${prefix}/admin/members/${id}/billing`, { done: what }));
      if (
        await wall.read(accountsViewer, (db) =>
          db.auditEntry.findFirst({
            where: { id: once, actorId: staff.id, action: deed, targetId: id },
            select: { id: true },
          }),
        )
      )
        return done();
      const by = await actorOf(wall, req, res);
      const reason = (asked['reason'] ?? asked['remark'] ?? '').trim();
      const entry: Omit<AuditDraft, 'action'> = {
        ...by,
        at: known.now,
        reason: reason === '' ? null : reason,
        target: { kind: 'account', id, name: member.email },
      };

      const found = await prepare(known, staff.id);
      if (found.said !== null) return show(req, res, known, { is: 'refused', why: found.said }, { status: 503 });
      const { prepared } = found;
      // Done before under this very form, and the answer was lost: what is left to do is to write it down.
      const before = action.already
        ? await askStripe(() => action.already!(found.asked, once))
        : { is: 'answered' as const, it: null };
      if (before.is !== 'answered')
        return show(req, res, known, { is: 'refused', why: say('admin.billing.away') }, { status: 503 });
      if (before.it !== null) {
        const customer = found.asked.evaluations.find(({ entitlements }) =>
          entitlements.some(({ invoices }) => invoices.some((one) => one.id === asked['invoice'])),
        )!.customer;
        return finish({ customer, entry: { ...entry, after: { customer, ...before.it } } });
      }

      if (prepared.is !== 'ready')
        return show(req, res, known, prepared, { status: prepared.is === 'refused' ? 409 : 422 });
      if (action.reasoned && reason === '')
        return show(req, res, known, prepared, { status: 422, reasonError: say('admin.wrong.reason.missing') });
      if ([...reason].length > LONGEST_REASON)
        return show(req, res, known, prepared, { status: 422, reasonError: say('admin.wrong.reason.long') });
      if (asked['seen'] !== versionOf(prepared.seen))
        return show(req, res, known, prepared, { status: 409, error: say('admin.wrong.changed') });

      const answer = await askStripe(async () => (await prepared.ask?.(once)) ?? {});
      if (answer.is === 'refused')
        return show(req, res, known, prepared, {
          status: 409,
          error: say('admin.billing.stripe-refused', { why: answer.why }),
        });
      if (answer.is === 'away') {
        await wall.write(accountsViewer, (db) =>
          writeAudit(db, {
            ...entry,
            action: 'billing-unsure',
            after: { asked: deed, customer: prepared.customer, ...prepared.chosen },
          }),
        );
        return show(req, res, known, prepared, { status: 503, error: say('admin.billing.unsure'), once });
      }
      const { customer } = prepared;
      await finish({
        customer,
        entry: { ...entry, before: prepared.before, after: { ...prepared.after, customer, ...answer.it } },
        ...(prepared.write ? { write: prepared.write } : {}),
      });

      async function finish({
        customer: of,
        entry: draft,
        write,
      }: {
        readonly customer: string;
        readonly entry: Omit<AuditDraft, 'action'>;
        readonly write?: Extract<BillingPrepared, { is: 'ready' }>['write'];
      }): Promise<void> {
        // Whatever becomes of the look, it was done; the events tell of it too.
        const synced = write ? { is: 'answered' as const } : await askStripe(() => syncAll(of));
        await wall.write(accountsViewer, async (db) => {
          if (
            await writeAudit(db, {
              ...draft,
              id: once,
              action: deed,
              after: { ...draft.after, synced: synced.is === 'answered' },
            })
          )
            await write?.(db, once);
        });
        changed(id);
        log.info(
          { action: deed, actor: staff.id, target: id, request: by.from.requestId },
          "an admin acted on a member's payments",
        );
        done(synced.is === 'answered' ? deed : 'billing-unread');
      }

      async function syncAll(of: string): Promise<void> {
        const all =
          action.name === 'sync'
            ? member.customers.flatMap(({ stripeId }) => (stripeId === null ? [] : [stripeId]))
            : [of];
        for (const customer of all) await syncCustomer(machine, customer);
      }
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
