import { tierOfKind, type Matrix } from '../access/matrix';
import { EMPTY_EDITION, type BriefingContent, type EditionContent, type PassageContent } from '../briefings/content';
import { TEXT_FIELDS } from '../briefings/fields';
import { recognise } from '../briefings/file/cover';
import { AXES } from '../briefings/vocabulary';
import { wordOf, type BriefingShape } from '../site/shape/shape';
import { pictureWith } from './picture';

/** What a planted briefing is like. */
export interface Sort {
  readonly name: string;
  readonly published: Date | null;
  /** May readers meet it? Otherwise every word of it is gated, its title too. */
  readonly open: boolean;
  /** Are passages stricter than their kind where they can be? */
  readonly stricter: boolean;
}

/** Kinds whose first passage shows a picture: of each tier the first that it opens. */
function picturedKinds({ matrix, shape: { kinds } }: PlantedSite): string[] {
  const tiers = kinds.map(({ slug }) => tierOfKind(matrix, slug).slug);
  return kinds.map(({ slug }) => slug).filter((_slug, at) => tiers.indexOf(tiers[at]!) === at);
}

/** What briefings are made of here, and who reads what. */
export interface PlantedSite {
  readonly matrix: Matrix;
  readonly shape: BriefingShape;
  /** Codes of its languages; a briefing is written in the first. */
  readonly langs: readonly string[];
}

/** The texts of one line that are planted: what a cover shows stands nowhere, since there is none. */
export const PLANTED_TEXTS = TEXT_FIELDS.filter(({ editor }) => editor !== 'cover');

/** The two passages of each kind. */
const WHICH = ['first', 'second'] as const;
export type Which = (typeof WHICH)[number];

/** The words of a briefing, each planted in one place. */
export interface Words {
  readonly open: (field: string) => string;
  readonly gated: (kind: string, which: Which, field: string) => string;
  readonly stricter: (kind: string) => string | null;
  /** When that tier of theirs ends. */
  readonly until: (which: Which) => Date | null;
}

/** A briefing, and the pictures that its texts show. */
export interface Content {
  readonly it: BriefingContent;
  readonly pictures: ReadonlyMap<string, Uint8Array>;
}

/** A briefing of a sort, with a canary in every field. */
export function contentOf(
  house: PlantedSite,
  slug: string,
  run: string,
  { published, early }: Sort & Pick<BriefingContent, 'early'>,
  words: Words,
): Content {
  const keys = passageKeys(house, run, words);
  const pictured = picturedKinds(house);
  const pictures = new Map([
    ['open.png', pictureWith(words.open('picture'))],
    ...pictured.map((kind) => [`${kind}.png`, pictureWith(words.gated(kind, 'first', 'picture'))] as const),
  ]);
  return {
    pictures,
    it: textsOf(
      house,
      slug,
      run,
      { published, early },
      words,
      keys,
      Object.fromEntries([...pictures].map(([name, bytes]) => [name, recognise(bytes)!])),
    ),
  };
}

function textsOf(
  house: PlantedSite,
  slug: string,
  run: string,
  { published, early }: Pick<BriefingContent, 'published' | 'early'>,
  words: Words,
  keys: readonly PlantedKey[],
  figures: BriefingContent['figures'],
): BriefingContent {
  const stricter = Object.fromEntries(
    keys.flatMap(({ kind, key }) => {
      const tier = words.stricter(kind);
      return tier ? [[`${kind}/${key}`, tier]] : [];
    }),
  );
  return {
    slug,
    formerly: [`${slug}-before`],
    state: published ? 'published' : 'draft',
    published,
    early,
    updated: null,
    type: house.shape.types[0]?.slug ?? null,
    category: run,
    domain: house.shape.domains[0]?.slug ?? null,
    impact: 'low',
    confidence: 50,
    relevance: 'low',
    horizon: 'near',
    sources: [
      { key: 'first', url: `https://example.org/${slug}/1`, risk: 'low' },
      { key: 'second', url: `https://example.org/${slug}/2`, risk: 'low' },
    ],
    organizations: [
      ...new Set(
        keys.filter(({ kind }) => wordOf(house.shape.kinds, kind)?.shape === 'per-organization').map(({ key }) => key),
      ),
    ].map((key) => ({ key, name: `Organization ${key}`, url: null })),
    authors: [{ key: `${run}-author`, name: `Author of ${run}` }],
    stricter,
    until: Object.fromEntries(
      keys.flatMap(({ kind, key, which }) => {
        const until = words.until(which);
        return until && `${kind}/${key}` in stricter ? [[`${kind}/${key}`, until]] : [];
      }),
    ),
    cover: null,
    figures,
    original: house.langs[0]!,
    editions: Object.fromEntries(house.langs.map((lang) => [lang, editionOf(house, lang, keys, words)])),
  };
}

interface PlantedKey {
  readonly kind: string;
  readonly which: Which;
  readonly key: string;
}

/**
 * Two passages of each kind, one where a briefing has one. The key of a passage that is no note is gated too: it names
 * what it is about.
 */
function passageKeys({ shape: { kinds } }: PlantedSite, run: string, words: Words): PlantedKey[] {
  return kinds.flatMap(({ slug: kind, shape }) =>
    (shape === 'one-text' ? WHICH.slice(0, 1) : WHICH).map((which) => ({
      kind,
      which,
      key:
        shape === 'per-source'
          ? which
          : shape === 'per-organization'
            ? `${run}-${which}`
            : words.gated(kind, which, 'its key'),
    })),
  );
}

function editionOf(
  house: PlantedSite,
  lang: string,
  keys: readonly PlantedKey[],
  { open, gated }: Words,
): EditionContent {
  const { facts, lists } = house.shape;
  const pictured = picturedKinds(house);
  return {
    ...EMPTY_EDITION,
    ...Object.fromEntries(
      PLANTED_TEXTS.map(({ name, property }) => [property, `A ${name} ${open(`${name}, ${lang}`)}`]),
    ),
    explanations: Object.fromEntries(AXES.map((axis) => [axis, `Why ${open(`explanation ${axis}, ${lang}`)}`])),
    facts: Object.fromEntries(facts.map(({ slug }) => [slug, `A fact ${open(`fact ${slug}, ${lang}`)}`])),
    lists: Object.fromEntries(lists.map(({ slug }) => [slug, [`Watch ${open(`list ${slug}, ${lang}`)}`]])),
    sources: {
      first: {
        title: `A source ${open(`source, ${lang}`)}`,
        description: `What it is ${open(`source text, ${lang}`)}`,
      },
    },
    body: `An open body ${open(`body, ${lang}`)}\n\n![A picture](open.png)`,
    passages: keys.map(({ kind, key, which }): PassageContent => {
      const at = (place: string) => gated(kind, which, `${lang}, ${place}`);
      const picture =
        which === 'first' && pictured.includes(kind)
          ? `\n\n![A picture ${at('alt')}](${kind}.png "${at('caption')}")`
          : '';
      return {
        kind,
        key,
        text: [
          `${at('start')} begins this text.${picture}`,
          `A **word ${at('middle')} in bold**, and [a link](https://example.org/${at('link')}).`,
          `- An item at its end: ${at('end')}`,
        ].join('\n\n'),
      };
    }),
  };
}
