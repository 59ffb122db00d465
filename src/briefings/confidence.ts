import type { Language } from '../lib/language';
import { longNameOf, nameOf, type BriefingShape } from '../site/shape/shape';
import type { Band, Confidence } from './reading/page-types';

/** The bands of the score, lowest first, each from its first hundredth. Two places, so no score falls between two. */
export const BANDS = [
  { name: 'watch', grade: 'D', from: 0, to: 9 },
  { name: 'd', grade: 'D', from: 10, to: 34 },
  { name: 'cd', grade: 'C/D', from: 35, to: 54 },
  { name: 'bc', grade: 'B/C', from: 55, to: 74 },
  { name: 'ab', grade: 'A/B', from: 75, to: 89 },
  { name: 'a', grade: 'A', from: 90, to: 100 },
] as const;

/** The band of a score given in hundredths (0 to 100). */
export function bandOf(hundredths: number): (typeof BANDS)[number] {
  return BANDS.findLast(({ from }) => hundredths >= from) ?? BANDS[0];
}

/** A score as a page shows it, with the table of grades behind the `?`. */
export function confidenceView(
  hundredths: number,
  language: Language,
  { bands }: Pick<BriefingShape, 'bands'>,
): Confidence {
  const here = bandOf(hundredths);
  const at = BANDS.indexOf(here);
  return {
    hundredths,
    grade: here.grade,
    sentence: longNameOf(bands, here.name, language).replace('{percent}', language.percent(hundredths / 100)),
    label: nameOf(bands, here.name, language),
    bands: BANDS.map(({ name, grade, from, to }, index): Band => ({
      grade,
      range: `${language.score(from)}–${language.score(to)}`,
      label: nameOf(bands, name, language),
      from,
      // A band reaches to where the next begins, so that the drawing has no gaps.
      width: (BANDS[index + 1]?.from ?? 100) - from,
      state: index < at ? 'below' : index > at ? 'above' : 'here',
    })),
  };
}
