import { BANDS, bandOf } from '../../briefings/confidence';
import type { Level } from '../../briefings/vocabulary';

export type BandName = (typeof BANDS)[number]['name'];

/**
 * What a score in a band needs of its sources: how many there are, how many of low risk, and not only ones of high
 * risk.
 */
export interface BandRequirement {
  readonly sources: number;
  readonly lowRisk: number;
  readonly notAllHigh: boolean;
}

/** The whole rule, band by band. An admin changes it (`/desk/confidence`). */
export type ConfidenceRule = Readonly<Record<BandName, BandRequirement>>;

/** Every band by its name, the strongest first. */
export const BAND_NAMES: readonly BandName[] = BANDS.map(({ name }) => name).reverse();

/**
 * Where a score (in hundredths) says more than its sources carry: the gravest question about it, or none. Without any
 * source another finding speaks.
 */
export function confidenceWarning(
  hundredths: number,
  sources: readonly { readonly risk: Level }[],
  rule: ConfidenceRule,
): { readonly code: string; readonly values: Readonly<Record<string, number>> } | null {
  if (sources.length === 0) return null;
  const need = rule[bandOf(hundredths).name];
  if (sources.length < need.sources)
    return { code: 'confidence-sources', values: { percent: hundredths, n: need.sources } };
  if (sources.filter(({ risk }) => risk === 'low').length < need.lowRisk)
    return { code: 'confidence-low-risk', values: { percent: hundredths, n: need.lowRisk } };
  return need.notAllHigh && sources.every(({ risk }) => risk === 'high')
    ? { code: 'confidence-all-high', values: { percent: hundredths } }
    : null;
}

/** The rule in one line: two are the same when their lines are. */
export const markOf = (rule: ConfidenceRule): string =>
  BAND_NAMES.map((name) => `${rule[name].sources}.${rule[name].lowRisk}.${Number(rule[name].notAllHigh)}`).join('-');

/** The bands in which two rules ask for something else. */
export const changedBands = (one: ConfidenceRule, other: ConfidenceRule): BandName[] =>
  BAND_NAMES.filter(
    (name) =>
      one[name].sources !== other[name].sources ||
      one[name].lowRisk !== other[name].lowRisk ||
      one[name].notAllHigh !== other[name].notAllHigh,
  );
