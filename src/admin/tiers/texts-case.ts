import { notFound } from '../../lib/failure';
import { unmarked } from '../../lib/marked';
import type { Language, Languages } from '../../lib/language';
import { findTiers, tierTextsIn, type TierRow } from '../../membership/tiers';
import type { WallTransaction } from '../../stores/postgres/wall';
import { versionOf } from '../action/submission';
import { tierTextsOf, type TierText, type TierTexts } from './tier-texts';

/** A tier with what it says of itself now. */
export interface TextsCase {
  readonly row: TierRow;
  readonly name: string;
  readonly words: TierTexts;
  /** The names of the other tiers, by language. */
  readonly taken: Readonly<Record<string, readonly string[]>>;
  readonly version: string;
}

/** The case as it is now. @throws Failure 404 where there is no such tier. */
export async function readTextsCase(
  db: WallTransaction,
  languages: Languages,
  language: Language,
  slug: unknown,
): Promise<TextsCase> {
  const all = await findTiers(db);
  const row = all.find((one) => one.slug === slug);
  if (!row) throw notFound('a tier');
  const others = all.filter((one) => one !== row).flatMap(({ texts }) => texts);
  const words = tierTextsOf(row, languages);
  return {
    row,
    name: unmarked(tierTextsIn(row, language).name),
    words,
    taken: Object.fromEntries(
      languages.all.map(({ code }) => [code, others.filter(({ lang }) => lang === code).map(({ name }) => name)]),
    ),
    version: versionOf(words),
  };
}

/** Writes the texts of a tier; a language without any has none afterwards. */
export async function writeTexts(
  db: WallTransaction,
  { all }: Languages,
  slug: string,
  words: TierTexts,
): Promise<void> {
  for (const { code: lang } of all) {
    const text = words[lang];
    if (text === undefined) await db.tierText.deleteMany({ where: { tierSlug: slug, lang } });
    else
      await db.tierText.upsert({
        where: { tierSlug_lang: { tierSlug: slug, lang } },
        create: { tierSlug: slug, lang, ...columnsOf(text) },
        update: columnsOf(text),
        select: { lang: true },
      });
  }
}

/** The tier as it would be; texts in languages that are not offered stay. */
export function withTexts(row: TierRow, words: TierTexts): TierRow {
  const others = row.texts.filter(({ lang }) => !(lang in words));
  const given = Object.entries(words).map(([lang, text]) => ({ tierSlug: row.slug, lang, ...columnsOf(text) }));
  return { ...row, texts: [...others, ...given] };
}

const columnsOf = ({ benefits, ...texts }: TierText) => ({ ...texts, benefits: [...benefits] });
