import type { WallTransaction } from '../../stores/postgres/wall';
import { findMailBlock } from '../mail-blocks';

const SUBSCRIPTIONS = {
  select: {
    stripeId: true,
    tierSlug: true,
    status: true,
    interval: true,
    currency: true,
    amountCents: true,
    startedAt: true,
    periodStart: true,
    periodEnd: true,
    trialEnd: true,
    cancelAt: true,
    canceledAt: true,
    endedAt: true,
    paused: true,
    accessUntil: true,
  },
  orderBy: { startedAt: 'asc' },
} as const;

const INVOICES = {
  select: {
    stripeId: true,
    number: true,
    status: true,
    currency: true,
    dueCents: true,
    paidCents: true,
    refundedCents: true,
    periodStart: true,
    periodEnd: true,
    createdAt: true,
    paidAt: true,
    refundedAt: true,
  },
  orderBy: { createdAt: 'asc' },
} as const;

/** What they paid. */
const PAYMENTS = {
  select: {
    stripeId: true,
    createdAt: true,
    deletedAt: true,
    subscriptions: SUBSCRIPTIONS,
    invoices: INVOICES,
    disputes: {
      select: { invoiceId: true, status: true, reason: true, currency: true, amountCents: true, createdAt: true },
      orderBy: { createdAt: 'asc' },
    },
  },
  orderBy: { createdAt: 'asc' },
} as const;

/** Everything of an account but for what would open it. */
const EVERYTHING = {
  id: true,
  email: true,
  name: true,
  lang: true,
  role: true,
  state: true,
  verifiedAt: true,
  totpConfirmedAt: true,
  mailRefusedAt: true,
  mailRefusal: true,
  createdAt: true,
  grants: {
    select: {
      tierSlug: true,
      source: true,
      from: true,
      until: true,
      revokedAt: true,
      reason: true,
      reference: true,
      createdAt: true,
    },
    orderBy: { createdAt: 'asc' },
  },
  logins: {
    select: { device: true, createdAt: true, lastSeenAt: true, endedAt: true },
    orderBy: { createdAt: 'asc' },
  },
  devices: { select: { lastSeenAt: true }, orderBy: { lastSeenAt: 'asc' } },
  apiTokens: {
    select: { name: true, scopes: true, createdAt: true, lastUsedAt: true, revokedAt: true },
    orderBy: { createdAt: 'asc' },
  },
  feed: { select: { createdAt: true } },
  listChoice: { select: { list: true, lang: true, categories: true, chosenAt: true } },
  follows: {
    select: { query: true, lang: true, list: true, chosenAt: true, createdAt: true },
    orderBy: { createdAt: 'asc' },
  },
  issueLetters: {
    select: {
      ...{ state: true, lang: true, sentAt: true, briefingIds: true },
      issue: { select: { subjects: true, digest: true, alert: true } },
    },
    orderBy: { id: 'asc' },
  },
  gifts: {
    select: {
      briefing: { select: { slug: true } },
      named: true,
      createdAt: true,
      expiresAt: true,
      revokedAt: true,
      opens: true,
      openedAt: true,
    },
    orderBy: { createdAt: 'asc' },
  },
  labels: { select: { label: true }, orderBy: { label: 'asc' } },
  kept: { select: { briefing: { select: { slug: true } }, keptAt: true }, orderBy: { keptAt: 'asc' } },
  passkeys: { select: { name: true, createdAt: true, lastUsedAt: true }, orderBy: { createdAt: 'asc' } },
  links: {
    select: { purpose: true, email: true, createdAt: true, expiresAt: true, usedAt: true },
    orderBy: { createdAt: 'asc' },
  },
  recoveryCodes: { select: { usedAt: true } },
  acceptances: {
    select: { page: { select: { slug: true } }, version: true, revision: true, way: true, acceptedAt: true },
    orderBy: { acceptedAt: 'asc' },
  },
  customers: PAYMENTS,
  letters: {
    select: { kind: true, lang: true, recipient: true, createdAt: true, sentAt: true },
    orderBy: { createdAt: 'asc' },
  },
} as const;

/**
 * Everything our tables hold of somebody, what they paid among it, but for what would open the account: hashes,
 * secrets, links (GDPR, articles 15 and 20). Moments are UTC in ISO 8601.
 */
export async function exportAccount(db: WallTransaction, id: string, now: Date) {
  const account = await db.account.findUniqueOrThrow({
    where: { id },
    select: EVERYTHING,
  });
  const {
    grants,
    logins,
    devices,
    apiTokens,
    feed,
    listChoice,
    follows,
    issueLetters,
    gifts,
    labels,
    kept,
    passkeys,
    links,
    recoveryCodes,
    customers,
    letters,
    acceptances,
    ...profile
  } = account;
  return {
    exportedAt: now,
    profile,
    grants,
    logins,
    knownDevices: devices,
    apiTokens,
    privateFeed: feed,
    lettersToMany: {
      chosen: listChoice,
      sent: await withSlugs(db, issueLetters),
      blocked: await findMailBlock(db, account.email),
    },
    follows,
    labels: labels.map(({ label }) => label),
    readingList: kept.map(({ briefing, keptAt }) => ({ briefing: briefing?.slug ?? null, keptAt })),
    gifts: gifts.map(({ briefing, ...one }) => ({ briefing: briefing?.slug ?? null, ...one })),
    passkeys,
    links,
    recoveryCodes: { count: recoveryCodes.length, used: recoveryCodes.filter(({ usedAt }) => usedAt !== null).length },
    acceptances: acceptances.map(({ page, ...one }) => ({ document: page.slug, ...one })),
    payments: customers,
    letters,
  };
}

/** Letters with the slugs of what each of them brought, of those briefings that are there for everybody. */
async function withSlugs<Letter extends { readonly briefingIds: readonly string[] }>(
  db: WallTransaction,
  letters: readonly Letter[],
) {
  const ids = [...new Set(letters.flatMap(({ briefingIds }) => briefingIds))];
  const rows = await db.briefing.findMany({ where: { id: { in: ids } }, select: { id: true, slug: true } });
  const slugs = new Map(rows.map(({ id, slug }) => [id, slug]));
  return letters.map(({ briefingIds, ...letter }) => ({
    ...letter,
    briefings: briefingIds.flatMap((id) => slugs.get(id) ?? []),
  }));
}
