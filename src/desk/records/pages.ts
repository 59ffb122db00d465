import { LocaleFallback } from '../../briefings/reading/localized';
import type { LocalizedText } from '../../briefings/reading/page-types';
import type { Language } from '../../lib/language';
import type { Box, DeskFrame } from '../page-types';
import type { RecordErrors, RecordFields } from './forms';
import type { RecordUsers } from './queries';

/** What stands in a form of a record, and what is wrong with it. */
export interface RecordFormState {
  readonly typed: RecordFields;
  readonly wrong?: RecordErrors;
}

/** What every form of a record has besides its fields. */
export interface RecordForm {
  readonly action: string;
  readonly wrong: string | null;
  /** The first field that is wrong. */
  readonly wrongHref: string | null;
  readonly slug: Box;
  readonly slugHint: string;
  readonly hidden: { readonly name: string; readonly value: string };
  readonly submit: string;
}

/** Where somebody else has changed it meanwhile: what stands now beside what was typed. */
export type RecordConflict = readonly { readonly label: string; readonly theirs: string; readonly mine: string }[];

export interface RecordDeletePage {
  readonly frame: DeskFrame;
  readonly text: string;
  /** What names it, or some of it; empty where it may go. */
  readonly users: readonly { readonly title: LocalizedText; readonly href: string }[];
  readonly more: string | null;
  readonly sure: { readonly action: string; readonly version: string } | null;
  readonly back: { readonly label: string; readonly href: string };
}

/** Makes the box of one field; `lang` where it is for the text of one language. */
export type BoxMaker = (name: string, label: string, lang: string | null, kind: Box['kind']) => Box;

/**
 * What a form shows besides fields of its own, and what makes their boxes. `limits` are the numbers that sentences
 * about wrong fields name.
 */
export function recordForm(
  { say }: Language,
  kind: string,
  { typed, wrong: errors = {} }: RecordFormState,
  limits: Readonly<Record<string, number>> = {},
): { readonly box: BoxMaker; readonly form: Pick<RecordForm, 'wrong' | 'wrongHref' | 'slug'> } {
  const idOf = (name: string) => `${kind}-${name.replace('.', '-')}`;
  const [first] = Object.keys(errors);
  const box: BoxMaker = (name, label, lang, how) => ({
    ...{ name, id: idOf(name), label, lang, kind: how },
    ...{ value: typed[name] ?? '', missing: false, list: null },
    error: errors[name] === undefined ? null : say(errors[name], limits),
  });
  return {
    box,
    form: {
      wrong: first === undefined ? null : say('desk.record.wrong'),
      wrongHref: first === undefined ? null : `#${idOf(first)}`,
      slug: box('slug', say('desk.record.slug'), null, 'line'),
    },
  };
}

/** What the form of a new record says, and where it goes. */
export const newRecordForm = ({ say }: Language, action: string, submissionId: string) => ({
  action,
  slugHint: say('desk.record.slug.new'),
  hidden: { name: 'submission', value: submissionId },
  submit: say('desk.record.make'),
});

/** The same for one that is there; `conflict` where somebody else has changed it meanwhile. */
export const editRecordForm = ({ say }: Language, action: string, version: string, conflict: boolean) => ({
  action,
  slugHint: say('desk.record.slug.hint'),
  hidden: { name: 'version', value: version },
  submit: say(conflict ? 'desk.conflict.keep' : 'desk.record.save'),
});

/** What stands now and what was typed, where they differ. */
export function conflictOf(
  language: Language,
  kind: string,
  theirs: RecordFields,
  typed: RecordFields,
): RecordConflict {
  const { say } = language;
  const labelOf = (name: string) => {
    const [part, lang] = name.split('.');
    if (part === 'slug') return say('desk.record.slug');
    return say(`desk.${kind}.${part}`) + (lang === undefined ? '' : ` (${language.languageName(lang)})`);
  };
  return Object.keys(theirs)
    .filter((name) => theirs[name] !== typed[name])
    .map((name) => ({ label: labelOf(name), theirs: theirs[name] || '—', mine: typed[name] || '—' }));
}

/** The page that asks before a record is deleted, or says what keeps it. */
export function deletePage(
  language: Language,
  kind: string,
  frame: DeskFrame,
  record: { readonly name: string; readonly href: string; readonly version: string },
  { count, first }: RecordUsers,
): RecordDeletePage {
  const { say } = language;
  const { name, href, version } = record;
  return {
    frame,
    text: say(`desk.${kind}.delete.${count > 0 ? 'used' : 'text'}`, { n: count, name }),
    users: first.map(({ section, id, slug, original, titles }) => ({
      href: `${language.prefix}/desk/${section}/${id}`,
      title: new LocaleFallback(language.code, original, Object.keys(titles)).text((lang) => titles[lang]) ?? {
        ...{ text: slug, lang: null },
      },
    })),
    more: count > first.length ? say('desk.record.delete.more', { n: count - first.length }) : null,
    sure: count > 0 ? null : { action: `${href}/delete`, version },
    back: { label: say(`desk.${kind}.back`), href },
  };
}
