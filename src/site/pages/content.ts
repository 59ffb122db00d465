import { z } from 'zod';

/** What a page says in one language; empty where it says nothing. */
export interface PageText {
  readonly title: string;
  /** One sentence: below the title, and where the page is listed. */
  readonly description: string;
  /** Markdown. */
  readonly body: string;
}

export const PAGE_FIELDS = ['title', 'description', 'body'] as const satisfies readonly (keyof PageText)[];

/** Characters that each may have. */
export const PAGE_LONGEST: Readonly<Record<keyof PageText, number>> = { title: 160, description: 320, body: 200_000 };

/** Who wrote a page: an author's address, and what they are called. */
export interface PageAuthor {
  readonly key: string;
  readonly name: string;
}

/** A page in all its languages; one in which nothing is said has no entry. */
export interface PageContent {
  /** The language it was written in first. */
  readonly original: string;
  readonly texts: Readonly<Record<string, PageText>>;
  /** In the order readers see them; none: the publication is the author. */
  readonly authors: readonly PageAuthor[];
}

const text = z.string().catch('');
const stored = z.record(z.string(), z.object({ title: text, description: text, body: text })).catch({});

/** What a row holds. What cannot be read of it says nothing. */
export const readTexts = (json: unknown): PageContent['texts'] => stored.parse(json);

const storedAuthors = z.array(z.object({ key: z.string(), name: z.string() })).catch([]);

/** The authors that a row holds, as they were called then. What cannot be read of it names nobody. */
export const readPageAuthors = (json: unknown): readonly PageAuthor[] => storedAuthors.parse(json);

/** The languages that say anything, in the order of their codes: as rows hold them. */
export const writeTexts = (
  texts: PageContent['texts'],
): Record<string, { title: string; description: string; body: string }> =>
  Object.fromEntries(
    Object.entries(texts)
      .filter(([, one]) => PAGE_FIELDS.some((field) => one[field] !== ''))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([lang, { title, description, body }]) => [lang, { title, description, body }]),
  );

const keysOf = ({ authors }: PageContent): string => authors.map(({ key }) => key).join(' ');

/** Do both say the same in every language, by the same authors? */
export const saysTheSame = (one: PageContent, other: PageContent): boolean =>
  one.original === other.original &&
  keysOf(one) === keysOf(other) &&
  JSON.stringify(writeTexts(one.texts)) === JSON.stringify(writeTexts(other.texts));

/** Languages it has a title in: those it really exists in. */
export const languagesOf = ({ texts }: Pick<PageContent, 'texts'>): string[] =>
  Object.keys(texts).filter((lang) => texts[lang]!.title !== '');
