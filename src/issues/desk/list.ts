import { Router, type Request } from 'express';
import { accountsViewer } from '../../access/viewer';
import { deskFrame, renderDesk } from '../../desk/frame';
import { editorsOnly } from '../../desk/staff';
import { onlyMethods } from '../../http/errors';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { IssuesPage } from '../page-types';
import { issueOf, type IssueRow } from '../store';
import type { IssueParts } from './parts';

const ON_A_PAGE = 25;

/** What an issue is called in a list. */
export function nameOf({ say, code }: Language, { alert, digest, subjects }: IssueRow): string {
  if (alert) return say('issue.alert');
  if (digest !== null) return say(`issue.list.${digest}`);
  return subjects[code] || Object.values(subjects).find((text) => text !== '') || say('issue.heading');
}

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
      const { rows, counts } = await wall.read(accountsViewer, async (db) => {
        const found = await db.issue.findMany({
          // An alert that was for nobody is none.
          where: { OR: [{ alert: false }, { state: { not: 'sent' } }, { letters: { some: {} } }] },
          orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
          skip: (n - 1) * ON_A_PAGE,
          take: ON_A_PAGE + 1,
        });
        const issueId = { in: found.map(({ id }) => id) };
        return {
          rows: found.map(issueOf),
          counts: await db.issueLetter.groupBy({ by: ['issueId', 'state'], where: { issueId }, _count: true }),
        };
      });
      const sum = (id: string, state?: string) =>
        counts
          .filter((one) => one.issueId === id && (state === undefined || one.state === state))
          .reduce((all, { _count }) => all + _count, 0);
      const at = (to: number) => `${prefix}/desk/issues${to === 1 ? '' : `?page=${to}`}`;
      const page: IssuesPage = {
        frame: deskFrame(language, req, 'issues', say('issue.list.heading')),
        text: say('issue.list.text'),
        rows: rows.slice(0, ON_A_PAGE).map((one) => ({
          href: `${prefix}/desk/issues/${one.id}`,
          subject: nameOf(language, one),
          state: say(`issue.state.${one.state}`),
          progress: say('issue.progress', { n: sum(one.id, 'sent'), of: language.number(sum(one.id)) }),
          when: language.moment(one.sendAt),
        })),
        steps: { previous: n > 1 ? at(n - 1) : null, next: rows.length > ON_A_PAGE ? at(n + 1) : null },
      };
      await renderDesk(site, language, req, res, 'issues/list', '/desk/issues', page);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
