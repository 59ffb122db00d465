import type { Request } from 'express';
import { accountsViewer, editorialViewer, HIGHEST_RANK, type Viewer } from '../../access/viewer';
import { readSeveralAs } from '../../briefings/articles/several-articles';
import type { ReadBriefing } from '../../briefings/reading/queries';
import { findEditable, type EditableBriefing } from '../../briefings/writing/working-copies';
import { briefingFrame } from '../../desk/briefing-frame';
import { editorPath } from '../../desk/editor/page';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { tierTextsIn } from '../../membership/tiers';
import { LONGEST, publicTexts, shortened } from '../compose';
import { LISTS } from '../lists';
import type { ComposePage } from '../page-types';
import { issueOf, type IssueRow } from '../store';
import type { IssueFaults, TypedIssue } from './form';
import type { IssueParts } from './parts';

/** Reads whatever is published, for whichever tier first. */
const everything: Viewer = { role: 'reader', rank: HIGHEST_RANK };

const MOST_LABELS = 100;

/** A briefing about to be sent, as the desk has it and as its furthest readers do. */
export interface ComposeCase {
  readonly at: EditableBriefing;
  /** Null: it is not published. */
  readonly read: ReadBriefing | null;
  readonly labels: readonly string[];
  readonly issues: readonly IssueRow[];
}

/** @throws Failure 404 where there is no such briefing. */
export async function loadCase({ wall }: IssueParts, id: string): Promise<ComposeCase> {
  const at = await wall.read(editorialViewer, (db) => findEditable(db, id));
  if (!at) throw notFound('briefing');
  const [read = null] = await readSeveralAs(wall, everything, [id]);
  const { labels, issues } = await wall.read(accountsViewer, async (db) => ({
    labels: await db.accountLabel.findMany({ distinct: ['label'], orderBy: { label: 'asc' }, take: MOST_LABELS }),
    issues: await db.issue.findMany({
      where: { briefingIds: { has: id }, digest: null },
      orderBy: { createdAt: 'desc' },
      take: 20,
    }),
  }));
  return { at, read, labels: labels.map(({ label }) => label), issues: issues.map(issueOf) };
}

/**
 * What the form holds before anything is typed: those who hear of each briefing, at every tier; its title and summary.
 */
export function beginning({ read }: ComposeCase, languages: readonly Language[]): TypedIssue {
  const texts = languages.map((language) => [language.code, read && publicTexts(read, language)] as const);
  return {
    lists: ['each'],
    tiers: read?.tiers.map(({ slug }) => slug) ?? [],
    labels: [],
    subjects: Object.fromEntries(
      texts.map(([code, shown]) => [code, shortened(shown?.title.text ?? '', LONGEST.subject)]),
    ),
    preheaders: Object.fromEntries(
      texts.map(([code, shown]) => [code, shortened(shown?.summary?.text ?? '', LONGEST.preheader)]),
    ),
    when: '',
  };
}

export interface ComposeState {
  readonly typed: TypedIssue;
  readonly submission: string;
  readonly wrong: IssueFaults;
}

/** The page on which an editor says what is sent, to whom and when. */
export function composePage(
  { site, clock, transport }: IssueParts,
  language: Language,
  req: Request,
  it: ComposeCase,
  { typed, submission, wrong: errors }: ComposeState,
): ComposePage {
  const { say } = language;
  const id = it.at.base.id;
  const action = editorPath(language, id, '/issue');
  const tiers = it.read?.tiers ?? [];
  const named = tiers.map((tier) => ({ value: tier.slug, label: tierTextsIn(tier, language).name }));
  const lines = (part: 'subject' | 'preheader', texts: Readonly<Record<string, string>>) =>
    site.languages.all.map(({ code, name }) => ({
      name: `${part}.${code}`,
      label: say(`issue.${part}`, { language: name }),
      lang: code,
      value: texts[code] ?? '',
      error: errors[`${part}.${code}`] ?? null,
    }));
  return {
    frame: briefingFrame(language, req, it.at, 'issue', say('issue.heading'), clock.now()),
    action,
    submission,
    refused: it.read ? null : say('issue.refused.unpublished'),
    noMail: transport === null ? say('issue.no-mail') : null,
    wrong: Object.keys(errors).length > 0 ? say('issue.wrong') : null,
    lists: LISTS.map((list) => ({
      value: list,
      label: say(`issue.list.${list}`),
      checked: typed.lists.includes(list),
    })),
    listsError: errors['lists'] ?? null,
    tiers: named.map((tier) => ({ ...tier, checked: typed.tiers.includes(tier.value) })),
    tiersError: errors['tiers'] ?? null,
    labels: it.labels.map((label) => ({ value: label, label, checked: typed.labels.includes(label) })),
    subjects: lines('subject', typed.subjects),
    preheaders: lines('preheader', typed.preheaders),
    when: { value: typed.when, hint: say('issue.when.hint', { zone: language.zone }), error: errors['when'] ?? null },
    as: named.map((tier) => ({ ...tier, selected: false })),
    langs: site.languages.all.map(({ code, name }) => ({ value: code, label: name, selected: code === language.code })),
    previews: named.map(({ value, label }) => ({
      label,
      links: site.languages.all.flatMap(({ code, name }) =>
        (['html', 'text'] as const).map((part) => ({
          label: say(`issue.preview.${part}`, { language: name }),
          href: `${action}/preview?as=${value}&lang=${code}&part=${part}`,
        })),
      ),
    })),
    before: it.issues.map((issue) => ({
      href: `${language.prefix}/desk/issues/${issue.id}`,
      label: language.moment(issue.sendAt),
      state: say(`issue.state.${issue.state}`),
    })),
  };
}
