import { Router, type Request } from 'express';
import { accountsViewer } from '../../access/viewer';
import { deskFrame, renderDesk } from '../../desk/frame';
import { editorsOnly } from '../../desk/staff';
import { onlyMethods } from '../../http/errors';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { IssuesPage } from '../page-types';
import { alertTitles } from '../alert-titles';
import { countLettersOf, listIssues } from '../store';
import type { IssueParts } from './parts';
import { issueName } from '../issue-name';

const ON_A_PAGE = 25;

function pageOf(req: Request): number {
  const given = req.query['page'];
  if (given === undefined) return 1;
  if (typeof given !== 'string' || !/^[1-9]\d{0,5}$/.test(given)) throw new Failure(400, 'no number of a page');
  return Number(given);
}

/** `/desk/issues`: what was sent to many, what is going out and what is to. */
export function issueListRoutes({ site, wall }: IssueParts, language: Language): Router {
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/desk/issues')
    .all(editorsOnly(language))
    .get(async (req, res) => {
      const n = pageOf(req);
      const { rows, countsOf } = await wall.read(accountsViewer, async (db) => {
        const found = await listIssues(db, { skip: (n - 1) * ON_A_PAGE, take: ON_A_PAGE + 1 });
        const ids = found.map(({ id }) => id);
        return { rows: found, countsOf: await countLettersOf(db, ids) };
      });
      const titles = await alertTitles(wall, res.locals.reader.viewer, rows, language);
      const progressOf = (id: string) => {
        const { sent, failed, waiting, skipped } = countsOf(id);
        return say('issue.progress', { n: sent, of: language.number(sent + failed + waiting + skipped) });
      };
      const at = (to: number) => `${prefix}/desk/issues${to === 1 ? '' : `?page=${to}`}`;
      const page: IssuesPage = {
        frame: deskFrame(language, req, 'issues', say('issue.list.heading')),
        text: say('issue.list.text'),
        rows: rows.slice(0, ON_A_PAGE).map((one) => ({
          href: `${prefix}/desk/issues/${one.id}`,
          subject: issueName(language, one, titles),
          state: say(`issue.state.${one.state}`),
          progress: progressOf(one.id),
          when: language.moment(one.sendAt),
        })),
        steps: { previous: n > 1 ? at(n - 1) : null, next: rows.length > ON_A_PAGE ? at(n + 1) : null },
      };
      await renderDesk(site, language, req, res, 'issues/list', '/desk/issues', page);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
