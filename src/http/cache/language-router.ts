import { Router, type RequestHandler } from 'express';
import type { Language, Languages } from '../../lib/language';

/** The languages as the router needs them. */
export interface RoutedLanguages extends Languages {
  /** Those that are off, too. */
  readonly known: readonly { readonly code: string; readonly on: boolean }[];
}

/**
 * The pages of every language, each under its prefix. Which languages there are, and which is first, is asked on each
 * request; their routes are made once for as long as that stays so. An address of a language that is first now, or that
 * is off, leads to the one without a prefix.
 */
export function languageRouter(languages: RoutedLanguages, sectionsOf: (language: Language) => Router): RequestHandler {
  const routers = new WeakMap<readonly Language[], Router>();
  const current = (): Router => {
    const { all } = languages;
    const router = routers.get(all) ?? routerOf(all, sectionsOf);
    routers.set(all, router);
    return router;
  };
  const handler: RequestHandler = (req, res, next) => {
    const former = formerAddress(languages, req.path);
    if (former === null) return current()(req, res, next);
    const [, query] = /^[^?]*(\?.*)?$/.exec(req.originalUrl) ?? [];
    const reads = req.method === 'GET' || req.method === 'HEAD';
    const status = former.forGood ? (reads ? 301 : 308) : reads ? 302 : 307;
    // It may be the other way round again one day.
    res.setHeader('Cache-Control', 'no-cache');
    res.redirect(status, `${former.path}${query ?? ''}`);
  };
  // The routes behind it, for whoever lists them all (src/http/server/routes.ts).
  return Object.defineProperty(handler, 'stack', { get: () => current().stack });
}

function routerOf(all: readonly Language[], sectionsOf: (language: Language) => Router): Router {
  const router = Router({ caseSensitive: true, strict: true });
  // The first language has no prefix, so it comes last: `/es` must not be looked for among its pages.
  for (const language of [...all].reverse()) router.use(language.prefix || '/', sectionsOf(language));
  return router;
}

/** Where an address leads whose language has none with its prefix any more; null where it is none of these. */
function formerAddress(
  { all, first, known }: RoutedLanguages,
  path: string,
): { readonly path: string; readonly forGood: boolean } | null {
  const [, prefix = '', rest = ''] = /^(\/[^/]+)(.*)$/.exec(path) ?? [];
  if (prefix === '' || all.some((one) => one.prefix === prefix)) return null;
  const language = known.find(({ code }) => `/${code.toLowerCase()}` === prefix);
  // What a browser would take for another host leads nowhere.
  if (!language || /^\/?[/\\]/.test(rest.slice(1))) return null;
  return { path: rest || '/', forGood: language.code === first.code };
}
