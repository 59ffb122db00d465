// The same briefing as somebody would write it who has no wall: Express 5, one query, one EJS template, brotli.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import express from 'express';
import { Pool } from 'pg';

const [, , database = '', views = ''] = process.argv;
const compress = promisify(brotliCompress);

const QUERY = `SELECT to_jsonb(b) AS briefing, to_jsonb(e) AS text,
  (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.position) FROM sources s WHERE s.briefing_id = b.id) AS sources,
  (SELECT jsonb_agg(jsonb_build_object('kind', p.kind, 'text', p.text) ORDER BY p.position)
    FROM passages p WHERE p.briefing_id = b.id AND p.lang = e.lang AND p.until_revision IS NULL) AS passages
FROM briefings b JOIN editions e ON e.briefing_id = b.id AND e.lang = 'en'
WHERE b.slug = $1 AND b.state = 'published'`;

/** The frame of the page is that of the real one, so that both send about as much. */
function serve({ before, after }: { readonly before: string; readonly after: string }): void {
  const pool = new Pool({ connectionString: database, max: 10 });
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.set('views', views).set('view engine', 'ejs').set('view cache', true);
  app.get('/briefings/:slug', async (req, res, next) => {
    const { rows } = await pool.query<object>(QUERY, [req.params['slug']]);
    if (!rows[0]) return next();
    app.render('express', { before, after, ...rows[0] }, (error: Error | null, html: string) => {
      if (error) return next(error);
      void compress(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).then((bytes) => {
        res.set({ 'Content-Encoding': 'br', 'Cache-Control': 'private, no-store' }).type('html').send(bytes);
      }, next);
    });
  });
  const server = createServer(app).listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
}

process.on('message', (ask: 'cpu' | { readonly before: string; readonly after: string }) => {
  if (ask !== 'cpu') return serve(ask);
  const { user, system } = process.cpuUsage();
  process.send!((user + system) / 1_000);
});
process.send!('ready');
