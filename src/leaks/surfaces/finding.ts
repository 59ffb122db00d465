import type { Surface } from '../surface';
import { at } from './addresses';

/** Ways to find a briefing: front page, categories, search, organizations, and the map of all pages. */
export const FINDING_SURFACES: readonly Surface[] = [
  {
    route: 'GET /categories/:slug',
    addresses: ({ category }) => [
      `/categories/${category}?page=1`,
      `/categories/${category}?page=2`,
      '/categories/none',
    ],
    near: ({ category }) => [`/categories/${category}`],
  },
  { route: 'GET /', near: at('/', '/?texts=own') },
  { route: 'GET /robots.txt' },
  { route: 'GET /.well-known/security.txt' },
  { route: 'GET /llms.txt' },
  {
    route: 'GET /site-pictures/:file',
    addresses: at(`/site-pictures/${'0'.repeat(64)}-32x32.png`, '/site-pictures/none.png'),
  },
  { route: 'GET /site.webmanifest' },
  { route: 'GET /looks/:edition/:file', addresses: at('/looks/1/e30.css', '/looks/1/none.css') },
  {
    route: 'GET /organizations/:slug',
    addresses: ({ run }) => [
      `/organizations/${run}-first`,
      `/organizations/${run}-second?page=2`,
      '/organizations/nobody-wrote-this',
    ],
    near: ({ run }) => [`/organizations/${run}-first`],
  },
  {
    route: 'GET /authors/:slug',
    addresses: ({ run }) => [`/authors/${run}-author`, `/authors/${run}-author?page=2`, '/authors/nobody-wrote-this'],
    near: ({ run }) => [`/authors/${run}-author`],
  },
  {
    // No word of a canary is asked for, since a form shows what was typed: what stands beside them finds them.
    route: 'GET /search',
    near: at('/search?q=%22begins+this+text%22&sort=newest', '/search?q=word+-bold'),
    addresses: ({ category, run, published }) => [
      '/search',
      `/search?category=${category}`,
      `/search?category=${category}&year=2001&page=2`,
      `/search?q=title&organization=${run}-first`,
      '/search?q=begns+thiss',
      '/search?q=an+item+end*&sort=oldest',
      '/search?q=%22link+an+item%22+-alt',
      '/search?q=zq7k*',
      `/search?q=title+${published[0]}`,
      '/search?type=none&band=a',
    ],
  },
  {
    route: 'GET /api/v1/search',
    near: at('/api/v1/search?q=%22begins+this+text%22'),
    addresses: ({ category, run }) =>
      ['', '?q=zq7k*', `?category=${category}&language=es`, `?organization=${run}-first&sort=oldest`, '?q=begns'].map(
        (query) => `/api/v1/search${query}`,
      ),
  },
  { route: 'GET /sitemap.xml' },
  { route: 'GET /sitemap-sections.xml' },
  { route: 'GET /sitemap-briefings.xml' },
];
