import { checkoutSessions } from './resources/checkout';
import { coupons, promotionCodes } from './resources/coupons';
import { customers, paymentMethods } from './resources/customers';
import { events, webhookEndpoints } from './resources/events';
import { invoicePayments, invoices } from './resources/invoices';
import { payments } from './resources/payments';
import { portalConfigurations } from './resources/portal';
import { portalSessions } from './resources/portal-sessions';
import { prices } from './resources/prices';
import { products } from './resources/catalogue';
import { subscriptionItems, subscriptions } from './resources/subscriptions';
import type { Route } from './route';

/** Every address of the API. The first that fits answers. */
export const ROUTES: readonly Route[] = [
  ...products,
  ...prices,
  ...coupons,
  ...promotionCodes,
  ...customers,
  ...paymentMethods,
  ...checkoutSessions,
  ...subscriptions,
  ...subscriptionItems,
  ...invoices,
  ...invoicePayments,
  ...payments,
  ...portalConfigurations,
  ...portalSessions,
  ...events,
  ...webhookEndpoints,
];
