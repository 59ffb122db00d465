import { Router } from 'express';
import { canSeeBriefing } from '../access/briefings';
import { categoryLabel, formatInstant } from '../briefings/reading/cards';
import { tierTextsIn } from '../membership/tiers';
import type { BriefingPage, NoticePage } from '../briefings/reading/page-types';
import { briefingPage } from '../briefings/reading/briefing-page';
import { readCategories, readCopyAs } from '../briefings/reading/queries';
import { editorialViewer, type Viewer } from '../access/viewer';
import { onlyMethods } from '../http/errors';
import { layoutOf } from '../http/layout/page-layout';
import { respond } from '../http/respond';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { idOfBriefing } from './body';
import { deskPicture, editorPath } from './editor/page';
import { allowBeingFramed } from './framing';
import { loadTiers } from './tiers';
import type { DeskParts } from './parts';
import type { Wall } from '../stores/postgres/wall';

/**
 * `/desk/briefings/:id/preview?as=<tier>&lang=<language>`: the briefing as readers of that tier will have it, read anew
 * at their rank through the wall and printed by the reader's own template. Nothing above that rank is ever at hand
 * here. Where they do not meet it yet, this is said instead, with a way (`&then=1`) to see what they will meet.
 */
export function previewRoutes({ wall, site, clock }: DeskParts, own: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/desk/briefings/:id/preview')
    .get(async (req, res) => {
      const id = idOfBriefing(req);
      const tier = (await loadTiers(wall)).find(({ slug }) => slug === (req.query['as'] ?? 'public'));
      const { lang } = req.query;
      const language = lang === undefined ? own : typeof lang === 'string' ? site.languages.find(lang) : undefined;
      if (!tier || !language) throw new Failure(400, 'no such tier or language to preview as');
      const viewer: Viewer = { role: 'preview', rank: tier.rank };
      const read = await readCopyAs(wall, viewer, id);
      if (!read) throw notFound('briefing');
      // As the page is for them: whoever reads as a tier has joined, and is not asked to.
      const audience = tier.rank > 0 ? 'imagined member' : 'visitor';
      const content = { ...read.content, published: read.content.published ?? clock.now() };
      const page = withoutUnfinished(
        await unfinishedOf(wall, id),
        briefingPage({ ...read, content }, viewer, site.shape.current, language, (picture, name) => ({
          src: deskPicture(own, id, name, picture),
          srcset: null,
        })),
      );
      const early =
        content.early &&
        !canSeeBriefing(
          read.matrix,
          viewer,
          { state: 'published', published: read.now, early: content.early },
          read.now,
        )
          ? content.early
          : null;
      if (early && req.query['then'] === undefined) {
        const { name } = tierTextsIn(
          read.tiers.find(({ slug }) => slug === tier.slug)!,
          language,
        );
        const then = `${editorPath(own, id, '/preview')}?as=${tier.slug}&lang=${language.code}&then=1`;
        const notice = earlyNotice(language, name, early.until, then);
        allowBeingFramed(res);
        return respond(req, res, 'notice', {
          layout: layoutOf(site, language, { title: notice.heading, path: null, noindex: true, audience }),
          page: notice,
        });
      }
      const nav = (await readCategories(wall, viewer, content.category)).map(({ slug, texts }) => {
        const { name, href } = categoryLabel(slug, texts, language);
        return { label: name.text, href, current: slug === content.category };
      });
      allowBeingFramed(res);
      await respond(req, res, 'briefings/briefing', {
        layout: layoutOf(site, language, {
          title: page.title.text,
          path: null,
          noindex: true,
          nav,
          audience,
        }),
        page,
      });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** Instead of a page that a tier does not meet yet. */
function earlyNotice(language: Language, tier: string, until: Date, then: string): NoticePage {
  const { say } = language;
  return {
    label: say('desk.preview.heading'),
    heading: say('desk.preview.early', { tier }),
    rows: [],
    paragraphs: [say('desk.preview.early.text', { moment: formatInstant(until, language).text })],
    links: [{ label: say('desk.preview.then'), href: then }],
  };
}

/** Names of the fields of a working copy that hold what fits none of them yet. None of them is gated text. */
async function unfinishedOf(wall: Wall, id: string): Promise<ReadonlySet<string>> {
  const row = await wall.read(editorialViewer, (db) =>
    db.unfinished.findFirst({ where: { briefing: { copyOf: id } } }),
  );
  return new Set(Object.keys((row?.fields ?? {}) as object));
}

/** The page without what only stands in for something unfinished: no reader is going to see it. */
function withoutUnfinished(unfinished: ReadonlySet<string>, page: BriefingPage): BriefingPage {
  const is = (anchor: string, part: string) => unfinished.has(`sources.${anchor.replace(/^source-/, '')}.${part}`);
  return {
    ...page,
    confidence: unfinished.has('confidence') ? null : page.confidence,
    sources: page.sources
      .filter(({ anchor }) => !is(anchor, 'url'))
      .map((source) => ({ ...source, risk: is(source.anchor, 'risk') ? null : source.risk })),
  };
}
