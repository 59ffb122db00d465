import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** What a briefing is made of. */
export const ADMIN_SHAPE_SURFACES: readonly Surface[] = [
  { route: 'GET /admin/shape' },
  { route: 'GET /admin/shape/:group/new', addresses: at('/admin/shape/kinds/new', '/admin/shape/impact/new') },
  {
    route: 'POST /admin/shape/:group/new',
    addresses: at('/admin/shape/kinds/new'),
    form: { submission: NOBODYS, 'name-en': 'x' },
  },
  {
    route: 'POST /admin/shape/:group/:slug/move',
    addresses: at('/admin/shape/kinds/trend/move'),
    form: { submission: NOBODYS, way: 'x' },
  },
  ...['names', 'retire', 'offer', 'delete'].flatMap((section): Surface[] => [
    {
      route: `GET /admin/shape/:group/:slug/${section}`,
      addresses: at(`/admin/shape/kinds/trend/${section}`, `/admin/shape/kinds/nothing/${section}`),
    },
    {
      route: `POST /admin/shape/:group/:slug/${section}`,
      addresses: at(`/admin/shape/kinds/trend/${section}`),
      form: { submission: NOBODYS, version: 'x', remark: 'x' },
    },
  ]),
];
