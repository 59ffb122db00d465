import type { Viewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import { compareWords, type Run } from '../word-diff';
import { kindName, nameIn, nameOf, wordOf, type BriefingShape } from '../../site/shape/shape';
import { confidenceView } from '../confidence';
import type { EditionContent } from '../content';
import { CHOICE_FIELDS, TEXT_FIELDS } from '../fields';
import { categoryLabel } from '../reading/cards';
import { isNote } from '../reading/gates';
import { LocaleFallback } from '../reading/localized';
import { openedPassages } from '../reading/opened-passages';
import { markOf } from '../reading/page-parts';
import type { ReadBriefing } from '../reading/queries';
import { AXES } from '../vocabulary';
import type { ChangesPage } from './page-types';

/** A field of a briefing as a reader meets it. */
interface Field {
  readonly label: string;
  readonly text: string;
  /** Slug of the tier it opens for; null: it is open to everybody. */
  readonly tier: string | null;
}

/** Everything that is at hand of two revisions, which were read as one viewer. */
interface Around {
  readonly viewer: Viewer;
  readonly shape: BriefingShape;
  readonly language: Language;
}

/**
 * Every field in which two revisions differ, for this viewer in this language: made of nothing but what the wall has
 * given for them, with the fallback and the rule of the briefing's page.
 */
export function changesBetween(before: ReadBriefing, after: ReadBriefing, around: Around): ChangesPage['changes'] {
  const [old, own] = [fieldsOf(before, around), fieldsOf(after, around)];
  return [...new Set([...own.keys(), ...old.keys()])]
    .filter((name) => own.get(name)?.text !== old.get(name)?.text)
    .map((name) => {
      const field = (own.get(name) ?? old.get(name))!;
      return {
        label: field.label,
        tier: field.tier === null ? null : markOf(field.tier, after.tiers, around.language),
        runs: runsBetween(old.get(name)?.text ?? '', own.get(name)?.text ?? ''),
      };
    });
}

/** Long texts that share little are shown one after the other. */
const runsBetween = (before: string, after: string): Run[] =>
  compareWords(before, after).filter(({ text }) => text !== '');

/** Each by a name that is the same in every revision, in the order of pages. */
function fieldsOf(read: ReadBriefing, around: Around): Map<string, Field> {
  const { language, shape } = around;
  const fields = new Map<string, Field>();
  const put = (name: string, label: string, text: string | null | undefined, tier: string | null = null) => {
    if (text) fields.set(name, { label, text, tier });
  };
  const fallback = new LocaleFallback(language.code, read.content.original, Object.keys(read.content.editions));
  const said = (field: (edition: EditionContent) => string | null | undefined) =>
    fallback.text((lang) => read.content.editions[lang] && field(read.content.editions[lang]))?.text;
  for (const { name, property } of TEXT_FIELDS)
    put(
      name,
      language.say(`desk.field.${name}`),
      said((edition) => edition[property]),
    );
  put(
    'body',
    language.say('changes.body'),
    said(({ body }) => body),
  );
  putCover(read, put, language);
  putChoices(read, put, around);
  for (const axis of AXES)
    put(
      `explanation ${axis}`,
      language.say('desk.field.explanation', { axis: language.say(`term.${axis}`) }),
      said(({ explanations }) => explanations[axis]),
    );
  for (const fact of shape.facts)
    put(
      `fact ${fact.slug}`,
      nameIn(fact, language),
      said(({ facts }) => facts[fact.slug]),
    );
  for (const list of shape.lists) {
    const found = fallback.list((lang) => read.content.editions[lang]?.lists[list.slug]);
    put(`list ${list.slug}`, nameIn(list, language), found?.items.join('\n'));
  }
  putRows(read, put, language, said);
  putPassages(read, put, around, fallback);
  return fields;
}

type Put = (name: string, label: string, text: string | null | undefined, tier?: string | null) => void;
type Said = (field: (edition: EditionContent) => string | null | undefined) => string | undefined;

/** A cover is named by its picture, so that another one of the same size is another text. */
function putCover({ content: { cover } }: ReadBriefing, put: Put, { say }: Language): void {
  put(
    'cover',
    say('desk.field.cover'),
    cover && `${cover.width} × ${cover.height} ${cover.format} ${cover.id.slice(0, 7)}`,
  );
}

function putChoices({ content, category }: ReadBriefing, put: Put, { shape, language }: Around): void {
  put(
    'category',
    language.say('desk.field.category'),
    categoryLabel(category.slug, category.texts, language).name.text,
  );
  for (const { name: field, words } of CHOICE_FIELDS) {
    const value = content[field];
    if (value === null) continue;
    const text =
      words === null
        ? confidenceView(Number(value), language, shape).sentence
        : nameOf(shape[words], String(value), language);
    put(field, language.say(`desk.field.${field}`), text);
  }
}

function putRows({ content }: ReadBriefing, put: Put, language: Language, said: Said): void {
  const { say } = language;
  put('authors', say('changes.authors'), content.authors.map(({ name }) => name).join('\n'));
  for (const [index, { key, url, risk }] of content.sources.entries())
    put(
      `source ${key}`,
      say('changes.source', { number: index + 1 }),
      [
        said(({ sources }) => sources[key]?.title),
        url,
        said(({ sources }) => sources[key]?.description),
        say(`risk.${risk}`),
      ]
        .filter(Boolean)
        .join('\n'),
    );
  const organizations = content.organizations.map(({ name, url }) => (url === null ? name : `${name} ${url}`));
  put('organizations', say('organizations.heading'), organizations.join('\n'));
}

/** The passages that are open: no other is at hand. */
function putPassages(
  read: ReadBriefing,
  put: Put,
  { viewer, shape, language }: Around,
  fallback: LocaleFallback,
): void {
  const { content } = read;
  const numbers = new Map<string, number>();
  for (const { kind, key, tier, text } of openedPassages(read, viewer, fallback)) {
    const number = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, number);
    const word = wordOf(shape.kinds, kind);
    const name = word ? nameIn(word, language) : kind;
    const source = content.sources.findIndex((one) => one.key === key) + 1;
    const about = isNote(shape, kind)
      ? (content.organizations.find((one) => one.key === key)?.name ??
        (source > 0 ? language.say('changes.source', { number: source }) : key))
      : number > 1
        ? String(number)
        : null;
    put(`passage ${word ? kindName(word) : kind} ${key}`, about === null ? name : `${name}: ${about}`, text, tier);
  }
}
