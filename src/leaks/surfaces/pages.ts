import type { Surface } from '../surface';
import { at, NOBODYS } from './addresses';

/** Pages of the publisher's own. What a briefing is called that nobody may know of is no page's address either. */
export const PAGES_SURFACES: readonly Surface[] = [
  {
    route: 'GET /:slug',
    addresses: ({ hidden: [draft], published: [plain] }) => [`/${draft}`, `/${plain}`, '/about', '/nobody-wrote-this'],
  },
  {
    // Addresses of briefings on a former platform.
    route: 'GET /p/:slug',
    addresses: ({ hidden: [draft], published: [plain] }) => [`/p/${draft}`, `/p/${plain}`],
  },
  { route: 'GET /:slug/versions/:version', addresses: at('/terms/versions/1', '/terms/versions/x', '/x/versions/1') },
  { route: 'GET /contact' },
  // Nothing of these is taken: the form is not whole, or there is no such page.
  { route: 'POST /contact', form: { name: '', email: '', message: '' } },
  { route: 'GET /contact/sent' },
  { route: 'GET /account/accept', addresses: at('/account/accept', '/account/accept?next=/search') },
  { route: 'POST /account/accept', form: { accepted: 'terms:1.1', next: '/' } },
  { route: 'GET /desk/pages', desk: true, addresses: at('/desk/pages', '/desk/pages?sort=changed&begin=terms') },
  { route: 'POST /desk/pages', desk: true, form: { title: '', slug: '', lang: 'en' } },
  ...[...['', '/preview', '/pictures', '/pictures/:name'], ...['/publish', '/revisions', '/revisions/:number']].map(
    (section): Surface => ({
      route: `GET /desk/pages/:id${section}`,
      desk: true,
      addresses: at(`/desk/pages/${NOBODYS}${section.replace(':number', '1').replace(':name', 'map.png')}`),
    }),
  ),
  { route: 'POST /desk/pages/:id/pictures', desk: true, addresses: at(`/desk/pages/${NOBODYS}/pictures`) },
  {
    route: 'POST /desk/pages/:id/pictures/:name/remove',
    desk: true,
    addresses: at(`/desk/pages/${NOBODYS}/pictures/map.png/remove`),
  },
  ...['', '/publish', '/address', '/discard', '/revisions/:number/restore'].map((section): Surface => ({
    route: `POST /desk/pages/:id${section}`,
    desk: true,
    addresses: at(`/desk/pages/${NOBODYS}${section.replace(':number', '1')}`),
    form: { act: 'publish', version: 'x', slug: 'x' },
  })),
];
