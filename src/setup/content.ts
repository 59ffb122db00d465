import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { editorialViewer } from '../access/viewer';
import { parseBody } from '../accounts/forms';
import { actorOf, staffOnly } from '../admin/staff';
import { bringSamples } from '../briefings/file/samples';
import { onlyMethods } from '../http/errors';
import { formBody } from '../http/form';
import type { Language } from '../lib/language';
import type { SetupParts } from './parts';
import { renderSetup, stepPage } from './render';

const chosen = z.object({ do: z.enum(['empty', 'samples']) });

/** `/setup/content`: empty, or with the samples. It is an admin's by now. */
export function contentRoutes(parts: SetupParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/setup/content')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(parts, language, req, res))
    .post(formBody, (req, res) => choose(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function show(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const there = await parts.wall.read(editorialViewer, (db) => db.briefing.count({ where: { copyOf: null } }));
  const next = { label: say('setup.next'), href: `${prefix}/setup/services` };
  const page = stepPage(language, 'content', {
    paragraphs: [say(there > 0 ? 'setup.content.there' : 'setup.content.text', { n: there })],
    form:
      there > 0
        ? null
        : {
            action: `${prefix}/setup/content`,
            ...{ hidden: [], fields: [], checks: null },
            buttons: [
              { label: say('setup.content.empty'), value: 'empty', quiet: false },
              { label: say('setup.content.samples'), value: 'samples', quiet: true },
            ],
          },
    next: there > 0 ? next : null,
  });
  await renderSetup(parts, language, req, res, page);
}

async function choose(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const { wall, invalidatingWall, clock } = parts;
  const { do: choice } = parseBody(chosen, req.body);
  if (choice === 'samples')
    await bringSamples(invalidatingWall, { ...(await actorOf(wall, req, res)), at: clock.now() });
  res.redirect(303, `${language.prefix}/setup/services`);
}
