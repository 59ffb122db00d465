import type { Viewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import type { BriefingShape } from '../../site/shape/shape';
import { briefingPage } from '../reading/briefing-page';
import { briefingPath, formatInstant } from '../reading/cards';
import { lockedPassages } from '../reading/gates';
import { LocaleFallback } from '../reading/localized';
import type { BriefingPage, LocalizedText } from '../reading/page-types';
import type { ReadBriefing } from '../reading/queries';
import { changesBetween } from './fields';
import type { ChangesPage, RevisionsPage } from './page-types';
import type { PublishedRevision, ReadRevision, ReadRevisions } from './queries';

interface Around {
  readonly viewer: Viewer;
  readonly shape: BriefingShape;
  readonly language: Language;
}

/** Where a revision is to be had for good. */
export const revisionPath = (language: Pick<Language, 'prefix'>, slug: string, number: number): string =>
  `${briefingPath(language, slug)}/revisions/${number}`;

const changesPath = (language: Language, slug: string, from: number, to: number | null): string =>
  `${revisionPath(language, slug, from)}/changes${to === null ? '' : `?to=${to}`}`;

const nameOf = ({ say }: Language, { number }: Pick<PublishedRevision, 'number'>): string =>
  say('revision.name', { number });

/** The page of one revision: the briefing's as it was, saying what it is. */
export function revisionPage({ slug }: ReadRevisions, { revision, read }: ReadRevision, around: Around): BriefingPage {
  const { language, viewer, shape } = around;
  const { say } = language;
  const from = formatInstant(revision.published, language).text;
  const newest = { label: say('revision.newest'), href: briefingPath(language, slug) };
  const changes = { label: say('revision.changes'), href: changesPath(language, slug, revision.number, null) };
  return {
    ...briefingPage(read, viewer, shape, language),
    revision: {
      name: nameOf(language, revision),
      standing: revision.ended
        ? say('revision.former', { from, until: formatInstant(revision.ended, language).text })
        : say('revision.current', { from }),
      former: revision.ended !== null,
      links: [
        newest,
        ...(revision.ended ? [changes] : []),
        { label: say('revision.all'), href: `${briefingPath(language, slug)}/revisions` },
      ],
    },
  };
}

export const titleOf = ({ content }: ReadBriefing, { code }: Language): LocalizedText =>
  new LocaleFallback(code, content.original, Object.keys(content.editions)).text(
    (lang) => content.editions[lang]?.title,
  ) ?? { text: content.slug, lang: null };

/** The list of them. The first that was asked for is the newest, whose title the page has. */
export function revisionsPage({ slug, all, asked }: ReadRevisions, { language }: Around): RevisionsPage {
  const open = all.filter(({ closed }) => closed === null);
  return {
    title: titleOf(asked[0]!.read, language),
    back: briefingPath(language, slug),
    rows: all.map((one) => {
      const before = one.closed ? undefined : open[open.indexOf(one) + 1];
      return {
        name: nameOf(language, one),
        href: revisionPath(language, slug, one.number),
        published: formatInstant(one.published, language),
        ended: one.ended && formatInstant(one.ended, language),
        closed: one.closed && {
          text: one.closed.reason,
          lang: one.closed.lang === language.code ? null : one.closed.lang,
        },
        changes: before ? changesPath(language, slug, before.number, one.number) : null,
      };
    }),
  };
}

/** What changed between two of them. */
export function changesPage(
  { slug }: ReadRevisions,
  [from, to]: readonly [ReadRevision, ReadRevision],
  around: Around,
): ChangesPage {
  const { language, viewer, shape } = around;
  const link = ({ revision }: ReadRevision) => ({
    label: nameOf(language, revision),
    href: revisionPath(language, slug, revision.number),
    published: formatInstant(revision.published, language),
  });
  return {
    title: titleOf(to.read, language),
    back: `${briefingPath(language, slug)}/revisions`,
    from: link(from),
    to: link(to),
    changes: changesBetween(from.read, to.read, around),
    gated: [from, to].some(({ read }) => lockedPassages(read, viewer, shape).length > 0),
  };
}
