import type { Planted } from './plant';
import type { Route } from '../http/server/routes';

/** Who asks, as far as an address depends on it. */
export interface Asking {
  /** What stands in the addresses of their private feed. */
  readonly feed: string;
  /** What stands in the address of the gift they were given. */
  readonly gift: string;
}

/** The ways by which readers meet passages. `gifts`: the one briefing that is given, by its link. */
export type Shown = 'pages' | 'api' | 'gifts';

/** How one route is walked, or why it is not. */
export interface Surface {
  /**
   * As the router declares it, without the language: `GET /briefings/:slug`. An expression where a name is not known
   * before.
   */
  readonly route: string | RegExp;
  /** What is asked there, without the language; the route's own path where nothing in it varies. */
  readonly addresses?: (planted: Planted, visitor: Asking) => readonly string[];
  /** Addresses where every variant of a request is tried, because passages are near. */
  readonly near?: (planted: Planted, visitor: Asking) => readonly string[];
  /** Everybody who may read a published passage must meet it here, in one language or another. */
  readonly shows?: Shown;
  /** Of the desk: whoever works there meets everything, drafts and history too; nobody else meets a word. */
  readonly desk?: true;
  /** Sent with a request that may change something; nothing in it is true. */
  readonly form?: Readonly<Record<string, string>>;
  /** Asks Stripe, which need not answer while it is walked: 503 is a fair answer then. */
  readonly stripe?: true;
  /** Ends the visitor's session, so it comes last. */
  readonly last?: true;
  /** May be missing, because the route is only there in some configurations. */
  readonly optional?: true;
  /** Why it is not walked. */
  readonly exempt?: string;
}

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

/**
 * Finds the row of each route.
 * @throws for a row that does not say what stands for the parameters of its route.
 */
export function match(
  routes: readonly Route[],
  prefixes: readonly string[],
  surfaces: readonly Surface[],
): { walkable: readonly Walkable[]; unmatched: Unmatched } {
  const walkable: Walkable[] = [];
  const undeclared: string[] = [];
  for (const route of routes) {
    const prefix = prefixes.find((one) => one !== '' && (route.path === one || route.path.startsWith(`${one}/`))) ?? '';
    const name = `${route.method} ${route.path.slice(prefix.length) || '/'}`;
    const surface = surfaces.find((one) => (typeof one.route === 'string' ? one.route === name : one.route.test(name)));
    if (surface && !surface.addresses && !surface.near && !surface.exempt && /[:*{]/.test(route.path))
      throw new Error(`the row ${name} must say what stands for the parameters`);
    if (surface) walkable.push({ route, prefix, surface });
    else undeclared.push(`${route.method} ${route.path}`);
  }
  const rows = surfaces
    .filter((surface) => !surface.optional && !walkable.some((one) => one.surface === surface))
    .map((surface) => String(surface.route));
  return { walkable, unmatched: { routes: undeclared, rows } };
}
