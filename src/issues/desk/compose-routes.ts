import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { accountsViewer, type Viewer } from '../../access/viewer';
import { readSeveralAs } from '../../briefings/articles/several-articles';
import { idOfBriefing } from '../../desk/body';
import { briefingFrame } from '../../desk/briefing-frame';
import { editorPath } from '../../desk/editor/page';
import { renderDesk } from '../../desk/frame';
import { actorOf, editorOf, editorsOnly } from '../../desk/staff';
import { onlyMethods } from '../../http/errors';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { countMailing } from '../../membership/mailing';
import { writeAudit } from '../../stores/postgres/audit';
import { mailingOf } from '../audience';
import { composeIssue, type ComposedIssue } from '../compose';
import type { SurePage } from '../page-types';
import { writeIssue } from '../store';
import { beginning, composePage, loadCase, type ComposeCase, type ComposeState } from './compose-page';
import { checkIssue, issueForm, readIssueForm, type SentIssue, type TypedIssue } from './form';
import type { IssueParts } from './parts';

interface Context {
  readonly parts: IssueParts;
  readonly language: Language;
}

/** `/desk/briefings/:id/issue`: a briefing is sent to those who have chosen to hear of it. */
export function composeRoutes(parts: IssueParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/desk/briefings/:id/issue')
    .all(editorsOnly(language))
    .get(async (req, res) => {
      const it = await loadCase(parts, idOfBriefing(req));
      await show(context, req, res, it, {
        typed: beginning(it, parts.site.languages.all),
        submission: randomUUID(),
        wrong: {},
      });
    })
    .post(issueForm, (req, res) => take(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/desk/briefings/:id/issue/preview')
    .all(editorsOnly(language))
    .get((req, res) => preview(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function show(
  { parts, language }: Context,
  req: Request,
  res: Response,
  it: ComposeCase,
  state: ComposeState,
  status = 200,
): Promise<void> {
  const page = composePage(parts, language, req, it, state);
  const path = `/desk/briefings/${it.at.base.id}/issue`;
  await renderDesk(parts.site, language, req, res, 'issues/compose', path, page, status);
}

async function take(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, site, clock, entitlements } = parts;
  const id = idOfBriefing(req);
  const sent = readIssueForm(req, site.languages);
  const it = await loadCase(parts, id);
  const again = (errors: ComposeState['wrong'], status: number) =>
    show(context, req, res, it, { typed: sent, submission: sent.submission, wrong: errors }, status);
  if (!it.read) return again({}, 409);
  if (sent.do === 'back') return again({}, 200);
  const { wrong: errors, sendAt } = checkIssue(sent, site.languages, language, clock.now());
  if (Object.keys(errors).length > 0) return again(errors, 422);
  if (sent.do === 'test') return sendTest(context, req, res, id, sent);
  const audience = { lists: sent.lists, tiers: sent.tiers, labels: sent.labels };
  if (sent.do === 'see') {
    const mailing = mailingOf(audience, [it.read.category.slug]);
    const count = await wall.read(accountsViewer, (db) => countMailing(db, mailing, entitlements.now()));
    return ask(context, req, res, it, sent, { ...count, sendAt });
  }
  const by = await actorOf(wall, req, res);
  const [title = ''] = Object.values(sent.subjects).filter((text) => text !== '');
  await wall.write(accountsViewer, async (db) => {
    const now = clock.now();
    const entry = { ...by, id: sent.submission, at: now, action: 'issue-queued' };
    const target = { kind: 'issue', id: sent.submission, name: title };
    const after = { lists: sent.lists.join(' '), tiers: sent.tiers.join(' '), send: sendAt.toISOString() };
    if (!(await writeAudit(db, { ...entry, target, after }))) return;
    const words = { subjects: sent.subjects, preheaders: sent.preheaders };
    const draft = { id: sent.submission, digest: null, briefingIds: [id], audience, sendAt, authorId: by.actor.id };
    await writeIssue(db, { ...draft, ...words }, now);
  });
  res.redirect(303, `${language.prefix}/desk/issues/${sent.submission}?done=issue-queued`);
}

/** What will happen, to how many, and the button that does it. */
async function ask(
  { parts, language }: Context,
  req: Request,
  res: Response,
  it: ComposeCase,
  typed: SentIssue,
  { all: n, withoutAccount, sendAt }: { readonly all: number; readonly withoutAccount: number; readonly sendAt: Date },
): Promise<void> {
  const { say } = language;
  const id = it.at.base.id;
  const tiers = composePage(parts, language, req, it, { typed, submission: typed.submission, wrong: {} }).tiers;
  const page: SurePage = {
    frame: briefingFrame(language, req, it.at, 'issue', say('issue.sure'), parts.clock.now(), true),
    action: editorPath(language, id, '/issue'),
    hidden: hiddenOf(typed),
    text: say('issue.sure.text', { n }),
    facts: [
      { label: say('issue.lists'), text: typed.lists.map((list) => say(`issue.list.${list}`)).join(', ') },
      { label: say('issue.tiers'), text: tiers.flatMap(({ checked, label }) => (checked ? [label] : [])).join(', ') },
      ...(withoutAccount > 0 ? [{ label: say('issue.without-account'), text: language.number(withoutAccount) }] : []),
      ...(typed.labels.length > 0 ? [{ label: say('issue.labels'), text: typed.labels.join(', ') }] : []),
      ...parts.site.languages.all.map(({ code, name }) => ({
        label: say('issue.subject', { language: name }),
        text: typed.subjects[code] ?? '',
      })),
      { label: say('issue.when'), text: typed.when === '' ? say('issue.when.now') : language.moment(sendAt) },
    ],
    submit: n > 0 ? say('issue.sure.submit', { n }) : null,
  };
  await renderDesk(parts.site, language, req, res, 'issues/sure', `/desk/briefings/${id}/issue`, page);
}

const hiddenOf = ({ submission, lists, tiers, labels, subjects, preheaders, when }: SentIssue) => [
  { name: 'submission', value: submission },
  ...lists.map((value) => ({ name: 'lists', value })),
  ...tiers.map((value) => ({ name: 'tiers', value })),
  ...labels.map((value) => ({ name: 'labels', value })),
  ...Object.entries(subjects).map(([code, value]) => ({ name: `subject.${code}`, value })),
  ...Object.entries(preheaders).map(([code, value]) => ({ name: `preheader.${code}`, value })),
  { name: 'when', value: when },
];

/**
 * The letter as a tier gets it in a language.
 * @throws Failure 400 where there is no such tier or language, 404 where the briefing is not there for that tier.
 */
async function composeAs(
  parts: IssueParts,
  id: string,
  { as, lang }: { readonly as: unknown; readonly lang: unknown },
  words: Pick<TypedIssue, 'subjects' | 'preheaders'>,
): Promise<ComposedIssue> {
  const { wall, site } = parts;
  const tiers = await wall.read(accountsViewer, (db) => db.tier.findMany({ select: { slug: true, rank: true } }));
  const tier = tiers.find(({ slug }) => slug === as);
  const language = typeof lang === 'string' ? site.languages.find(lang) : undefined;
  if (!tier || !language) throw new Failure(400, 'no such tier or language to compose for');
  const viewer: Viewer = { role: 'reader', rank: tier.rank };
  const reads = await readSeveralAs(wall, viewer, [id]);
  if (reads.length === 0) throw notFound('a briefing for this tier');
  return composeIssue(parts, { digest: null, ...words }, reads, viewer, language);
}

/** The letter itself: no page of ours, so that it looks as in a mail program. */
async function preview({ parts }: Context, req: Request, res: Response): Promise<void> {
  const { as, lang, part } = req.query;
  const composed = await composeAs(parts, idOfBriefing(req), { as, lang }, { subjects: {}, preheaders: {} });
  if (part === 'text') return void res.type('text').send(composed.text);
  res.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
  );
  res.type('html').send(composed.html);
}

async function sendTest(
  { parts, language }: Context,
  req: Request,
  res: Response,
  id: string,
  sent: SentIssue,
): Promise<void> {
  const { wall, transport } = parts;
  if (transport === null) throw new Failure(409, 'letters are sent nowhere');
  const composed = await composeAs(parts, id, sent, sent);
  const { email } = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: editorOf(res).id }, select: { email: true } }),
  );
  await transport
    .send({ id: randomUUID(), to: email, ...composed, subject: `[${language.say('issue.test')}] ${composed.subject}` })
    .catch((error: unknown) => {
      throw new Failure(503, 'the mail server did not take a test letter', { cause: error });
    });
  res.redirect(303, `${editorPath(language, id, '/issue')}?done=issue-tested`);
}
