import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** Members, and what is done to one of them. */
export const ADMIN_MEMBERS_SURFACES: readonly Surface[] = [
  {
    route: 'GET /admin/members',
    addresses: at(
      '/admin/members',
      '/admin/members?q=zq7k',
      '/admin/members?tier=leadership-alliance&source=SUBSCRIPTION',
    ),
  },
  { route: 'POST /admin/members/export' },
  {
    route: 'GET /admin/subscribers',
    addresses: at('/admin/subscribers', '/admin/subscribers?q=zq7k&list=each&page=2'),
  },
  { route: 'GET /admin/letters', addresses: at('/admin/letters', '/admin/letters?q=zq7k&state=failed&page=2') },
  { route: 'POST /admin/subscribers/export' },
  { route: 'GET /admin/subscribers/:id/remove', addresses: at(`/admin/subscribers/${NOBODYS}/remove`) },
  {
    route: 'POST /admin/subscribers/:id/remove',
    addresses: at(`/admin/subscribers/${NOBODYS}/remove`),
    form: { submission: NOBODYS, version: 'x', remark: '' },
  },
  {
    route: 'GET /admin/subscribers/:id/lift-mail-block',
    addresses: at(`/admin/subscribers/${NOBODYS}/lift-mail-block`),
  },
  {
    route: 'POST /admin/subscribers/:id/lift-mail-block',
    addresses: at(`/admin/subscribers/${NOBODYS}/lift-mail-block`),
    form: { submission: NOBODYS, version: 'x', remark: '' },
  },
  { route: 'GET /admin/members/:id', addresses: at(`/admin/members/${NOBODYS}`, '/admin/members/x') },
  ...[
    'comp',
    'extend',
    'revoke',
    'reset-letter',
    'verification-letter',
    'lift-mail-block',
    'end-sessions',
    'role',
    'suspend',
    'unsuspend',
    'delete',
  ].flatMap((action): Surface[] => [
    { route: `GET /admin/members/:id/${action}`, addresses: at(`/admin/members/${NOBODYS}/${action}`) },
    {
      route: `POST /admin/members/:id/${action}`,
      addresses: at(`/admin/members/${NOBODYS}/${action}`),
      form: { submission: NOBODYS, version: 'x', reason: 'x' },
    },
  ]),
];
