import { formatSecond } from '../../accounts/own/format';
import { grantUntil } from './grants-after';
import { invoiceRow, subscriptionRow, type InvoiceRow, type SubscriptionRow } from '../../billing/sync/rows';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { Compared } from './page-types';
import type { CustomerEvaluation } from './evaluate-customer';

const SUBSCRIPTION = [
  'status',
  'priceId',
  'tierSlug',
  'interval',
  'currency',
  'amountCents',
  'startedAt',
  'periodStart',
  'periodEnd',
  'trialEnd',
  'cancelAt',
  'canceledAt',
  'endedAt',
  'paused',
  'resumesAt',
  'firstFailedAt',
  'accessReason',
  'accessUntil',
] as const satisfies readonly (keyof SubscriptionRow)[];
const INVOICE = [
  'status',
  'number',
  'currency',
  'dueCents',
  'paidCents',
  'refundedCents',
  'periodStart',
  'periodEnd',
  'paidAt',
  'refundedAt',
  'attempts',
  'nextAttemptAt',
] as const satisfies readonly (keyof InvoiceRow)[];
const DISPUTE = ['status', 'reason', 'currency', 'amountCents', 'createdAt'] as const;

/** Everything our rows say of a customer. Null: none of ours. */
export function readStored(db: WallTransaction, stripeId: string) {
  return db.customer.findUnique({
    where: { stripeId },
    include: {
      account: { select: { id: true, email: true, grants: { where: { source: 'SUBSCRIPTION' } } } },
      subscriptions: true,
      invoices: true,
      disputes: true,
    },
  });
}
export type Stored = NonNullable<Awaited<ReturnType<typeof readStored>>>;

type Value = string | number | Date | null;
type Facts = Readonly<Record<string, unknown>>;

/**
 * Ours beside Stripe's, field by field: every subscription; of invoices and disputes those that differ. `same` counts
 * the others.
 */
export function compare(
  language: Language,
  ours: Stored | null,
  { entitlements, snapshot }: CustomerEvaluation,
  now: Date,
): { readonly objects: readonly Compared[]; readonly differs: boolean; readonly same: number } {
  const { say } = language;
  const id = ours?.id ?? '';
  const mine = new Set(entitlements.flatMap(({ invoices }) => invoices).map((invoice) => invoice.id));
  const side = (name: string, fields: readonly string[], our: readonly Facts[], their: readonly Facts[]) =>
    [...new Set([...their, ...our].map(({ stripeId }) => stripeId as string))].map((stripeId) => {
      const [a, b] = [our, their].map((rows) => rows.find((row) => row['stripeId'] === stripeId));
      return compared(language, say(`admin.billing.object.${name}`), stripeId, fields, a, b);
    });
  const grants = ours?.account?.grants ?? [];
  const withGrant = (row: Facts, until: Date | null | undefined): Facts => ({
    ...row,
    grant: until === undefined ? null : until,
  });
  const subscriptions = side(
    'subscription',
    [...SUBSCRIPTION, ...(ours?.account ? ['grant'] : [])],
    (ours?.subscriptions ?? []).map((row) =>
      withGrant(row, grants.find(({ reference }) => reference === row.stripeId)?.until),
    ),
    entitlements.map((one) =>
      withGrant(
        subscriptionRow(id, one, now),
        grantUntil(
          one,
          grants.find(({ reference }) => reference === one.subscription.id),
          now,
        ),
      ),
    ),
  );
  const rest = [
    ...side(
      'invoice',
      INVOICE,
      ours?.invoices ?? [],
      entitlements.flatMap(({ invoices }) => invoices).map((invoice) => invoiceRow(id, invoice)),
    ),
    ...side(
      'dispute',
      DISPUTE,
      ours?.disputes ?? [],
      snapshot.disputes
        .filter(({ invoice }) => invoice !== null && mine.has(invoice))
        .map(({ id: stripeId, ...one }) => ({ stripeId, ...one })),
    ),
  ];
  const other = rest.filter(isOther);
  return {
    objects: [...subscriptions, ...other],
    differs: subscriptions.some(isOther) || other.length > 0,
    same: rest.length - other.length,
  };
}

const isOther = ({ only, lines }: Compared): boolean => only !== null || lines.some(({ differs }) => differs);

function compared(
  language: Language,
  name: string,
  id: string,
  fields: readonly string[],
  ours: Facts | undefined,
  theirs: Facts | undefined,
): Compared {
  const { say } = language;
  const currency = (theirs ?? ours)?.['currency'] as string;
  const tell = (field: string, facts: Facts | undefined) =>
    facts === undefined ? say('admin.fact.none') : formatValue(language, field, facts[field] as Value, currency);
  const lines = fields
    .filter((field) =>
      [ours, theirs].some((facts) => facts !== undefined && facts[field] !== null && facts[field] !== undefined),
    )
    .map((field) => ({
      what: say(`admin.billing.field.${field}`),
      ours: tell(field, ours),
      theirs: tell(field, theirs),
      differs: key(ours?.[field]) !== key(theirs?.[field]),
    }));
  return {
    name,
    id,
    only:
      ours === undefined
        ? say('admin.billing.only.theirs')
        : theirs === undefined
          ? say('admin.billing.only.ours')
          : null,
    lines,
  };
}

const key = (value: unknown): string => JSON.stringify(value ?? null);

function formatValue(language: Language, field: string, value: Value, currency: string): string {
  if (value === null) return language.say('admin.fact.none');
  if (value instanceof Date) return formatSecond(language, value);
  if (typeof value === 'number')
    return field.endsWith('Cents') ? formatMoney(language.code, value, currency) : language.number(value);
  return value;
}
