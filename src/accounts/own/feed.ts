import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { replaceFeed } from '../actions/replace-feed';
import { makeFeedToken } from '../credentials/api-tokens';
import { lockAsOwner } from '../credentials/revoke-credentials';
import type { FieldErrors } from '../forms';
import { formFields } from '../pages';
import { readFeed } from './forms';
import { formatMoment } from './format';
import { accountFrame, renderSection, sectionPath } from './frame';
import { ownerOf } from './owner';
import type { FeedPage, MadeFeedPage } from './page-types';
import type { AccountParts } from './parts';
import { isRecentlyAuthenticated, passwordErrors, reauthenticate } from './reauthenticate';

interface Context {
  readonly parts: AccountParts;
  readonly language: Language;
}

/** `/account/feed`: the address at which a program that reads feeds reads as far as the owner does. */
export function feedRoutes(parts: AccountParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/account/feed')
    .get((req, res) => show(context, req, res))
    .post(formBody, (req, res) => make(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/feed/end')
    .post(formBody, (req, res) => end(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function show(
  { parts: { site, wall, clock }, language }: Context,
  req: Request,
  res: Response,
  errors: FieldErrors = {},
  status = 200,
): Promise<void> {
  const { say, prefix } = language;
  const accountId = ownerOf(res).id;
  const feed = await wall.read(accountsViewer, (db) =>
    db.privateFeed.findUnique({ where: { accountId }, select: { createdAt: true } }),
  );
  const isProved = isRecentlyAuthenticated(req, clock.now()) && !('current' in errors);
  const page: FeedPage = {
    frame: accountFrame(language, req, res, 'feed'),
    made: feed && formatMoment(language, feed.createdAt),
    form: {
      action: `${prefix}/account/feed`,
      fields: isProved
        ? []
        : formFields(language, { next: null, wrong: errors }, [
            { name: 'current', type: 'password', autocomplete: 'current-password', hint: null },
          ]),
      submit: say(feed ? 'account.feed.replace' : 'account.feed.submit'),
    },
    end: feed && `${prefix}/account/feed/end`,
  };
  await renderSection(site, language, req, res, 'feed', 'feed', page, status);
}

/** Makes an address, or another in place of the one there is, which is dead from then on. */
async function make(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const owner = ownerOf(res);
  const proof = await reauthenticate(parts, req, owner, readFeed(req.body).current, false);
  if (proof.fault !== null) return show(context, req, res, passwordErrors(proof.fault), 422);
  const { token, hash } = makeFeedToken();
  await parts.wall.write(accountsViewer, (db) => replaceFeed(db, owner, hash, parts.clock.now()));
  parts.accountChanged(owner.id);
  const address = (file: string) => new URL(`${language.prefix}/feeds/${token}/${file}`, parts.site.publicUrl).href;
  const page: MadeFeedPage = {
    frame: accountFrame(language, req, res, 'feed'),
    addresses: [
      { label: 'Atom', href: address('feed.xml') },
      { label: 'JSON Feed', href: address('feed.json') },
    ],
    back: sectionPath(language, 'feed'),
  };
  await renderSection(parts.site, language, req, res, 'feed', 'made-feed', page, 201);
}

async function end({ parts, language }: Context, _req: Request, res: Response): Promise<void> {
  const owner = ownerOf(res);
  await parts.wall.write(accountsViewer, async (db) => {
    await lockAsOwner(db, owner);
    await db.privateFeed.deleteMany({ where: { accountId: owner.id } });
  });
  parts.accountChanged(owner.id);
  res.redirect(303, sectionPath(language, 'feed', 'feed-ended'));
}
