import type { Surface } from './surfaces';

/** What is new, in both formats: of everything and of a category. */
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
]);
