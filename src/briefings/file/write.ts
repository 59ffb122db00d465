import { isDeepStrictEqual } from 'node:util';
import { Document, Scalar, isScalar, visit } from 'yaml';
import { filedSlugs, wordOf, type BriefingShape, type Word } from '../../site/shape/shape';
import { AXES } from '../vocabulary';
import type { BriefingContent, EditionContent } from '../content';
import { eachChoice, TEXT_FIELDS } from '../fields';
import { fenceFor, ownKey } from './fences';

/**
 * The files of a briefing in canonical form: the same content gives the same bytes, on every machine, and in whatever
 * order pages show its words.
 */
export function writeBriefing(content: BriefingContent, shape: BriefingShape): Map<string, string> {
  return new Map(
    Object.keys(content.editions)
      .sort()
      .map((lang) => [`${lang}.md`, writeEdition(content, lang, shape)]),
  );
}

const SHAPELESS: BriefingShape = {
  kinds: [],
  types: [],
  domains: [],
  facts: [],
  lists: [],
  impact: [],
  relevance: [],
  horizon: [],
  bands: [],
};

/** Would both be written as the same files, whatever shape a briefing has? Pictures count by their kind. */
export const writesTheSame = (one: BriefingContent, other: BriefingContent): boolean =>
  isDeepStrictEqual(writeBriefing(one, SHAPELESS), writeBriefing(other, SHAPELESS));

function writeEdition(content: BriefingContent, lang: string, shape: BriefingShape): string {
  const edition = content.editions[lang]!;
  const matter = {
    ...(lang === content.original ? { briefing: sharedFields(content) } : {}),
    ...textFields(content, edition, shape),
  };
  const parts = [`---\n${yaml(matter)}---\n`];
  if (edition.body !== '') parts.push(`${edition.body}\n`);
  for (const { kind, key, text } of edition.passages) {
    const fence = fenceFor(text);
    const of = wordOf(shape.kinds, kind);
    const named = of && ownKey(of) === key ? '' : ` ${key}`;
    parts.push(`${fence} ${kind}${named}\n${text}\n${fence}\n`);
  }
  return parts.join('\n');
}

function sharedFields(content: BriefingContent): Record<string, unknown> {
  const { type, ...choices } = eachChoice(({ name }) => {
    const value = content[name];
    return typeof value === 'number' ? score(value) : value;
  });
  return present({
    slug: content.slug,
    formerly: content.formerly,
    state: content.state,
    published: content.published && time(content.published),
    early: content.early && { tier: content.early.tier, until: time(content.early.until) },
    updated: content.updated && time(content.updated),
    type,
    category: content.category,
    ...choices,
    cover: content.cover && `cover.${content.cover.format}`,
    sources: content.sources.map(({ key, url, risk }) => ({ key, url, risk })),
    organizations: content.organizations.map(({ key, name, url }) => present({ key, name, url })),
    authors: content.authors.map(({ key, name }) => ({ key, name })),
    stricter: byName(content.stricter),
    until: byName(Object.fromEntries(Object.entries(content.until).map(([name, moment]) => [name, time(moment)]))),
  });
}

function byName(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function textFields(content: BriefingContent, edition: EditionContent, shape: BriefingShape): Record<string, unknown> {
  const topLevel = shape.lists.filter((one) => one.topLevel);
  const others = Object.entries(edition.lists).filter(([name]) => !wordOf(topLevel, name));
  return present({
    ...Object.fromEntries(TEXT_FIELDS.map(({ name, property }) => [name, edition[property]])),
    explanations: named(AXES, edition.explanations),
    facts: inOrder(shape.facts, edition.facts),
    ...named(filedSlugs(topLevel), edition.lists),
    lists: inOrder(shape.lists, Object.fromEntries(others)),
    sources: present(
      Object.fromEntries(
        content.sources.flatMap(({ key }) => {
          const texts = edition.sources[key];
          return texts ? [[key, present({ title: texts.title, description: texts.description })]] : [];
        }),
      ),
    ),
  });
}

/**
 * The fields in the order in which their words were made, whatever order they were read in and pages show; those of no
 * word behind them.
 */
function inOrder(words: readonly Word[], values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = filedSlugs(words);
  const others = Object.keys(values).filter((name) => !known.includes(name));
  return named([...known, ...others.sort()], values);
}

/** The named fields in the order of `names`. */
function named(names: readonly string[], values: Readonly<Partial<Record<string, unknown>>>): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}

/** Without what is empty: a missing field is left out, never written as nothing. */
function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== null &&
        value !== undefined &&
        !(typeof value === 'object' && !isScalar(value) && Object.keys(value).length === 0),
    ),
  );
}

function time(moment: Date): string {
  return moment.toISOString().replace('.000Z', 'Z');
}

function score(hundredths: number): Scalar<number> {
  const scalar = new Scalar(hundredths / 100);
  scalar.minFractionDigits = 2;
  return scalar;
}

function yaml(value: Record<string, unknown>): string {
  if (Object.keys(value).length === 0) return '';
  const document = new Document(value, { aliasDuplicateObjects: false });
  // A block scalar would read back with a line end that the text never had.
  visit(document, {
    Scalar: (_key, node) => {
      if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') delete node.type;
    },
  });
  return document.toString({
    lineWidth: 100,
    indent: 2,
    indentSeq: true,
    blockQuote: false,
    flowCollectionPadding: false,
  });
}
