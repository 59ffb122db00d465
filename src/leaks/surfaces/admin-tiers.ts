import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** Tiers. */
export const ADMIN_TIERS_SURFACES: readonly Surface[] = [
  { route: 'GET /admin/tiers' },
  { route: 'GET /admin/tiers/new' },
  { route: 'POST /admin/tiers/new', form: { submission: NOBODYS, version: 'x', name: 'x' } },
  ...['texts', 'price', 'order', 'joining', 'retire', 'offer', 'delete'].flatMap((section): Surface[] => [
    {
      route: `GET /admin/tiers/:slug/${section}`,
      addresses: at(`/admin/tiers/leadership-alliance/${section}`, `/admin/tiers/nobody/${section}`),
    },
    {
      route: `POST /admin/tiers/:slug/${section}`,
      addresses: at(`/admin/tiers/leadership-alliance/${section}`),
      form: { submission: NOBODYS, version: 'x', reason: 'x' },
    },
  ]),
];
