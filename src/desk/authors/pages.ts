import { smallPicture } from '../../briefings/pictures/queries';
import { AUTHOR_LONGEST } from '../../briefings/authors';
import type { AuthorRow } from '../../briefings/author-rows';
import { authorPath } from '../../briefings/reading/cards';
import { LocaleFallback } from '../../briefings/reading/localized';
import { pagingOf } from '../../briefings/reading/paging';
import { LONGEST } from '../../briefings/fields';
import type { Language, Languages } from '../../lib/language';
import { uploadHint } from '../files/upload-hints';
import type { DeskFrame } from '../page-types';
import { conflictOf, editRecordForm, newRecordForm, recordForm, type RecordFormState } from '../records/pages';
import { typedOf, type AuthorInput } from './forms';
import type { AuthorForm, AuthorSectionPage, AuthorsPage } from './page-types';
import type { findAuthors } from './queries';

/** The address of an author's section, or of one within it. */
export const authorDeskPath = ({ prefix }: Pick<Language, 'prefix'>, slug: string, section = ''): string =>
  `${prefix}/desk/authors/${slug}${section}`;

function formOf(
  language: Language,
  { all }: Languages,
  state: RecordFormState,
  rest: Pick<AuthorForm, 'action' | 'slugHint' | 'hidden' | 'submit'>,
): AuthorForm {
  const { say } = language;
  const { box, form } = recordForm(language, 'author', state, AUTHOR_LIMITS);
  return {
    ...form,
    ...rest,
    name: box('name', say('desk.author.name'), null, 'line'),
    lines: {
      legend: say('desk.author.line'),
      hint: say('desk.author.line.hint', AUTHOR_LIMITS),
      boxes: all.map(({ code }) => box(`line.${code}`, language.languageName(code), code, 'line')),
    },
    links: box('links', say('desk.author.links'), null, 'list'),
    linksHint: say('desk.author.links.hint', AUTHOR_LIMITS),
  };
}

const AUTHOR_LIMITS = { name: LONGEST.authorName, line: AUTHOR_LONGEST.line, links: AUTHOR_LONGEST.links };

const lineOf = ({ texts }: AuthorRow, { code }: Language) =>
  new LocaleFallback(
    code,
    code,
    texts.map(({ lang }) => lang),
  ).text((lang) => texts.find((one) => one.lang === lang)?.line);

const pictureOf = ({ picture }: AuthorRow) =>
  picture && {
    src: smallPicture(
      picture,
      picture.sizes.map(({ width }) => width),
    ).src,
    width: picture.width,
    height: picture.height,
  };

/** One page of the authors, with the form of a new one below it. */
export function authorsPage(
  language: Language,
  languages: Languages,
  frame: DeskFrame,
  { rows, pages, page }: Awaited<ReturnType<typeof findAuthors>> & { readonly page: number },
  { submissionId, ...state }: RecordFormState & { readonly submissionId: string },
): AuthorsPage {
  const { say, prefix } = language;
  const home = `${prefix}/desk/authors`;
  return {
    frame,
    rows: rows.map((row) => ({
      name: row.name,
      href: authorDeskPath(language, row.slug),
      line: lineOf(row, language),
      address: authorPath(language, row.slug),
      briefings: say('desk.categories.briefings', { n: row._count.written }),
      picture: pictureOf(row)?.src ?? null,
    })),
    paging: pagingOf(page, pages, (number) => (number > 1 ? `${home}?page=${number}` : home)),
    form: formOf(language, languages, state, newRecordForm(language, home, submissionId)),
  };
}

/** The form of one author; `theirs` is what somebody else made of it meanwhile. */
export function authorPage(
  language: Language,
  languages: Languages,
  frame: DeskFrame,
  {
    row,
    version,
    theirs,
    pictureError,
    ...state
  }: RecordFormState & {
    readonly row: AuthorRow;
    readonly version: string;
    readonly theirs: AuthorInput | null;
    readonly pictureError: string | null;
  },
): AuthorSectionPage {
  const { say } = language;
  const langs = languages.all.map(({ code }) => code);
  const action = authorDeskPath(language, row.slug);
  return {
    frame,
    conflict: theirs && conflictOf(language, 'author', typedOf(theirs, langs), state.typed),
    form: formOf(language, languages, state, editRecordForm(language, action, version, theirs !== null)),
    picture: {
      action: `${action}/picture`,
      remove: row.pictureId === null ? null : `${action}/picture/remove`,
      shown: pictureOf(row),
      hint: uploadHint(language),
      error: pictureError,
    },
    links: [
      { label: say('desk.author.see'), href: authorPath(language, row.slug) },
      { label: say('desk.author.delete'), href: `${action}/delete` },
    ],
  };
}
