import { Router } from 'express';
import { notFound } from '../../lib/failure';
import { readLooksAddress } from '../../site/looks/address';
import { looksStylesheet } from '../../site/looks/stylesheet';
import { onlyMethods } from '../errors';
import type { Assets } from '../assets';

const YEAR = 31_536_000;

/** `/looks/:edition/:file`: the style sheet of looks, for ever the same below one address. */
export function looksRoutes(assets: Pick<Assets, 'address'>): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/looks/:edition/:file')
    .get((req, res) => {
      const looks = readLooksAddress(req.params['edition'], req.params['file']);
      if (!looks) throw notFound('a style sheet');
      res.setHeader('Cache-Control', `public, max-age=${YEAR}, immutable`);
      res.type('text/css').send(looksStylesheet(looks, (name) => assets.address(name)));
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
