import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** The admin sections that have no table of their own: overview, numbers, matrix, audit log. */
export const ADMIN_SURFACES: readonly Surface[] = [
  { route: 'GET /admin' },
  {
    route: 'GET /admin/numbers',
    addresses: at('/admin/numbers', '/admin/numbers?range=30-days', '/admin/numbers?range=all'),
  },
  {
    route: 'GET /admin/numbers/:table',
    addresses: at(
      '/admin/numbers/briefings.csv',
      '/admin/numbers/gates.csv?range=all',
      '/admin/numbers/members.csv',
      '/admin/numbers/x.csv',
    ),
  },
  { route: 'GET /admin/matrix' },
  // Nothing of these is done: the form is another's, or not whole.
  {
    route: 'GET /admin/matrix/change',
    addresses: at('/admin/matrix/change?trend=public&evidence=public', '/admin/matrix/change'),
  },
  {
    route: 'POST /admin/matrix/change',
    form: { submission: NOBODYS, version: 'x', trend: 'public', public: 'yes', reason: 'x' },
  },
  { route: 'GET /admin/audit' },
  { route: 'GET /admin/health' },
  { route: 'POST /admin/audit/export' },
  { route: 'GET /admin/export' },
  // Everything there is, for an admin: of the archive the words are looked at, and not what it is packed as.
  { route: 'POST /admin/export', desk: true },
];
