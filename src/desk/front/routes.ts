import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { editorialViewer } from '../../access/viewer';
import { categoryLabel, formatDay } from '../../briefings/reading/cards';
import { LocaleFallback } from '../../briefings/reading/localized';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import { searchLine } from '../../lib/line';
import type { Language } from '../../lib/language';
import { editorPath } from '../editor/page';
import { deskFrame, renderDesk } from '../frame';
import type { DeskParts } from '../parts';
import { actorOf } from '../staff';
import type { FrontPart, FrontSectionPage, FrontRow } from './page-types';
import { FRONT_ACTS, readPlaces, setPlace, type FrontAct, type PlaceRow } from './places';

const placing = z.object({ briefing: z.uuid(), act: z.enum(FRONT_ACTS) });

/** `/desk/front`: what leads the front page, what comes first on its shelves, and what is left out. */
export function frontRoutes(parts: DeskParts, language: Language): Router {
  const { wall, site } = parts;
  const { say, prefix } = language;
  const action = `${prefix}/desk/front`;
  const router = Router({ caseSensitive: true, strict: true });

  const rowOf = (row: PlaceRow): FrontRow => {
    const langs = row.editions.map(({ lang }) => lang);
    const title = new LocaleFallback(language.code, row.originalLang, langs).text(
      (lang) => row.editions.find((one) => one.lang === lang)?.title,
    );
    const place = row.frontPlace?.place;
    // What is first already can be put before another that is.
    const acts: readonly FrontAct[] = [
      ...(place === 'lead' ? [] : (['lead'] as const)),
      'first',
      ...(place === 'hidden' ? [] : (['hide'] as const)),
      ...(place === undefined ? [] : (['release'] as const)),
    ];
    return {
      id: row.id,
      title: title ?? { text: row.slug, lang: null },
      href: editorPath(language, row.id),
      category: categoryLabel(row.categorySlug, row.category.texts, language).name.text,
      published: formatDay(row.publishedAt!, language),
      acts: acts.map((name) => ({ name, label: say(`desk.front.act.${name}`) })),
    };
  };

  const show = async (req: Request, res: Response, error: string | null = null, status = 200) => {
    const asked = req.query['q'];
    const q = typeof asked === 'string' ? searchLine(asked).slice(0, 200) : '';
    const read = await wall.read(editorialViewer, (db) => readPlaces(db, q));
    const part = (name: string, heading: string, none: string, rows: readonly PlaceRow[]): FrontPart => ({
      name,
      heading: say(heading),
      text: name === 'hidden' ? say('desk.front.hidden.text') : null,
      none: say(none),
      rows: rows.map(rowOf),
    });
    const page: FrontSectionPage = {
      frame: deskFrame(language, req, 'front', say('desk.front.heading')),
      action,
      wrong: error,
      see: { label: say('desk.front.see'), href: prefix || '/' },
      q,
      parts: [
        ...(q === '' ? [] : [part('found', 'desk.front.found', 'desk.front.none', read.found)]),
        part('lead', 'desk.front.lead', 'desk.front.lead.newest', read.lead),
        part('shelves', 'desk.front.shelves', 'desk.front.shelves.none', read.shelves),
        part('hidden', 'desk.front.hidden', 'desk.front.hidden.none', read.hidden),
        part('latest', 'desk.front.latest', 'desk.front.latest.none', read.latest),
      ],
    };
    await renderDesk(site, language, req, res, 'front', '/desk/front', page, status);
  };

  router
    .route('/desk/front')
    .get((req, res) => show(req, res))
    .post(formBody, async (req, res) => {
      const read = placing.safeParse(req.body);
      if (!read.success) throw new Failure(400, 'not a place on the front page');
      const done = await setPlace(parts, read.data.briefing, read.data.act, await actorOf(wall, req, res));
      if (done === null) return show(req, res, say('desk.front.changed'), 409);
      res.redirect(303, `${action}?done=${done}`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
