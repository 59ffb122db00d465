import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { sendCached } from './cache/front-desk';
import { buildCachedPage, type CachedPage } from './cache/cached-page';

/** The files under `public/`, under an address that changes when any of them does. */
export interface Assets {
  /**
   * `site.css` as `/assets/<fingerprint>/site.css`. @throws when there is no such file: a page must not point at
   * nothing.
   */
  address(name: string): string;
  readonly router: Router;
}

const YEAR = 31_536_000;

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
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(readFileSync(path.join(dir, name)));
  const fingerprint = hash.digest('base64url').replace(/[-_]/g, '').slice(0, 12).toLowerCase();

  const router = express.Router({ caseSensitive: true });
  const serve = (cacheControl: string): RequestHandler[] => [
    compressed(dir, names, cacheControl),
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
      if (!names.includes(name)) throw new Error(`public/ has no file ${name}`);
      return `/assets/${fingerprint}/${name}`;
    },
    router,
  };
}

/** Text files from memory, compressed once when first asked for. */
function compressed(dir: string, names: readonly string[], cacheControl: string): RequestHandler {
  const finished = new Map<string, CachedPage>();
  return (req, res, next) => {
    const name = req.path.slice(1);
    const type = TEXT[path.extname(name)];
    if (!type || !names.includes(name) || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    let file = finished.get(name);
    if (!file) {
      const headers = { 'content-type': type, 'cache-control': cacheControl, vary: 'Accept-Encoding' };
      file = buildCachedPage(readFileSync(path.join(dir, name), 'utf8'), headers);
      finished.set(name, file);
    }
    sendCached(req, res, file);
  };
}
