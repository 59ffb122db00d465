import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { openLinkPages, quiet } from '../../accounts/links/render';
import { audienceOf } from '../../http/audience';
import { onlyMethods } from '../../http/errors';
import { respond } from '../../http/respond';
import { layoutOf } from '../../http/layout/page-layout';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { Wall } from '../../stores/postgres/wall';
import { choiceFields, choiceForm, choiceSchema, readChoice } from '../choice';
import type { IssueParts } from '../desk/parts';
import { CHOOSE } from '../headers';
import type { SubscribePage } from '../page-types';
import { readUnsubscribeToken } from '../unsubscribe-token';
import { isOfAccount, leaveLists } from './store';

const form = choiceSchema.extend({ token: z.string().max(200) });

const SUBSCRIBER = { id: true, email: true, list: true, lang: true, categories: true, confirmedAt: true } as const;

/**
 * The address of a subscriber whose token this is, for the form in which one joins; null: nobody's, or an account's.
 */
export async function addressOfSubscriber(
  wall: Wall,
  secrets: readonly string[],
  token: unknown,
): Promise<string | null> {
  const id = readUnsubscribeToken(token, secrets);
  if (id === null) return null;
  const found = await wall.read(accountsViewer, (db) =>
    db.subscriber.findUnique({ where: { id }, select: SUBSCRIBER }),
  );
  return found?.email ?? null;
}

/**
 * `/letters/choose`: what somebody without an account gets, and all that is known of them, by the link of a letter.
 * Whoever has an account by now chooses in it.
 */
export function chooseRoutes(parts: IssueParts, language: Language): Router {
  const { wall, site, sessionSecrets } = parts;
  const { prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });
  const shows = openLinkPages(site, language);
  const gone = (req: Request, res: Response) =>
    shows.over(req, res, { label: language.say('subscribe.label'), href: `${prefix}/subscribe` });

  const find = async (token: unknown) => {
    const id = readUnsubscribeToken(token, sessionSecrets);
    if (id === null) return null;
    return wall.read(accountsViewer, async (db) => {
      const subscriber = await db.subscriber.findUnique({ where: { id }, select: SUBSCRIBER });
      return subscriber ?? ((await isOfAccount(db, id)) ? 'account' : null);
    });
  };

  router
    .route(CHOOSE)
    .all(quiet)
    .get(async (req, res) => {
      const found = await find(req.query['token']);
      if (found === null) return gone(req, res);
      if (found === 'account') return res.redirect(303, `${prefix}/account/letters`);
      await show(parts, language, req, res, found, req.query['token'] as string);
    })
    .post(choiceForm, async (req, res) => {
      const { success, data } = form.safeParse(req.body ?? {});
      if (!success) throw new Failure(400, 'no choice of ours');
      const { token, ...typed } = data;
      const chosen = await readChoice(wall, typed, site.languages);
      const found = await find(token);
      if (found === null) return gone(req, res);
      if (found === 'account') return res.redirect(303, `${prefix}/account/letters`);
      const { id } = found;
      if (chosen === null) {
        await wall.write(accountsViewer, (db) => leaveLists(db, id));
        return res.redirect(303, `${prefix}/letters/leave?done=1`);
      }
      const saved = { ...chosen, categories: [...chosen.categories] };
      await wall.write(accountsViewer, (db) => db.subscriber.updateMany({ where: { id }, data: saved }));
      res.redirect(303, `${prefix}${CHOOSE}?token=${token}&done=1`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

interface Subscriber {
  readonly email: string;
  readonly list: string;
  readonly lang: string;
  readonly categories: readonly string[];
  readonly confirmedAt: Date;
}

async function show(
  { wall, site }: IssueParts,
  language: Language,
  req: Request,
  res: Response,
  subscriber: Subscriber,
  token: string,
): Promise<void> {
  const { say, prefix } = language;
  const { email, confirmedAt } = subscriber;
  const page: SubscribePage = {
    label: say('subscribe.label'),
    heading: say('subscribe.choose.heading'),
    text: say('subscribe.choose.text', { email, day: language.day(confirmedAt) }),
    action: `${prefix}${CHOOSE}`,
    error: null,
    done: req.query['done'] === '1' ? say('subscribe.choose.done') : null,
    fields: [],
    token,
    choice: await choiceFields(wall, site.languages, language, subscriber, true),
    submit: say('account.letters.save'),
    foot: null,
  };
  const layout = layoutOf(site, language, {
    ...{ title: page.heading, path: null, noindex: true },
    audience: audienceOf(res.locals.reader),
  });
  await respond(req, res, 'issues/subscribe', { layout, page });
}
