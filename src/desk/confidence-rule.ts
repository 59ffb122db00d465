import type { Level } from '../briefings/words';

/** What a score needs of its sources, from which hundredth on: how many there are, and how many of low risk. Change it here. */
const NEEDS = [
  { from: 90, sources: 2, lowRisk: 1 },
  { from: 75, sources: 1, lowRisk: 1 },
] as const;

/** Above this score sources that are all of high risk are doubted. */
const ALL_HIGH = 34;

/** Where a score (in hundredths) says more than its sources carry. */
export function doubtsOfConfidence(hundredths: number, sources: readonly { readonly risk: Level }[]): { readonly code: string; readonly values: Readonly<Record<string, number>> }[] {
  if (sources.length === 0) return [];
  const low = sources.filter(({ risk }) => risk === 'low').length;
  const need = NEEDS.find(({ from }) => hundredths >= from);
  if (need && sources.length < need.sources) return [{ code: 'confidence-sources', values: { percent: hundredths, n: need.sources } }];
  if (need && low < need.lowRisk) return [{ code: 'confidence-low-risk', values: { percent: hundredths } }];
  return hundredths > ALL_HIGH && sources.every(({ risk }) => risk === 'high') ? [{ code: 'confidence-all-high', values: { percent: hundredths } }] : [];
}
