import path from 'node:path';
import express, { type Express } from 'express';
import { unmarked } from '../../lib/marked';
import { root } from '../../lib/root';
import { templateEngine } from '../../lib/templates';
import { parseQuery } from '../cache/page-address';

export interface ExpressOptions {
  /** How many proxies stand before us, and may say whom a request is from. */
  readonly trustProxy: number;
  readonly mode: string;
}

/** Express with its settings, and nothing in it yet. Templates that have changed are read anew in development alone. */
export function openExpress({ trustProxy, mode }: ExpressOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', parseQuery);
  app.set('trust proxy', trustProxy);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('views', path.join(root, 'views'));
  app.engine('ejs', templateEngine(mode === 'development'));
  app.set('view engine', 'ejs');
  app.set('json replacer', (_key: string, value: unknown) => (typeof value === 'string' ? unmarked(value) : value));
  app.set('view cache', mode !== 'development');
  return app;
}
