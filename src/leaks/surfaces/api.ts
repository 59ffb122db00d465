import type { Surface } from '../surface';
import { at, everyBriefing } from './addresses';

/** The API, but for its search, which stands with the page's. */
export const API_SURFACES: readonly Surface[] = [
  {
    route: 'GET /api/v1/briefings',
    addresses: ({ category }) =>
      [
        `?category=${category}`,
        `?category=${category}&language=es`,
        '?page=2',
        '?include=passages',
        '?sort=passages',
        '?q=zq7k',
        '?state=draft',
      ].map((query) => `/api/v1/briefings${query}`),
    near: at('/api/v1/briefings'),
  },
  {
    route: 'GET /api/v1/briefings/:slug',
    addresses: (planted) =>
      [...everyBriefing(planted), ...planted.published.map((slug) => `${slug}?language=es`)].map(
        (slug) => `/api/v1/briefings/${slug}`,
      ),
    near: ({ published: [plain], hidden: [draft] }) => [`/api/v1/briefings/${plain}`, `/api/v1/briefings/${draft}`],
    shows: 'api',
  },
  { route: 'GET /api/openapi.json' },
  {
    route: 'USE /api',
    addresses: ({ published }) => [
      '/api',
      '/api/v1',
      `/api/v1/briefings/${published[0]}/passages`,
      '/api/v2/briefings',
    ],
  },
  {
    route: 'GET /api/v1/pictures/:file',
    shows: 'api',
    addresses: ({ pictures }) => ['x.png', ...pictures].map((file) => `/api/v1/pictures/${file}`),
  },
];
