import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../access/viewer';
import { onlyMethods } from '../http/errors';
import { formBody } from '../http/form';
import { respond } from '../http/respond';
import { layoutOf } from '../http/layout/page-layout';
import { Failure } from '../lib/failure';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import type { IssueParts } from './desk/parts';
import { CHOOSE, ONE_CLICK } from './headers';
import { isOfAccount, leaveLists } from './subscribe/store';
import { readUnsubscribeToken } from './unsubscribe-token';

/** Nothing of it is kept, found, or told to where a link leads: its address leaves a list in somebody's name. */
const unmentioned: RequestHandler = (_req, res, next) => {
  res.set({ 'Cache-Control': 'private, no-store', 'Referrer-Policy': 'no-referrer' });
  next();
};

const leave = (wall: Wall, recipientId: string) => wall.write(accountsViewer, (db) => leaveLists(db, recipientId));

/**
 * What a mail program asks at one click, from wherever it runs and without a session (RFC 8058): it stands before
 * whatever asks where a form comes from. Whoever opens the address is shown the page instead.
 * @throws Failure 404 for a token that is nobody's.
 */
export function oneClickRoutes({ wall, sessionSecrets }: Pick<IssueParts, 'wall' | 'sessionSecrets'>): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(ONE_CLICK)
    .all(unmentioned)
    .get((req, res) => {
      const { token } = req.query;
      res.redirect(302, `/letters/leave?token=${encodeURIComponent(typeof token === 'string' ? token : '')}`);
    })
    .post(async (req, res) => {
      const recipientId = readUnsubscribeToken(req.query['token'], sessionSecrets);
      if (recipientId === null) throw new Failure(404, 'nobody leaves');
      await leave(wall, recipientId);
      res.type('text').send('OK\n');
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

const form = z.object({ token: z.string().max(200) });

/** Whoever has no account gets no letters about it. */
const leaveText = (hasAccount: boolean): string => `letters.leave.text${hasAccount ? '' : '.subscriber'}`;

/** `/letters/leave`: asks, and leaves at a button; a program that opens every link of a letter leaves nothing. */
export function leaveRoutes({ wall, site, sessionSecrets }: IssueParts, language: Language): Router {
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/letters/leave')
    .all(unmentioned)
    .get(async (req, res) => {
      const token = req.query['token'];
      const recipientId = readUnsubscribeToken(token, sessionSecrets);
      const known = recipientId !== null;
      const hasAccount = known && (await wall.read(accountsViewer, (db) => isOfAccount(db, recipientId)));
      const done = req.query['done'] === '1';
      const page = {
        heading: say(done ? 'letters.left.heading' : known ? 'letters.leave.heading' : 'letters.leave.unknown'),
        text: say(done ? 'letters.left.text' : known ? leaveText(hasAccount) : 'letters.leave.unknown.text'),
        form: known && !done ? { action: `${prefix}/letters/leave`, token } : null,
        choices:
          known && !done
            ? { label: say('letters.leave.choose'), href: `${prefix}${CHOOSE}?token=${token as string}` }
            : { label: say('letters.left.choose'), href: `${prefix}/subscribe` },
      };
      res.status(known || done ? 200 : 404);
      const layout = layoutOf(site, language, { title: page.heading, path: null, noindex: true });
      await respond(req, res, 'issues/leave', { layout, page });
    })
    .post(formBody, async (req, res) => {
      const { data } = form.safeParse(req.body ?? {});
      if (!data) throw new Failure(400, 'not the form that leaves');
      const recipientId = readUnsubscribeToken(data.token, sessionSecrets);
      if (recipientId === null) throw new Failure(404, 'nobody leaves');
      await leave(wall, recipientId);
      res.redirect(303, `${prefix}/letters/leave?done=1`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
