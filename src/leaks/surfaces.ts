import type { Planted } from './plant';
import type { Route } from './routes';

/** How one route is walked, or why it is not. */
export interface Surface {
  /** As the router declares it, without the language: `GET /briefings/:slug`. An expression where a name is not known before. */
  readonly route: string | RegExp;
  /** What is asked there, without the language; the route's own path where nothing in it varies. */
  readonly addresses?: (planted: Planted) => readonly string[];
  /** Every variant of a request is tried here, because passages are near. */
  readonly near?: true;
  /** Everybody who may read a published passage must meet it here, in one language or another. */
  readonly shows?: 'pages' | 'api';
  /** Sent with a request that may change something; nothing in it is true. */
  readonly form?: Readonly<Record<string, string>>;
  /** Ends the visitor's session, so it comes last. */
  readonly last?: true;
  /** May be missing, because the route is only there in some configurations. */
  readonly optional?: true;
  /** Why it is not walked. */
  readonly exempt?: string;
}

const at = (...paths: readonly string[]) => () => paths;

/** Every briefing by every name it has or had, and one that nobody wrote. */
const everyBriefing = (before: string, after = '') => ({ published, hidden, formerly, formerlyHidden }: Planted) =>
  [...published, ...hidden, ...formerly.slice(0, 1), ...formerlyHidden, 'nobody-wrote-this'].map((slug) => `${before}${slug}${after}`);

/** One row for every route. A route without a row fails the run, and so does a row without a route. */
export const SURFACES: readonly Surface[] = [
  { route: 'GET /', near: true },
  { route: 'GET /briefings/:slug', addresses: everyBriefing('/briefings/'), near: true, shows: 'pages' },
  { route: 'GET /categories/:slug', addresses: ({ category }) => [`/categories/${category}`, `/categories/${category}?page=1`, `/categories/${category}?page=2`], near: true },
  { route: 'GET /pictures/:file', addresses: at('/pictures/x.png', `/pictures/${'0'.repeat(64)}.png`) },
  { route: 'GET /api/v1/briefings', addresses: ({ category }) => ['', `?category=${category}`, `?category=${category}&language=es`, '?page=2', '?include=passages', '?sort=passages', '?q=zq7k', '?state=draft'].map((query) => `/api/v1/briefings${query}`), near: true },
  { route: 'GET /api/v1/briefings/:slug', addresses: (planted) => [...everyBriefing('/api/v1/briefings/')(planted), ...everyBriefing('/api/v1/briefings/', '?language=es')(planted)], near: true, shows: 'api' },
  { route: 'GET /api/openapi.json' },
  { route: 'USE /api', addresses: ({ published }) => ['/api', '/api/v1', `/api/v1/briefings/${published[0]}/passages`, '/api/v2/briefings'] },
  { route: 'GET /dev/mail', optional: true, exempt: 'shows everybody\'s letters on purpose, and is only there outside production without a mail server' },
  { route: 'GET /dev/mail/:id', optional: true, exempt: 'as /dev/mail' },
  { route: 'GET /login', addresses: ({ published: [slug], hidden: [draft] }) => ['/login', `/login?next=/briefings/${slug}`, `/login?next=/briefings/${draft}`] },
  { route: 'POST /login', form: { email: '', password: '', next: '/' } },
  { route: 'POST /logout', last: true },
  { route: 'GET /join/strategy-circle' },
  { route: 'POST /join/strategy-circle', form: { name: '', email: '', password: '', next: '/' } },
  { route: 'GET /join/leadership-alliance' },
  { route: 'GET /healthz' },
  { route: 'GET /readyz' },
  { route: 'USE /healthz', exempt: 'only sets a header; GET /healthz is walked' },
  { route: 'USE /readyz', exempt: 'only sets a header; GET /readyz is walked' },
  { route: 'USE /assets/:fingerprint', addresses: at('/assets/x/site.css', '/assets/x/favicon.svg', '/assets/x/', '/assets/x/..%2f..%2fpackage.json') },
  { route: /^USE \/assets\/[a-z0-9]{12}$/, exempt: 'the same files as under /assets/:fingerprint, to be kept longer' },
];

/** A route with the row that says how it is walked. */
export interface Walkable {
  readonly route: Route;
  /** What stands before the path: the language's prefix. */
  readonly prefix: string;
  readonly surface: Surface;
}

/** Rows and routes that do not belong together: nothing may be walked before both are empty. */
export interface Unmatched {
  readonly routes: readonly string[];
  readonly rows: readonly string[];
}

/** Finds the row of each route. */
export function match(routes: readonly Route[], prefixes: readonly string[], surfaces: readonly Surface[] = SURFACES): { walkable: readonly Walkable[]; unmatched: Unmatched } {
  const walkable: Walkable[] = [];
  const undeclared: string[] = [];
  for (const route of routes) {
    const prefix = prefixes.find((one) => one !== '' && (route.path === one || route.path.startsWith(`${one}/`))) ?? '';
    const name = `${route.method} ${route.path.slice(prefix.length) || '/'}`;
    const surface = surfaces.find((one) => (typeof one.route === 'string' ? one.route === name : one.route.test(name)));
    if (surface && !surface.addresses && !surface.exempt && /[:*{]/.test(route.path)) throw new Error(`the row ${name} must say what stands for the parameters`);
    if (surface) walkable.push({ route, prefix, surface });
    else undeclared.push(`${route.method} ${route.path}`);
  }
  const rows = surfaces.filter((surface) => !surface.optional && !walkable.some((one) => one.surface === surface)).map((surface) => String(surface.route));
  return { walkable, unmatched: { routes: undeclared, rows } };
}
