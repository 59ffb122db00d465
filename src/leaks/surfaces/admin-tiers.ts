import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** Tiers. */
export const ADMIN_TIERS_SURFACES: readonly Surface[] = [
  { route: 'GET /admin/tiers' },
  { route: 'GET /admin/tiers/new' },
  { route: 'POST /admin/tiers/new', form: { submission: NOBODYS, version: 'x', name: 'x' } },
  ...['texts', 'price', 'order', 'joining', 'retire', 'offer', 'delete'].flatMap((room): Surface[] => [
    {
      route: `GET /admin/tiers/:slug/${room}`,
      addresses: at(`/admin/tiers/leadership-alliance/${room}`, `/admin/tiers/nobody/${room}`),
    },
    {
      route: `POST /admin/tiers/:slug/${room}`,
      addresses: at(`/admin/tiers/leadership-alliance/${room}`),
      form: { submission: NOBODYS, version: 'x', reason: 'x' },
    },
  ]),
];
