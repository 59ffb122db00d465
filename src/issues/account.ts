import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../access/viewer';
import { accountFrame, renderSection, sectionPath } from '../accounts/own/frame';
import { findMailBlock } from '../accounts/mail-blocks';
import { formatMoment } from '../accounts/own/format';
import { ownerOf, ownerOnly } from '../accounts/own/owner';
import { onlyMethods } from '../http/errors';
import { Failure } from '../lib/failure';
import type { Language } from '../lib/language';
import '../membership/reader';
import { parseSearch } from '../search/forms';
import { readSavedQuery } from '../search/matches';
import { savedSearchViews } from '../search/saved-label';
import { choiceFields, choiceForm, choiceSchema, readChoice } from './choice';
import type { IssueParts } from './desk/parts';
import { followChoices } from './follows/routes';
import { findFollows } from './follows/store';
import type { FollowsView, LettersPage } from './page-types';

/** `/account/letters`: which letters about briefings its owner wants; none, until they say so. */
export function letterChoiceRoutes(parts: IssueParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/account/letters')
    .all(ownerOnly(language))
    .get((req, res) => show(parts, language, req, res))
    .post(choiceForm, (req, res) => save(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function show(parts: IssueParts, language: Language, req: Request, res: Response): Promise<void> {
  const { wall, site } = parts;
  const { say, prefix } = language;
  const accountId = ownerOf(res).id;
  const { account, block } = await wall.read(accountsViewer, async (db) => {
    const found = await db.account.findUniqueOrThrow({
      where: { id: accountId },
      select: { email: true, lang: true, verifiedAt: true, mailRefusedAt: true, listChoice: true },
    });
    return { account: found, block: await findMailBlock(db, found.email) };
  });
  const chosen = account.listChoice ?? { list: 'none', lang: account.lang, categories: [] };
  const refused = account.mailRefusedAt === null ? null : say('account.letters.refused');
  const blocked =
    block && say(`account.letters.blocked.${block.kind}`, { moment: formatMoment(language, block.happenedAt) });
  const page: LettersPage = {
    frame: accountFrame(language, req, res, 'letters'),
    action: `${prefix}/account/letters`,
    choice: await choiceFields(wall, site.languages, language, chosen, true),
    warning: account.verifiedAt === null ? say('account.letters.unverified') : (blocked ?? refused),
    again: account.verifiedAt !== null && blocked !== null ? { action: `${prefix}/account/verify` } : null,
    follows: await followsView(parts, language, res),
  };
  await renderSection(site, language, req, res, 'letters', 'letters', page);
}

/** What the owner follows, in words; what cannot be asked any more is called by its address. */
async function followsView(parts: IssueParts, language: Language, res: Response): Promise<FollowsView> {
  const { prefix } = language;
  const rows = await parts.wall.read(accountsViewer, (db) => findFollows(db, ownerOf(res).id));
  const read = rows.map(({ query }) => readSavedQuery(query) ?? { ...parseSearch({}), q: query });
  const views = await savedSearchViews(parts, res.locals.reader.viewer, read, language);
  return {
    choose: `${prefix}/account/follow/list`,
    remove: `${prefix}/account/follow/remove`,
    search: `${prefix}/search`,
    rows: rows.map(({ id, list }, at) => ({ id, ...views[at]!, lists: followChoices(language, list) })),
  };
}

async function save({ wall, site, clock }: IssueParts, language: Language, req: Request, res: Response): Promise<void> {
  const accountId = ownerOf(res).id;
  const { success, data } = choiceSchema.safeParse(req.body ?? {});
  if (!success) throw new Failure(400, 'no choice of ours');
  const chosen = await readChoice(wall, data, site.languages);
  await wall.write(accountsViewer, async (db) => {
    if (chosen === null) return db.listChoice.deleteMany({ where: { accountId } });
    const choice = { ...chosen, categories: [...chosen.categories], chosenAt: clock.now() };
    await db.listChoice.upsert({
      where: { accountId },
      create: { accountId, ...choice },
      update: choice,
      select: { accountId: true },
    });
    return null;
  });
  res.redirect(303, sectionPath(language, 'letters', 'letters-chosen'));
}
