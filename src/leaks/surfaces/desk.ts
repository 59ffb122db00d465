import type { Surface } from '../surface';
import { at } from './addresses';

/** The desk: its list, categories, authors, organizations, confidence, import and samples. */
export const DESK_SURFACES: readonly Surface[] = [
  {
    route: 'GET /desk',
    desk: true,
    addresses: ({ category, run }) => ['/desk', `/desk?q=${run}`, `/desk?category=${category}&state=draft`],
  },
  { route: 'GET /desk/calendar', desk: true },
  { route: 'POST /desk/briefings', desk: true, form: { title: '', lang: 'en', category: 'x' } },
  { route: 'GET /desk/categories', desk: true },
  ...['', '/delete'].map((section): Surface => ({
    route: `GET /desk/categories/:slug${section}`,
    desk: true,
    addresses: ({ category }) => [`/desk/categories/${category}${section}`, `/desk/categories/none${section}`],
  })),
  // Nothing of these is taken: the form is not whole, or there is no such category.
  { route: 'POST /desk/categories', desk: true, form: { slug: 'x' } },
  {
    route: 'POST /desk/categories/:slug',
    desk: true,
    addresses: ({ category }) => [`/desk/categories/${category}`],
    form: { slug: 'x' },
  },
  {
    route: 'POST /desk/categories/:slug/move',
    desk: true,
    addresses: at('/desk/categories/none/move'),
    form: { before: 'x' },
  },
  {
    route: 'POST /desk/categories/:slug/delete',
    desk: true,
    addresses: ({ category }) => [`/desk/categories/${category}/delete`, '/desk/categories/none/delete'],
    form: { version: 'x' },
  },
  { route: 'GET /desk/front', desk: true, addresses: ({ run }) => ['/desk/front', `/desk/front?q=${run}`] },
  { route: 'POST /desk/front', desk: true, form: { briefing: 'x', act: 'lead' } },
  { route: 'GET /desk/authors', desk: true },
  ...['', '/delete'].map((section): Surface => ({
    route: `GET /desk/authors/:slug${section}`,
    desk: true,
    addresses: ({ run }) => [`/desk/authors/${run}-author${section}`, `/desk/authors/none${section}`],
  })),
  // Nothing of these is taken: the form is not whole, or there is no such author.
  { route: 'POST /desk/authors', desk: true, form: { slug: 'x' } },
  ...['', '/delete', '/picture', '/picture/remove'].map((section): Surface => ({
    route: `POST /desk/authors/:slug${section}`,
    desk: true,
    addresses: at(`/desk/authors/none${section}`),
    form: { version: 'x' },
  })),
  {
    route: 'GET /desk/organizations',
    desk: true,
    addresses: ({ run }) => ['/desk/organizations', `/desk/organizations?q=${run}&sort=briefings`],
  },
  ...['', '/delete'].map((section): Surface => ({
    route: `GET /desk/organizations/:slug${section}`,
    desk: true,
    addresses: ({ run }) => [`/desk/organizations/${run}-first${section}`, `/desk/organizations/none${section}`],
  })),
  {
    route: 'GET /desk/organizations/:slug/merge',
    desk: true,
    addresses: ({ run }) => [
      `/desk/organizations/${run}-first/merge`,
      `/desk/organizations/${run}-first/merge?other=${run}-second`,
    ],
  },
  {
    route: 'POST /desk/organizations/:slug/merge',
    desk: true,
    addresses: ({ run }) => [`/desk/organizations/${run}-first/merge`],
    form: { other: 'none', version: 'x' },
  },
  // Nothing of these is taken: the form is not whole, or there is no such organization.
  { route: 'POST /desk/organizations', desk: true, form: { slug: 'x' } },
  ...['', '/delete'].map((section): Surface => ({
    route: `POST /desk/organizations/:slug${section}`,
    desk: true,
    addresses: at(`/desk/organizations/none${section}`),
    form: { version: 'x' },
  })),
  { route: 'GET /desk/confidence', desk: true },
  { route: 'POST /desk/confidence', desk: true },
  { route: 'GET /desk/import', desk: true },
  { route: 'POST /desk/import', desk: true },
  { route: 'GET /desk/samples', desk: true },
  { route: 'GET /desk/samples/load', desk: true },
  { route: 'POST /desk/samples/load', desk: true },
  {
    route: 'GET /desk/samples/remove',
    desk: true,
    addresses: at('/desk/samples/remove', '/desk/samples/remove?changed=1'),
  },
  { route: 'POST /desk/samples/remove', desk: true, form: { version: 'x' } },
];
