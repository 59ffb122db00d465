import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** Billing as staff see it. */
export const ADMIN_BILLING_SURFACES: readonly Surface[] = [
  { route: 'GET /admin/billing' },
  { route: 'POST /admin/billing/reconcile', form: { submission: NOBODYS, scope: 'x' } },
  { route: 'GET /admin/billing/alarms', addresses: at('/admin/billing/alarms', '/admin/billing/alarms?state=settled') },
  ...['settle', 'reopen'].map((act): Surface => ({
    route: `POST /admin/billing/alarms/:id/${act}`,
    addresses: at(`/admin/billing/alarms/${NOBODYS}/${act}`),
    form: { submission: NOBODYS },
  })),
  { route: 'GET /admin/billing/inbox', addresses: at('/admin/billing/inbox', '/admin/billing/inbox?state=dead') },
  { route: 'GET /admin/billing/event', addresses: at('/admin/billing/event?id=evt_x', '/admin/billing/event') },
  { route: 'POST /admin/billing/event/replay', form: { submission: NOBODYS, id: 'evt_x' } },
  { route: 'GET /admin/billing/inbox/replay-dead' },
  { route: 'POST /admin/billing/inbox/replay-dead' },
  { route: 'POST /admin/billing/inbox/export' },
  { route: 'POST /admin/billing/alarms/export' },
  { route: 'GET /admin/billing/drift' },
  {
    route: 'GET /admin/billing/compare',
    stripe: true,
    addresses: at('/admin/billing/compare?customer=cus_x', '/admin/billing/compare'),
  },
  { route: 'POST /admin/billing/repair', form: { customer: 'cus_x' } },
  {
    route: 'GET /admin/members/:id/billing',
    addresses: at(`/admin/members/${NOBODYS}/billing`, '/admin/members/x/billing'),
  },
  ...['sync', 'cancel-end', 'cancel-now', 'keep', 'refund', 'letter'].flatMap((action): Surface[] => [
    { route: `GET /admin/members/:id/billing/${action}`, addresses: at(`/admin/members/${NOBODYS}/billing/${action}`) },
    {
      route: `POST /admin/members/:id/billing/${action}`,
      addresses: at(`/admin/members/${NOBODYS}/billing/${action}`),
      form: { submission: NOBODYS, version: 'x', reason: 'x' },
    },
  ]),
];
