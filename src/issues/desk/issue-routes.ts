import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer, HIGHEST_RANK } from '../../access/viewer';
import { deskFrame, renderDesk } from '../../desk/frame';
import type { AskPage } from '../../desk/page-types';
import { actorOf, editorsOnly } from '../../desk/staff';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { tierTextsIn } from '../../membership/tiers';
import { writeAudit } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import { alertTitles } from '../alert-titles';
import { skipWaiting } from '../outcomes';
import type { IssuePage } from '../page-types';
import { ACTS, isOpen, type Act } from '../states';
import { countLetters, findIssue, moveIssue, queueIssue, type IssueRow } from '../store';
import { issueName } from '../issue-name';
import type { IssueParts } from './parts';

interface Context {
  readonly parts: IssueParts;
  readonly language: Language;
}

const DONE = { pause: 'issue-paused', resume: 'issue-resumed', stop: 'issue-stopped' } as const satisfies Record<
  Act,
  string
>;

const MOST_FAILED = 100;

/** `/desk/issues/:id`: how far an issue is, what failed and why; it is paused, goes on, or is stopped for good. */
export function issueRoutes(parts: IssueParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/desk/issues/:id')
    .all(editorsOnly(language))
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  for (const act of ['pause', 'resume'] as const)
    router
      .route(`/desk/issues/:id/${act}`)
      .all(editorsOnly(language))
      .post(formBody, (req, res) => performAct(context, act, req, res))
      .all(onlyMethods('POST'));
  router
    .route('/desk/issues/:id/stop')
    .all(editorsOnly(language))
    .get((req, res) => askStop(context, req, res))
    .post(formBody, (req, res) => performAct(context, 'stop', req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

const idOf = (req: Request): string => {
  const id = z.uuid().safeParse(req.params['id']).data;
  if (id === undefined) throw notFound('issue');
  return id;
};

async function load(db: WallTransaction, id: string): Promise<IssueRow> {
  const issue = await findIssue(db, id);
  if (!issue) throw notFound('issue');
  return issue;
}

async function show({ parts: { site, wall }, language }: Context, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const id = idOf(req);
  const { issue, counts, sent, failed, tiers } = await wall.read(accountsViewer, async (db) => ({
    issue: await load(db, id),
    counts: await countLetters(db, id),
    sent: await db.issueLetter.groupBy({ by: ['rank', 'lang'], where: { issueId: id, state: 'sent' }, _count: true }),
    failed: await db.issueLetter.findMany({
      where: { issueId: id, failure: { not: null }, state: { not: 'sent' } },
      select: {
        state: true,
        failure: true,
        account: { select: { email: true } },
        subscriber: { select: { email: true } },
      },
      orderBy: { id: 'asc' },
      take: MOST_FAILED,
    }),
    tiers: await db.tier.findMany({ include: { texts: true }, orderBy: { rank: 'asc' } }),
  }));
  const titles = await alertTitles(wall, res.locals.reader.viewer, [issue], language);
  const all = counts.waiting + counts.sent + counts.failed + counts.skipped;
  const tierOf = (rank: number | null) => {
    const tier = tiers.findLast((one) => one.rank <= (rank ?? 0));
    return rank === HIGHEST_RANK ? say('issue.staff') : tier ? tierTextsIn(tier, language).name : String(rank);
  };
  const at = `${prefix}/desk/issues/${id}`;
  const fact = (name: string, text: string) => ({ label: say(`issue.fact.${name}`), text });
  const page: IssuePage = {
    frame: deskFrame(language, req, 'issues', issueName(language, issue, titles), [
      { label: say('issue.list.heading'), href: `${prefix}/desk/issues` },
    ]),
    state: say(`issue.state.${issue.state}`),
    reason: issue.reason === null ? null : say(`issue.reason.${issue.reason}`),
    progress: {
      value: all - counts.waiting,
      of: Math.max(1, all),
      text: say('issue.progress', { n: counts.sent, of: language.number(all) }),
    },
    facts: [
      fact('when', language.moment(issue.sendAt)),
      ...(['waiting', 'failed', 'skipped'] as const).map((name) => fact(name, language.number(counts[name]))),
      ...(issue.finishedAt ? [fact('finished', language.moment(issue.finishedAt))] : []),
    ],
    acts: (['pause', 'resume'] as const)
      .filter((act) => isOpen(act, issue.state))
      .map((act) => ({ label: say(`issue.act.${act}`), action: `${at}/${act}`, main: act === 'resume' })),
    stop: isOpen('stop', issue.state) ? { label: say('issue.act.stop'), href: `${at}/stop` } : null,
    sent: sent
      .sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0))
      .map((row) => ({
        tier: tierOf(row.rank),
        language: row.lang === null ? '' : language.languageName(row.lang),
        n: language.number(row._count),
      })),
    failed: failed.map((one) => failedLine(language, one)),
  };
  await renderDesk(site, language, req, res, 'issues/one', `/desk/issues/${id}`, page);
}

/** A letter that did not go; whoever has left since has no address any more. */
const failedLine = (
  { say }: Language,
  {
    account,
    subscriber,
    failure,
    state,
  }: Readonly<Record<'account' | 'subscriber', { email: string } | null>> & { failure: string | null; state: string },
): IssuePage['failed'][number] => ({
  email: (account ?? subscriber)?.email ?? say('issue.letter.gone'),
  why: failure ?? '',
  state: say(`issue.letter.state.${state}`),
});

async function askStop({ parts: { site, wall }, language }: Context, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const id = idOf(req);
  const { issue, counts } = await wall.read(accountsViewer, async (db) => ({
    issue: await load(db, id),
    counts: await countLetters(db, id),
  }));
  if (!isOpen('stop', issue.state)) throw notFound('an issue that can be stopped');
  const at = `${prefix}/desk/issues/${id}`;
  const page: AskPage = {
    frame: deskFrame(language, req, 'issues', say('issue.stop.heading'), [
      { label: say('issue.list.heading'), href: `${prefix}/desk/issues` },
      { label: issueName(language, issue), href: at },
    ]),
    action: `${at}/stop`,
    text: say('issue.stop.text', { n: counts.waiting }),
    consequence: say('issue.stop.kept', { n: counts.sent }),
    hidden: {},
    do: say('issue.act.stop'),
    back: at,
  };
  await renderDesk(site, language, req, res, 'ask', `/desk/issues/${id}/stop`, page);
}

async function performAct({ parts, language }: Context, act: Act, req: Request, res: Response): Promise<void> {
  const { wall, clock } = parts;
  const id = idOf(req);
  const by = await actorOf(wall, req, res);
  const now = clock.now();
  await wall.write(accountsViewer, async (db) => {
    const issue = await load(db, id);
    const begun = issue.startedAt === null ? 'scheduled' : 'sending';
    const to = act === 'pause' ? 'paused' : act === 'stop' ? 'stopped' : begun;
    const ends = act === 'stop' ? { finishedAt: now } : {};
    if (!(await moveIssue(db, id, ACTS[act], { state: to, ...ends }, now)))
      throw new Failure(409, `an issue that is ${issue.state} cannot ${act}`);
    if (act === 'stop') await skipWaiting(db, id);
    if (act === 'resume') await queueIssue(db, id);
    const target = { kind: 'issue', id, name: issueName(language, issue) };
    await writeAudit(db, { ...by, at: now, action: DONE[act], target, before: { state: issue.state } });
  });
  res.redirect(303, `${language.prefix}/desk/issues/${id}?done=${DONE[act]}`);
}
