/** One way into the application, as its router declares it. */
export interface Route {
  /** `GET`, …; `ALL` answers every method, `USE` is a handler that stands before a whole folder of addresses. */
  readonly method: string;
  /** With its parameters, and with the language before it: `/es/briefings/:slug`. */
  readonly path: string;
}

/** What is read of Express's router (the package `router` 2, whose layers keep the path they were given). */
interface Layer {
  readonly rawPath?: unknown;
  readonly handle?: { readonly stack?: readonly Layer[] };
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
}

/**
 * Every route of a router, those of the routers in it among them.
 * @throws when a path cannot be read: a route that cannot be listed cannot be walked.
 */
export function listRoutes(router: { readonly stack: readonly unknown[] }): Route[] {
  const routes = walk(router.stack as readonly Layer[], '');
  if (routes.length === 0) throw new Error('the router declares no route: has Express changed how it keeps them?');
  const names = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  // A handler that stands before a route of the very same address is met when that is asked for.
  return [...names.values()].filter(
    ({ method, path }) => method !== 'USE' || !routes.some((other) => other.method !== 'USE' && other.path === path),
  );
}

function walk(layers: readonly Layer[], before: string): Route[] {
  return layers.flatMap((layer) => {
    if (layer.route) {
      const named = Object.keys(layer.route.methods)
        .filter((method) => method !== '_all')
        .map((method) => method.toUpperCase());
      return paths(layer.route.path).flatMap((path) =>
        (named.length > 0 ? named : ['ALL']).map((method) => ({ method, path: joined(before, path) })),
      );
    }
    const inner = layer.handle?.stack;
    return paths(layer.rawPath).flatMap((path) => {
      if (inner) return walk(inner, joined(before, path));
      // Without a path it stands before everything and answers for nothing of its own.
      return path === '/' ? [] : [{ method: 'USE', path: joined(before, path) }];
    });
  });
}

function paths(path: unknown): string[] {
  if (Array.isArray(path)) return path.flatMap(paths);
  if (typeof path === 'string') return [path];
  if (path instanceof RegExp) return [String(path)];
  throw new Error('a layer of the router keeps no path: has Express changed how it keeps them?');
}

function joined(before: string, path: string): string {
  return `${before === '/' ? '' : before}${path === '/' && before !== '' && before !== '/' ? '' : path}`;
}

/**
 * The first parts of all addresses that routes answer, and of those below which something does; what is a parameter is
 * none. Whoever gives things addresses at the top of the site keeps away from these.
 */
export function firstParts(router: { readonly stack: readonly unknown[] }): ReadonlySet<string> {
  const parts = listRoutes(router).map(({ path }) => /^\/([^/]+)/.exec(path)?.[1] ?? '');
  return new Set(parts.filter((part) => /^[\w.-]+$/.test(part)));
}
