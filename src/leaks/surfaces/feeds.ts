import type { Surface } from '../surface';

/**
 * What is new, in both formats: of everything, of a category, an organization and an author, and a member's own, which
 * each asks for at the address they have.
 */
export const FEED_SURFACES: readonly Surface[] = ['feed.xml', 'feed.json'].flatMap((file): Surface[] => [
  {
    route: `GET /${file}`,
    addresses: () => [`/${file}`, `/es/${file}`, `/${file}?page=2`],
    near: () => [`/${file}`],
  },
  {
    route: `GET /categories/:slug/${file}`,
    addresses: ({ category }) => [`/categories/${category}/${file}`, `/categories/none/${file}`],
    near: ({ category }) => [`/categories/${category}/${file}`],
  },
  {
    route: `GET /organizations/:slug/${file}`,
    addresses: ({ run }) => [`/organizations/${run}-second/${file}`, `/organizations/nobody-wrote-this/${file}`],
    near: ({ run }) => [`/organizations/${run}-first/${file}`],
  },
  {
    route: `GET /feeds/:token/${file}`,
    addresses: (_planted, { feed }) => [`/feeds/${feed}/${file}`, `/feeds/${feed}/${file}?page=2`, `/feeds/x/${file}`],
  },
  {
    route: `GET /feeds/:token/categories/:slug/${file}`,
    addresses: ({ category }, { feed }) => [
      `/feeds/${feed}/categories/none/${file}`,
      `/feeds/x/categories/${category}/${file}`,
    ],
    near: ({ category }, { feed }) => [`/feeds/${feed}/categories/${category}/${file}`],
  },
  {
    route: `GET /authors/:slug/${file}`,
    addresses: ({ run }) => [`/authors/${run}-author/${file}`, `/authors/nobody-wrote-this/${file}`],
    near: ({ run }) => [`/authors/${run}-author/${file}`],
  },
]);
