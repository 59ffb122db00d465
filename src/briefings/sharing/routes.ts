import { Router } from 'express';
import { z } from 'zod';
import { visitor, type Viewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { hasAlready } from '../../http/cache/front-desk';
import { NO_PARAMETERS } from '../../http/cache/page-address';
import { layoutOf } from '../../http/layout/page-layout';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { dayIn } from '../../lib/local-time';
import { unmarked } from '../../lib/marked';
import { briefingPath } from '../reading/cards';
import { briefingPage } from '../reading/briefing-page';
import { readBriefingAs } from '../reading/queries';
import type { BriefingParts } from '../reading/routes';
import { revisionPath } from '../revisions/pages';
import { CITATION_FORMS, type Citation } from './citations';
import { openSharingPictures } from './picture';

const slugOf = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,80}$/) });
/** Of pages as they are delivered, on paper. */
const ACCENT = '#8a2d1a';
const pictures = openSharingPictures();

/**
 * A briefing as others point to it: how it is cited, and the picture that stands for it where it is shared. Both say
 * what is public of it; the picture is there for whatever visitors meet.
 */
export function sharingRoutes({ site, wall, cachedPages }: BriefingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say } = language;

  /** The briefing, where there is one for this viewer. @throws Failure 404 where there is none. */
  const find = async (params: Readonly<Record<string, unknown>>, viewer: Viewer) => {
    const slug = slugOf.safeParse(params).data?.slug;
    const found = slug === undefined ? null : await readBriefingAs(wall, viewer, slug);
    if (!found) throw notFound('briefing');
    if ('movedTo' in found) return found;
    const { content, revision } = found.briefing;
    return {
      slug: content.slug,
      revision,
      content,
      page: briefingPage(found.briefing, viewer, site.shape.current, language),
    };
  };
  type SharedBriefing = Exclude<Awaited<ReturnType<typeof find>>, { movedTo: string }>;

  // What is cited is this text, whatever becomes of it: the address of its revision stays.
  const citationOf = ({ slug, revision, content, page }: SharedBriefing): Citation => ({
    key: slug,
    title: unmarked(page.title.text),
    lang: page.title.lang ?? language.code,
    authors: page.authors.map(({ name }) => name),
    publisher: unmarked(language.siteName),
    url: new URL(revisionPath(language, slug, revision), site.publicUrl).href,
    published: dayIn(content.published!, language.zone),
    updated: content.updated && dayIn(content.updated, language.zone),
  });

  router
    .route('/briefings/:slug/cite')
    .get(
      cachedPages.handler(NO_PARAMETERS, async ({ params, reader }) => {
        const found = await find(params, reader.viewer);
        if ('movedTo' in found) return { movedTo: `${briefingPath(language, found.movedTo)}/cite` };
        const citation = citationOf(found);
        const path = briefingPath(language, found.slug);
        const layout = layoutOf(site, language, {
          title: say('cite.title', { title: found.page.title.text }),
          path: `/briefings/${found.slug}/cite`,
          noindex: true,
          audience: reader.audience,
          rank: reader.viewer.rank,
        });
        const forms = CITATION_FORMS.map(({ file, name, write }) => ({
          name,
          heading: say(`cite.form.${name}`),
          text: write(citation).trimEnd(),
          file: { label: say('cite.file', { form: say(`cite.form.${name}`) }), href: `${path}/${file}` },
        }));
        const back = { label: found.page.title.text, href: path };
        const stays = { label: say('cite.stays'), href: revisionPath(language, found.slug, found.revision) };
        const all = { label: say('revision.all'), href: `${path}/revisions` };
        return { view: 'briefings/cite', layout, page: { title: found.page.title, back, stays, all, forms } };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  for (const { file, type, write } of CITATION_FORMS)
    router
      .route(`/briefings/:slug/${file}`)
      .get(
        cachedPages.handler(NO_PARAMETERS, async ({ params, reader }) => {
          const found = await find(params, reader.viewer);
          if ('movedTo' in found) return { movedTo: `${briefingPath(language, found.movedTo)}/${file}` };
          return { type, text: write(citationOf(found)) };
        }),
      )
      .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/briefings/:slug/sharing.png')
    .get(async (req, res) => {
      const found = await find(req.params, visitor);
      if ('movedTo' in found) return res.redirect(301, `${briefingPath(language, found.movedTo)}/sharing.png`);
      const { page } = found;
      const picture = await pictures.draw({
        title: page.title.text,
        publication: unmarked(language.siteName),
        kicker: [page.type, page.category.name.text].filter(Boolean).join('  ·  '),
        accent: site.settings.current.looks.accent || ACCENT,
      });
      if (!picture) throw new Failure(503, 'the picture could not be drawn now', { headers: { 'Retry-After': '10' } });
      // Asked for again each time: a briefing that is withdrawn takes its picture along.
      res.set({ 'Cache-Control': 'public, no-cache', ETag: picture.etag, 'Content-Type': 'image/png' });
      if (hasAlready(req, picture.etag)) res.status(304).end();
      else res.send(picture.bytes);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
