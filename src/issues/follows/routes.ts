import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { accountFrame, renderSection, sectionPath } from '../../accounts/own/frame';
import { ownerOf, ownerOnly } from '../../accounts/own/owner';
import { movedCategory } from '../../briefings/former-categories';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import '../../membership/reader';
import { parseSearch, type SearchQuery } from '../../search/forms';
import { readSavedQuery, savedQuery } from '../../search/matches';
import { savedSearchViews } from '../../search/saved-label';
import type { IssueParts } from '../desk/parts';
import type { FollowPage } from '../page-types';
import { chooseList, findFollow, follow, FOLLOW_LISTS, MOST_FOLLOWED, type FollowList } from './store';

interface Context {
  readonly parts: IssueParts;
  readonly language: Language;
}

const list = z.enum(FOLLOW_LISTS);
const followForm = z.strictObject({ query: z.string().max(4_000), list });
const rowForm = z.strictObject({ id: z.uuid(), list });
const removeForm = z.strictObject({ id: z.uuid() });

/**
 * `/account/follow`: a member follows an organization, a region, a category or any other search, from the page that
 * shows it; how they hear of it is changed, and ended, in the list at `/account/letters`.
 */
export function followRoutes(parts: IssueParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router.use('/account/follow', ownerOnly(language));
  router
    .route('/account/follow')
    .get(async (req, res) => show(context, req, res, await current(parts, wanted(parseSearch(req.query)))))
    .post(formBody, (req, res) => take(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/follow/list')
    .post(formBody, async (req, res) => {
      const data = readForm(rowForm, req);
      const accountId = ownerOf(res).id;
      await parts.wall.write(accountsViewer, async (db) => {
        if ((await db.follow.count({ where: { id: data.id, accountId } })) === 0) throw notFound('what is followed');
        await chooseList(db, accountId, data.id, data.list, parts.clock.now());
      });
      res.redirect(303, sectionPath(language, 'letters', 'followed'));
    })
    .all(onlyMethods('POST'));
  router
    .route('/account/follow/remove')
    .post(formBody, async (req, res) => {
      const { id } = readForm(removeForm, req);
      const accountId = ownerOf(res).id;
      await parts.wall.write(accountsViewer, (db) => db.follow.deleteMany({ where: { id, accountId } }));
      res.redirect(303, sectionPath(language, 'letters', 'unfollowed'));
    })
    .all(onlyMethods('POST'));
  return router;
}

function readForm<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  const read = schema.safeParse(req.body ?? {});
  if (!read.success) throw new Failure(400, 'not a form of what is followed');
  return read.data;
}

/** A search that looks for something. @throws Failure 400 for one that does not. */
function wanted(search: SearchQuery | null): SearchQuery {
  if (search === null || savedQuery(search) === '') throw new Failure(400, 'nothing to follow');
  return search;
}

/** The same search, with the address that its category has now. */
async function current({ wall }: IssueParts, search: SearchQuery): Promise<SearchQuery> {
  const { category } = search.filters;
  if (category === undefined) return search;
  const moved = await wall.read(accountsViewer, (db) => movedCategory(db, category));
  return moved === null ? search : { ...search, filters: { ...search.filters, category: moved } };
}

async function take(context: Context, req: Request, res: Response): Promise<void> {
  const { wall, clock } = context.parts;
  const data = readForm(followForm, req);
  const search = await current(context.parts, wanted(readSavedQuery(data.query)));
  const row = { accountId: ownerOf(res).id, query: savedQuery(search), lang: context.language.code, list: data.list };
  const done = await wall.write(accountsViewer, (db) => follow(db, row, clock.now()));
  if (!done) return show(context, req, res, search, data.list);
  res.redirect(303, sectionPath(context.language, 'letters', 'followed'));
}

/** @param refused what was chosen by somebody who follows as much as can be */
async function show(
  { parts, language }: Context,
  req: Request,
  res: Response,
  search: SearchQuery,
  refused: FollowList | null = null,
): Promise<void> {
  const { wall, site } = parts;
  const { say } = language;
  const query = savedQuery(search);
  const known = await wall.read(accountsViewer, (db) => findFollow(db, ownerOf(res).id, query));
  const [what] = await savedSearchViews(parts, res.locals.reader.viewer, [search], language);
  const chosen = refused ?? known?.list ?? 'each';
  const page: FollowPage = {
    frame: accountFrame(language, req, res, 'letters'),
    action: `${language.prefix}/account/follow`,
    query,
    what: what!,
    error: refused === null ? null : say('follow.most', { n: MOST_FOLLOWED }),
    known: known === null ? null : say('follow.known'),
    lists: followChoices(language, chosen),
    back: { label: say('follow.all'), href: sectionPath(language, 'letters') },
  };
  await renderSection(site, language, req, res, 'letters', 'follow', page, refused === null ? 200 : 422);
}

/** The ways to hear of what one follows. */
export const followChoices = ({ say }: Language, chosen: FollowList) =>
  FOLLOW_LISTS.map((value) => ({ value, label: say(`follow.list.${value}`), checked: value === chosen }));
