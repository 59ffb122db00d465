import { Router } from 'express';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import type { PageRequest } from '../../http/cache/cached-pages';
import { NO_PARAMETERS, type QueryParameters } from '../../http/cache/page-address';
import { type PageHead } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { briefingPath, formatInstant } from '../reading/cards';
import type { BriefingParts } from '../reading/routes';
import { changesPage, revisionPage, revisionsPage } from './pages';
import { readRevisionsAs, type Closing, type ReadRevisions } from './queries';

const slugOf = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,80}$/) });
const NUMBER = /^[1-9]\d{0,5}$/;
/** The revision that readers have now. */
const NEWEST = 'newest';
const revisionNumber = (given: string): string | null => (NUMBER.test(given) ? given : null);

/** Why a revision is not opened, in the editor's words. */
function gone(language: Language, { reason, lang, at }: Closing): Failure {
  const { say, code } = language;
  const said = lang === code ? reason : `${reason} (${say('said.in', { language: language.languageName(lang) })})`;
  const when = formatInstant(at, language);
  return new Failure(410, 'an editor has closed this revision', {
    told: [say('revision.closed.since', { moment: when.text }), said],
  });
}

/**
 * The revisions of a briefing that readers had: each under an address that stays, what changed between two of them, and
 * the list of all. For search engines the briefing's own page stands for them.
 */
export function revisionRoutes({ site, wall, cachedPages }: BriefingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say } = language;

  /** @throws Failure 404 where there is none for this viewer, 410 where it is closed. */
  const find = async (
    { params, reader }: Pick<PageRequest<QueryParameters>, 'params' | 'reader'>,
    numbers: readonly string[],
    part: string,
  ): Promise<ReadRevisions | { readonly movedTo: string }> => {
    const slug = slugOf.safeParse(params).data?.slug;
    if (slug === undefined || !numbers.every((one) => one === NEWEST || NUMBER.test(one))) throw notFound('revision');
    const asked = numbers.map((one) => (one === NEWEST ? one : Number(one)));
    const found = await readRevisionsAs(wall, reader.viewer, slug, asked);
    if (!found) throw notFound('revision');
    if ('movedTo' in found) return { movedTo: `${briefingPath(language, found.movedTo)}/revisions${part}` };
    if ('closed' in found) throw gone(language, found.closed);
    return found;
  };

  const layout = (
    { reader }: Pick<PageRequest<QueryParameters>, 'reader'>,
    slug: string,
    part: string,
    head: Pick<PageHead, 'title' | 'description' | 'ogType'>,
  ) =>
    layoutOf(site, language, {
      ...head,
      path: `/briefings/${slug}/revisions${part}`,
      canonicalPath: `/briefings/${slug}`,
      noindex: true,
      audience: reader.audience,
      rank: reader.viewer.rank,
    });

  const around = ({ reader }: Pick<PageRequest<QueryParameters>, 'reader'>) => ({
    viewer: reader.viewer,
    shape: site.shape.current,
    language,
  });

  router
    .route('/briefings/:slug/revisions')
    .get(
      cachedPages.handler(NO_PARAMETERS, async (request) => {
        const found = await find(request, [NEWEST], '');
        if ('movedTo' in found) return found;
        const page = revisionsPage(found, around(request));
        const title = say('revisions.title', { title: page.title.text });
        return { view: 'briefings/revisions', layout: layout(request, found.slug, '', { title }), page };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/briefings/:slug/revisions/:number')
    .get(
      cachedPages.handler(NO_PARAMETERS, async (request) => {
        const number = String(request.params['number']);
        const found = await find(request, [number], `/${number}`);
        if ('movedTo' in found) return found;
        const page = revisionPage(found, found.asked[0]!, around(request));
        const head = {
          title: say('revision.title', { title: page.title.text, revision: page.revision!.name }),
          description: page.summary?.text ?? null,
          ogType: 'article',
        } as const;
        return {
          view: 'briefings/briefing',
          layout: layout(request, found.slug, `/${number}`, head),
          page,
          gated: page.gates.length > 0,
        };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/briefings/:slug/revisions/:number/changes')
    .get(
      cachedPages.handler({ to: revisionNumber }, async (request) => {
        const number = String(request.params['number']);
        const { to } = request.values;
        const part = `/${number}/changes${to === '' ? '' : `?to=${to}`}`;
        const found = await find(request, [number, to === '' ? NEWEST : to], part);
        if ('movedTo' in found) return found;
        const page = changesPage(found, [found.asked[0]!, found.asked[1]!], around(request));
        const title = say('changes.title', { title: page.title.text });
        return {
          view: 'briefings/changes',
          layout: layout(request, found.slug, part, { title }),
          page,
          gated: page.gated,
        };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
