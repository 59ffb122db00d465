import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** Who works here, and invitations to. */
export const ADMIN_STAFF_SURFACES: readonly Surface[] = [
  { route: 'GET /admin/staff', addresses: at('/admin/staff', '/admin/staff?state=waiting', '/admin/staff?page=2') },
  { route: 'GET /admin/staff/invite' },
  { route: 'POST /admin/staff/invite', form: { submission: NOBODYS, email: 'zq7k', role: 'editor', lang: 'en' } },
  ...['resend', 'revoke'].flatMap((name): readonly Surface[] => {
    const addresses = at(`/admin/staff/invitations/${NOBODYS}/${name}`);
    return [
      { route: `GET /admin/staff/invitations/:id/${name}`, addresses },
      {
        route: `POST /admin/staff/invitations/:id/${name}`,
        addresses,
        form: { submission: NOBODYS, version: 'x', remark: '' },
      },
    ];
  }),
];
