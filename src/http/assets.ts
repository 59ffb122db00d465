import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { sendCached } from './cache/front-desk';
import { buildCachedPage, type CachedPage } from './cache/cached-page';

/**
 * The files under `public/`, under an address that changes when any of them does. Each folder of `public/styles` is one
 * style sheet: `styles/site` is `site.css`, its files joined in the order of their names.
 */
export interface Assets {
  /**
   * `site.css` as `/assets/<fingerprint>/site.css`. @throws when there is no such file: a page must not point at
   * nothing.
   */
  address(name: string): string;
  readonly router: Router;
}

const YEAR = 31_536_000;

/** The folder of the style sheets, which are served joined, not as they lie there. */
const STYLES = 'styles/';

/** Files that shrink when compressed; the others are compressed by their format. */
const TEXT: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * One fingerprint for the whole folder, before the name: a file that a style sheet names relatively then has the
 * same address as in a page. Under an older fingerprint a file is still served, but not to be kept.
 */
export function openAssets(dir: string): Assets {
  const all = filesIn(dir);
  const names = all.filter((name) => !name.startsWith(STYLES));
  const sheets = joinSheets(dir, all);
  const hash = createHash('sha256');
  for (const name of all) hash.update(name).update(readFileSync(path.join(dir, name)));
  const fingerprint = hash.digest('base64url').replace(/[-_]/g, '').slice(0, 12).toLowerCase();
  const textOf = (name: string) =>
    sheets.get(name) ?? (names.includes(name) ? readFileSync(path.join(dir, name), 'utf8') : null);

  const router = express.Router({ caseSensitive: true });
  const serve = (cacheControl: string): RequestHandler[] => [
    compressed(textOf, cacheControl),
    (req, _res, next) => next(req.path.startsWith(`/${STYLES}`) ? 'router' : undefined),
    express.static(dir, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      setHeaders: (res) => res.setHeader('Cache-Control', cacheControl),
    }),
  ];
  router.use(`/assets/${fingerprint}`, ...serve(`public, max-age=${YEAR}, immutable`));
  router.use('/assets/:fingerprint', ...serve('public, no-cache'));
  return {
    address(name) {
      if (!names.includes(name) && !sheets.has(name)) throw new Error(`public/ has no file ${name}`);
      return `/assets/${fingerprint}/${name}`;
    },
    router,
  };
}

/** Names of the files of a folder and those below it, in their order, with slashes on every system. */
const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();

/** The style sheets, by the name under which they are served. */
function joinSheets(dir: string, names: readonly string[]): ReadonlyMap<string, string> {
  const sheets = new Map<string, string>();
  for (const name of names.filter((one) => one.startsWith(STYLES))) {
    const sheet = `${name.slice(STYLES.length).split('/')[0]}.css`;
    sheets.set(sheet, (sheets.get(sheet) ?? '') + readFileSync(path.join(dir, name), 'utf8'));
  }
  return sheets;
}

/**
 * Text files from memory, compressed once when first asked for.
 * @param textOf what a file says; null when there is none of that name.
 */
function compressed(textOf: (name: string) => string | null, cacheControl: string): RequestHandler {
  const finished = new Map<string, CachedPage>();
  return (req, res, next) => {
    const name = req.path.slice(1);
    const type = TEXT[path.extname(name)];
    if (!type || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    let file = finished.get(name);
    if (!file) {
      const text = textOf(name);
      if (text === null) return next();
      const headers = { 'content-type': type, 'cache-control': cacheControl, vary: 'Accept-Encoding' };
      file = buildCachedPage(text, headers);
      finished.set(name, file);
    }
    sendCached(req, res, file);
  };
}
