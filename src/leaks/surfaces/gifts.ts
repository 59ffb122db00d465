import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** What members give away by a link: the briefing and its pictures, which each asks for by the link they have. */
export const GIFT_SURFACES: readonly Surface[] = [
  {
    route: 'GET /gifts/:token',
    addresses: at(`/gifts/dosg_${'0'.repeat(64)}`),
    near: (_planted, { gift }) => [`/gifts/${gift}`],
    shows: 'gifts',
  },
  {
    route: 'GET /gifts/:token/pictures/:file',
    addresses: ({ pictures }, { gift }) => pictures.map((file) => `/gifts/${gift}/pictures/${file}`),
    shows: 'gifts',
  },
  { route: 'GET /account/gifts' },
  { route: 'POST /account/gifts', form: { briefing: 'nobody-wrote-this' } },
  {
    route: 'GET /account/gifts/new',
    addresses: ({ published: [plain], hidden: [draft] }) =>
      [plain, draft].map((slug) => `/account/gifts/new?briefing=${slug}`),
  },
  {
    route: 'GET /account/gifts/:id/revoke',
    addresses: at(`/account/gifts/${NOBODYS}/revoke`, '/account/gifts/x/revoke'),
  },
  {
    route: 'POST /account/gifts/:id/revoke',
    addresses: at(`/account/gifts/${NOBODYS}/revoke`, '/account/gifts/x/revoke'),
  },
];
