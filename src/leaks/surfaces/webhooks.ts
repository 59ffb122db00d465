import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** The section of webhooks. What webhooks are told is walked apart. */
export const WEBHOOK_SURFACES: readonly Surface[] = [
  { route: 'GET /admin/webhooks' },
  { route: 'GET /admin/webhooks/new' },
  { route: 'POST /admin/webhooks/new', form: { name: '', url: '' } },
  { route: 'GET /admin/webhooks/:id', addresses: at(`/admin/webhooks/${NOBODYS}`, '/admin/webhooks/x') },
  ...['delete', 'rotate'].flatMap((act): Surface[] => [
    { route: `GET /admin/webhooks/:id/${act}`, addresses: at(`/admin/webhooks/${NOBODYS}/${act}`) },
    { route: `POST /admin/webhooks/:id/${act}`, addresses: at(`/admin/webhooks/${NOBODYS}/${act}`) },
  ]),
  ...['pause', 'resume'].map((act): Surface => ({
    route: `POST /admin/webhooks/:id/${act}`,
    addresses: at(`/admin/webhooks/${NOBODYS}/${act}`),
  })),
  {
    route: 'POST /admin/webhooks/:id/deliveries/:delivery/again',
    addresses: at(`/admin/webhooks/${NOBODYS}/deliveries/${NOBODYS}/again`),
  },
];
