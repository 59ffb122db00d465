import { z } from 'zod';
import { Failure } from '../../lib/failure';
import { DEFAULT_CODE, type Language, type Phrase } from '../../lib/language';
import { searchWords } from '../../lib/search-words';
import type { LanguageCatalogue } from '../../site/languages/catalogue';

/** Where phrases are said, by the first parts of their keys; what is in none of them stands on pages everywhere. */
export const SECTIONS = {
  pages: [],
  gates: ['gate', 'passage', 'kind'],
  prices: ['pricing', 'join', 'billing'],
  letters: ['letter'],
  accounts: `setup account form passkeys passkey second-factor second-step verify reset login ended goodbye link`.split(
    ' ',
  ),
  desk: ['desk', 'check'],
  admin: ['admin'],
  sandbox: ['sandbox', 'dev-mail'],
} as const satisfies Record<string, readonly string[]>;
export type PhraseSection = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as PhraseSection[];

export const STATES = ['own', 'missing'] as const;

const some = <T extends z.ZodType>(schema: T) => z.union([z.literal('').transform(() => undefined), schema]).optional();
const asked = z.object({
  lang: some(z.string().max(20)),
  words: some(searchWords(200)),
  section: some(z.enum(SECTION_NAMES)),
  state: some(z.enum(STATES)),
  page: some(z.string().regex(/^[1-9]\d{0,3}$/)),
});

/** What is asked for of the list. */
export type PhraseQuery = z.infer<typeof asked>;

/** @throws Failure 400 for what no form of ours asks for. */
export function parsePhraseQuery(query: unknown): PhraseQuery {
  const parsed = asked.safeParse(query);
  if (!parsed.success) throw new Failure(400, 'that is not asked for of the phrases');
  return parsed.data;
}

/** Not said, but known of a language by its setting. */
const NOT_SAID = ['language.dir'];

/** The keys of all phrases, in their order. */
export const phraseKeys = ({ reference }: Pick<LanguageCatalogue, 'reference'>): string[] =>
  Object.keys(reference.phrases).filter((key) => !NOT_SAID.includes(key));

/** Which section says a phrase. */
export function sectionOf(key: string): PhraseSection {
  const [first = ''] = key.split('.');
  return SECTION_NAMES.find((section) => (SECTIONS[section] as readonly string[]).includes(first)) ?? 'pages';
}

/** A phrase as text to be searched in and shown in a list. */
export const textOf = (phrase: Phrase): string =>
  typeof phrase === 'string' ? phrase : [...new Set(Object.values(phrase))].join(' / ');

/** The keys a query asks for, in the order of the file. */
export function findPhrases(
  catalogue: LanguageCatalogue,
  lang: string,
  { words: typed, section, state }: PhraseQuery,
): string[] {
  const { delivered, own } = catalogue.phrasesOf(lang);
  const words = (typed ?? '').toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return phraseKeys(catalogue).filter((key) => {
    if (section !== undefined && sectionOf(key) !== section) return false;
    if (state === 'own' && !Object.hasOwn(own, key)) return false;
    if (state === 'missing' && (Object.hasOwn(own, key) || Object.hasOwn(delivered, key))) return false;
    const texts = [key, own[key], delivered[key], catalogue.reference.phrases[key]];
    const text = texts
      .map((one) => (one === undefined ? '' : textOf(one)))
      .join(' ')
      .toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The language whose phrases are meant; without one, the reader's own. @throws Failure 400 where there is none. */
export function languageAsked({ known }: LanguageCatalogue, { code }: Language, lang: string | undefined): string {
  const asked = lang ?? known.find((one) => one.code === code)?.code ?? DEFAULT_CODE;
  if (!known.some((one) => one.code === asked)) throw new Failure(400, 'there is no such language');
  return asked;
}
