import { Router } from 'express';
import { visitor } from '../../access/viewer';
import { notFound } from '../../lib/failure';
import { readPictureName } from '../../site/pictures/names';
import type { Wall } from '../../stores/postgres/wall';
import { onlyMethods } from '../errors';

const YEAR = 31_536_000;

/** Pictures that a process keeps in memory: each is on every page, and Postgres may be away. */
const KEPT = 40;

/** `/site-pictures/:file`: the publication's own pictures, each for ever the same below one address. */
export function sitePictureRoutes(wall: Wall): Router {
  const cache = new Map<string, Buffer>();
  const find = async (name: string): Promise<Buffer> => {
    const known = cache.get(name);
    if (known) return known;
    const row = await wall.read(visitor, (db) => db.sitePicture.findUnique({ where: { name } }));
    if (!row) throw notFound('a picture of the site');
    const bytes = Buffer.from(row.bytes);
    cache.set(name, bytes);
    if (cache.size > KEPT) cache.delete(cache.keys().next().value!);
    return bytes;
  };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/site-pictures/:file')
    .get(async (req, res) => {
      const picture = readPictureName(req.params['file']);
      if (!picture) throw notFound('a picture of the site');
      const bytes = await find(picture.name);
      res.setHeader('Cache-Control', `public, max-age=${YEAR}, immutable`);
      // Letters are read on other sites' pages.
      res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      res.type(picture.mediaType).send(bytes);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
