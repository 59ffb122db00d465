import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer, HIGHEST_RANK } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { alertTitles, briefingTitles, type AlertTitles } from '../../issues/alert-titles';
import { issueName } from '../../issues/issue-name';
import { LETTER_STATES } from '../../issues/states';
import {
  countLetters,
  countLettersOf,
  findIssue,
  listIssues,
  type IssueRow,
  type LetterCounts,
} from '../../issues/store';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { inputField, selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { FilterForm } from '../page-types';
import type { AdminParts } from '../parts';
import { staffOf } from '../staff';
import { nameTiers, type TierNames } from '../tier-names';
import type { IssueCountsPage, IssueLettersPage } from './page-types';
import { countLettersLike, findClicks, listIssueLetters, type ClickSum, type IssueLetterRow } from './queries';

const PATH = '/admin/letters';

/** Rows of a page, issues that can be chosen in the filter, and letters that are counted. */
const ON_A_PAGE = 50;
const MOST_CHOICES = 100;
const MOST_COUNTED = 1_000;

const empty = z.literal('').transform(() => undefined);
const query = z.strictObject({
  q: z.string().max(254).optional(),
  issue: z.union([empty, z.uuid()]).optional(),
  state: z.union([empty, z.enum(LETTER_STATES)]).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
});
type Asked = z.output<typeof query>;

interface Context {
  readonly parts: AdminParts;
  readonly language: Language;
}

/** `/admin/letters`: what was sent to whom at which tier, what failed and why, and the numbers of each issue. */
export function letterRoutes(parts: AdminParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(PATH)
    .get(async (req, res) => {
      const parsed = query.safeParse(req.query);
      if (!parsed.success) throw new Failure(400, 'that is not asked for in this list');
      const { q, issue, state } = parsed.data;
      await (q || issue || state ? showLetters : showIssues)(context, parsed.data, req, res);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

const addressOf = ({ prefix }: Language, { q, issue, state }: Partial<Asked>, page = 1): string =>
  withQuery(`${prefix}${PATH}`, { q, issue, state, page: page === 1 ? undefined : String(page) });

const stepsFor = (language: Language, asked: Asked, read: number) => ({
  previous: asked.page > 1 ? addressOf(language, asked, asked.page - 1) : null,
  next: read > ON_A_PAGE ? addressOf(language, asked, asked.page + 1) : null,
});

const window = ({ page }: Asked) => ({ skip: (page - 1) * ON_A_PAGE, take: ON_A_PAGE + 1 });

/** The filter. @param choices the issues that can be chosen in it */
function filterForm(language: Language, asked: Asked, choices: readonly IssueRow[], titles: AlertTitles): FilterForm {
  const { say } = language;
  const named = choices.map((one) => ({
    value: one.id,
    label: say('admin.letters.choice', { name: issueName(language, one, titles), when: language.moment(one.sendAt) }),
  }));
  const states = LETTER_STATES.map((value) => ({ value, label: say(`admin.letters.state.${value}`) }));
  return {
    action: `${language.prefix}${PATH}`,
    fields: [
      inputField(language, 'q', 'search', asked.q ?? '', {
        label: say('admin.column.address'),
        hint: say('admin.subscribers.q.hint'),
      }),
      selectField(language, 'issue', asked.issue ?? '', named, {
        label: say('admin.letters.issue'),
        any: say('admin.any'),
      }),
      selectField(language, 'state', asked.state ?? '', states, {
        label: say('admin.column.status'),
        any: say('admin.any'),
      }),
    ],
    all: asked.q || asked.issue || asked.state ? `${language.prefix}${PATH}` : null,
  };
}

async function showIssues({ parts, language }: Context, asked: Asked, req: Request, res: Response): Promise<void> {
  const { say } = language;
  const { rows, choices, countsOf } = await parts.wall.read(accountsViewer, async (db) => {
    const found = await listIssues(db, window(asked));
    return {
      rows: found,
      choices: await listIssues(db, { skip: 0, take: MOST_CHOICES }),
      countsOf: await countLettersOf(
        db,
        found.map(({ id }) => id),
      ),
    };
  });
  const titles = await alertTitles(parts.wall, res.locals.reader.viewer, [...rows, ...choices], language);
  const page: IssueCountsPage = {
    frame: adminFrame(language, req, res, 'letters', say('admin.letters.heading')),
    intro: say('admin.letters.intro'),
    filter: filterForm(language, asked, choices, titles),
    rows: rows.slice(0, ON_A_PAGE).map((one) => {
      const counts = countsOf(one.id);
      return {
        ...{ name: issueName(language, one, titles), href: addressOf(language, { issue: one.id }) },
        ...{ state: say(`issue.state.${one.state}`), when: language.moment(one.sendAt) },
        ...{ sent: language.number(counts.sent), failed: language.number(counts.failed) },
        ...{ waiting: language.number(counts.waiting), skipped: language.number(counts.skipped) },
      };
    }),
    steps: stepsFor(language, asked, rows.length),
  };
  await renderAdmin(parts.site, language, req, res, 'letters/issues', PATH, page);
}

async function showLetters({ parts, language }: Context, asked: Asked, req: Request, res: Response): Promise<void> {
  const { say } = language;
  const filter = { q: asked.q || undefined, issue: asked.issue, state: asked.state };
  const read = await parts.wall.read(accountsViewer, async (db) => {
    const issue = asked.issue === undefined ? null : await findIssue(db, asked.issue);
    if (asked.issue !== undefined && !issue) throw notFound('an issue');
    return {
      issue,
      counts: issue && (await countLetters(db, issue.id)),
      choices: await listIssues(db, { skip: 0, take: MOST_CHOICES }),
      rows: await listIssueLetters(db, filter, window(asked)),
      count: await countLettersLike(db, filter, MOST_COUNTED + 1),
      tiers: await nameTiers(db, language),
      clicks: issue ? await findClicks(db, issue.id) : [],
    };
  });
  const { issue, counts } = read;
  // What is asked for can be chosen, however old it is.
  const choices = !issue || read.choices.some(({ id }) => id === issue.id) ? read.choices : [issue, ...read.choices];
  const named = [...choices, ...read.rows.map((row) => row.issue)];
  const titles = await alertTitles(parts.wall, res.locals.reader.viewer, named, language);
  const heading = issue ? issueName(language, issue, titles) : say('admin.letters.heading');
  const page: IssueLettersPage = {
    frame: adminFrame(language, req, res, 'letters', heading),
    filter: filterForm(language, asked, choices, titles),
    clicks: issue && (await clicksOf({ parts, language }, res, read.clicks)),
    issue: issue && counts && issueLine(language, issue, counts, staffOf(res).role === 'admin'),
    count:
      read.count > MOST_COUNTED
        ? say('admin.letters.many', { most: language.number(MOST_COUNTED) })
        : say('admin.letters.count', { n: read.count }),
    rows: read.rows.slice(0, ON_A_PAGE).map((row) => lineOf(language, row, read.tiers, titles)),
    steps: stepsFor(language, asked, read.rows.length),
  };
  await renderAdmin(parts.site, language, req, res, 'letters/list', PATH, page);
}

/** The numbers of an issue in a sentence. Support does not work at the desk, and gets no way to it. */
function issueLine(
  language: Language,
  { id, state }: IssueRow,
  counts: LetterCounts,
  atDesk: boolean,
): NonNullable<IssueLettersPage['issue']> {
  const { say, prefix } = language;
  const [sent, failed] = [language.number(counts.sent), language.number(counts.failed)];
  const [waiting, skipped] = [language.number(counts.waiting), language.number(counts.skipped)];
  return {
    text: say('admin.letters.numbers', { state: say(`issue.state.${state}`), sent, failed, waiting, skipped }),
    href: atDesk ? `${prefix}/desk/issues/${id}` : null,
    label: say('admin.letters.desk'),
  };
}

/** How often the links of an issue were opened: a briefing is named to whom it is there. */
async function clicksOf(
  { parts: { wall, site }, language }: Context,
  res: Response,
  clicks: readonly ClickSum[],
): Promise<IssueLettersPage['clicks']> {
  if (clicks.length === 0 && !site.settings.current.mail.countClicks) return null;
  const { say } = language;
  const ids = clicks.map(({ briefingId }) => briefingId);
  const titles = await briefingTitles(wall, res.locals.reader.viewer, ids, language);
  return {
    text: say('admin.letters.clicks.text', { n: clicks.reduce((all, one) => all + one.clicks, 0) }),
    rows: clicks.map((one) => ({
      title: titles.get(one.briefingId) ?? say('admin.letters.clicks.unnamed'),
      n: language.number(one.clicks),
    })),
  };
}

/** One letter as the list says it. */
function lineOf(
  language: Language,
  row: IssueLetterRow,
  { all }: TierNames,
  titles: AlertTitles,
): IssueLettersPage['rows'][number] {
  const { say, prefix } = language;
  const tier = row.rank === null ? '' : (all.findLast(({ rank }) => rank <= row.rank!)?.name ?? String(row.rank));
  return {
    email: row.email ?? say('issue.letter.gone'),
    href: row.accountId === null ? null : `${prefix}/admin/members/${row.accountId}`,
    issue: issueName(language, row.issue, titles),
    state: say(`admin.letters.state.${row.state}`),
    failed: row.state === 'failed',
    why: row.state === 'sent' ? null : row.failure,
    tier: row.rank === HIGHEST_RANK ? say('issue.staff') : tier,
    language: row.lang === null ? '' : language.languageName(row.lang),
    when: language.moment(row.at),
  };
}
