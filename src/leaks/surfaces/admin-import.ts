import type { Surface } from '../surface';
import type { Planted } from '../plant';
import { NOBODYS, at } from './addresses';

/** A page of each import that was planted, and of one that nobody began. */
const ofEach =
  (page = '') =>
  ({ imports }: Planted): readonly string[] =>
    [NOBODYS, ...imports].map((id) => `/admin/import/${id}${page}`);

/** Members who are brought in from elsewhere, and the prices they pay. */
export const ADMIN_IMPORT_SURFACES: readonly Surface[] = [
  { route: 'GET /admin/import' },
  { route: 'POST /admin/import', form: { file: 'x' } },
  { route: 'GET /admin/import/:id', addresses: (planted) => [...ofEach()(planted), '/admin/import/x'] },
  { route: 'GET /admin/import/:id/pictures', addresses: ofEach('/pictures') },
  {
    route: 'POST /admin/import/:id/pictures',
    addresses: at(`/admin/import/${NOBODYS}/pictures`),
    form: { file: 'x' },
  },
  ...['check', 'refused'].map((act): Surface => ({
    route: `POST /admin/import/:id/${act}`,
    addresses: at(`/admin/import/${NOBODYS}/${act}`),
    form: { submission: NOBODYS, version: 'x' },
  })),
  ...['run', 'stop', 'resume', 'take-back', 'remove'].flatMap((act): Surface[] => [
    { route: `GET /admin/import/:id/${act}`, addresses: ofEach(`/${act}`) },
    {
      route: `POST /admin/import/:id/${act}`,
      addresses: at(`/admin/import/${NOBODYS}/${act}`),
      form: { submission: NOBODYS, version: 'x' },
    },
  ]),
  { route: 'GET /admin/import/prices' },
  { route: 'POST /admin/import/prices/count', form: {}, stripe: true },
  { route: 'GET /admin/import/prices/map', addresses: at('/admin/import/prices/map?price=price_x') },
  {
    route: 'POST /admin/import/prices/map',
    form: { submission: NOBODYS, version: 'x', price: 'price_x', tier: 'x' },
  },
];
