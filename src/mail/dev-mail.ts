import { Router, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../access/viewer';
import { onlyMethods } from '../http/errors';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { respond } from '../http/respond';
import { notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import { compose, type LetterTemplates } from './compose';

/** Letters shown in the list. */
const MOST = 100;

/**
 * `/dev/mail`: the letters that would have been sent, newest first. For development without a mail server alone:
 * whoever opens it reads everybody's links.
 */
export function devMailRoutes(
  { site, wall, templates }: { readonly site: SiteContext; readonly wall: Wall; readonly templates: LetterTemplates },
  language: Language,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const layout = (res: Response, title: string) =>
    layoutOf(site, language, {
      title,
      path: '/dev/mail',
      noindex: true,
      audience: res.locals.reader.account ? 'member' : 'visitor',
    });

  router
    .route('/dev/mail')
    .get(async (req, res) => {
      const letters = await wall.read(accountsViewer, (db) =>
        db.letter.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: MOST }),
      );
      const page = {
        letters: letters.map((letter) => ({
          href: `${prefix}/dev/mail/${letter.id}`,
          subject: compose(letter, templates).subject,
          recipient: letter.recipient,
          at: letter.createdAt.toISOString(),
        })),
      };
      await respond(req, res, 'letters/list', { layout: layout(res, say('dev-mail.heading')), page });
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/dev/mail/:id')
    .get(async (req, res) => {
      const id = z.uuid().safeParse(req.params.id).data;
      const letter = id ? await wall.read(accountsViewer, (db) => db.letter.findFirst({ where: { id } })) : null;
      if (!letter) throw notFound('a letter');
      const page = {
        letter: compose(letter, templates),
        recipient: letter.recipient,
        at: letter.createdAt.toISOString(),
        list: `${prefix}/dev/mail`,
      };
      await respond(req, res, 'letters/kept', { layout: layout(res, page.letter.subject), page });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
