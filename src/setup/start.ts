import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../access/viewer';
import { onlyMethods } from '../http/errors';
import { formBody } from '../http/form';
import { callSession, endSession } from '../http/renew-session';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { findSetup, isLinkAlive, newSecret, openLink } from './link';
import type { SetupParts } from './parts';
import { renderSetup, stepPage } from './render';

declare module 'express-session' {
  interface SessionData {
    /** The secret of whoever has opened the link of the setup. */
    setup?: string;
  }
}

const link = z.object({ token: z.string().regex(/^[\w-]{43}$/) });

/** `/setup`: the link opens it, once, and whoever has opened it goes on where they were. */
export function startRoutes(parts: SetupParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/setup')
    .get((req, res) => show(parts, language, req, res))
    .post(formBody, (req, res) => open(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** A link is opened by a button: what only looks at addresses does not use it up. */
async function show(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const parsed = link.safeParse(req.query);
  if (!parsed.success) {
    await requireSetup(parts, req, res);
    return res.redirect(303, `${prefix}/setup/publication`);
  }
  const { token } = parsed.data;
  if (!(await isAlive(parts, token))) throw notFound('a setup');
  const page = stepPage(language, 'publication', {
    label: language.siteName,
    heading: say('setup.start.heading'),
    paragraphs: [say('setup.start.text'), say('setup.start.once')],
    form: {
      action: `${prefix}/setup`,
      hidden: [{ name: 'token', value: token }],
      ...{ fields: [], checks: null, buttons: [{ label: say('setup.start.submit'), value: 'begin', quiet: false }] },
    },
  });
  await renderSetup(parts, language, req, res, page);
}

const isAlive = ({ wall, clock }: SetupParts, token: string): Promise<boolean> =>
  wall.read(accountsViewer, (db) => isLinkAlive(db, token, clock.now()));

async function open(parts: SetupParts, { prefix }: Language, req: Request, res: Response): Promise<void> {
  const { wall, clock } = parts;
  const parsed = link.safeParse(req.body);
  // Whoever sends what is no link keeps the session they have.
  if (!parsed.success || !(await isAlive(parts, parsed.data.token))) throw notFound('a setup');
  // Without a session that is kept the link would be used up for nothing.
  await callSession(req, 'regenerate');
  const secret = newSecret();
  req.session.setup = secret;
  await callSession(req, 'save');
  if (!(await wall.write(accountsViewer, (db) => openLink(db, parsed.data.token, secret, clock.now())))) {
    await endSession(req);
    throw notFound('a setup');
  }
  res.redirect(303, `${prefix}/setup/publication`);
}

/**
 * What has been typed in the setup of this session.
 * @throws Failure 404 where it has none, or the setup is over; 503 where the session store does not answer.
 */
export async function requireSetup(
  { wall }: SetupParts,
  req: Request,
  res: Response,
): Promise<{ readonly draft: unknown }> {
  if (res.locals.sessionUnavailable)
    throw new Failure(503, 'the session store does not answer', { headers: { 'Retry-After': '10' } });
  // A session that was ended on the way here is gone.
  const secret = (req.session as typeof req.session | undefined)?.setup;
  const setup = await wall.read(accountsViewer, (db) => findSetup(db, secret));
  if (!setup) throw notFound('a setup');
  return setup;
}
