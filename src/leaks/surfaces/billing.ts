import type { Surface } from '../surface';
import { at } from './addresses';

/** Prices, checkout, an account's billing, and what Stripe sends. */
export const BILLING_SURFACES: readonly Surface[] = [
  { route: 'GET /pricing', addresses: at('/pricing', '/pricing?per=year') },
  {
    route: 'GET /join/:paidTier',
    addresses: ({ published: [slug], hidden: [draft] }) => [
      '/join/leadership-alliance',
      `/join/leadership-alliance?next=/briefings/${slug}`,
      `/join/leadership-alliance?next=/briefings/${draft}`,
      '/join/nobody',
    ],
  },
  {
    route: 'POST /join/:paidTier',
    addresses: at('/join/leadership-alliance'),
    form: { per: 'month' },
    stripe: true,
  },
  {
    route: 'GET /join/:paidTier/done',
    addresses: ({ hidden: [draft] }) => [
      '/join/leadership-alliance/done',
      `/join/leadership-alliance/done?session_id=cs_test_x&next=/briefings/${draft}`,
    ],
  },
  { route: 'GET /account/billing' },
  { route: 'POST /account/billing/look' },
  { route: 'GET /account/billing/back' },
  { route: 'POST /account/billing/portal' },
  { route: 'GET /account/billing/invoice', addresses: at('/account/billing/invoice?id=in_x') },
  { route: 'GET /account/billing/invoice/pdf', addresses: at('/account/billing/invoice/pdf?id=in_x') },
  {
    route: 'GET /account/billing/plan',
    addresses: at('/account/billing/plan?subscription=sub_x&to=year', '/account/billing/plan'),
  },
  { route: 'POST /account/billing/plan', form: { subscription: 'sub_x', to: 'year', date: '1700000000' } },
  { route: 'GET /account/billing/cancel', addresses: at('/account/billing/cancel?subscription=sub_x') },
  { route: 'POST /account/billing/cancel', form: { subscription: 'sub_x' } },
  { route: 'POST /account/billing/keep', form: { subscription: 'sub_x' } },
  {
    route: 'POST /webhooks/stripe',
    exempt: 'takes in what Stripe has signed, and answers without a word; tests/billing/webhook.test.ts',
  },
];
