import { categoryLabel, formatInstant } from '../../briefings/reading/cards';
import { CHOICE_FIELDS } from '../../briefings/fields';
import { confidenceView } from '../../briefings/confidence';
import { tierTextsIn } from '../../membership/tiers';
import type { Language } from '../../lib/language';
import { readMoment } from '../moment';
import { nameOf } from '../../site/shape/shape';
import type { EditorContext } from './context';

/**
 * What a field says, in words: codes as readers and editors know them. A text is what it is, and so is a code that
 * nobody knows.
 */
export function sayValue(
  language: Language,
  name: string,
  value: string,
  { shape, categoryRows, tiers, authors }: Pick<EditorContext, 'shape' | 'categoryRows' | 'tiers' | 'authors'>,
): string {
  const phrase = (key: string) => (language.has(key) ? language.say(key) : value);
  const tier = () => {
    const row = tiers.find(({ slug }) => slug === value);
    return row ? tierTextsIn(row, language).name : value;
  };
  const moment = () => {
    const time = readMoment(value, language.zone);
    return time ? formatInstant(time, language).text : value;
  };
  const score = () => {
    const hundredths = Math.round(Number(value) * 100);
    return Number.isNaN(hundredths) ? value : confidenceView(hundredths, language, shape).sentence;
  };
  if (value === '') return value;
  if (name === 'category') {
    const row = categoryRows.find(({ slug }) => slug === value);
    return row ? categoryLabel(row.slug, row.texts, language).name.text : value;
  }
  if (name.startsWith('authors.')) return authors.get(value) ?? value;
  if (name === 'original') return language.languageName(value);
  if (name === 'confidence') return score();
  const words = CHOICE_FIELDS.find((field) => field.name === name)?.words;
  if (words) return nameOf(shape[words], value, language);
  const part = name.slice(name.lastIndexOf('.') + 1);
  if (part === 'risk') return phrase(`risk.${value}`);
  if (part === 'tier') return tier();
  return part === 'until' ? moment() : value;
}
