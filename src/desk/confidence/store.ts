import { editorialViewer } from '../../access/viewer';
import type { ActorAt } from '../../membership/actor';
import { writeAudit, type Facts } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { DeskParts } from '../parts';
import { BAND_NAMES, changedBands, confidenceWarning, markOf, type BandName, type ConfidenceRule } from './rule';

const NOTHING = { sources: 0, lowRisk: 0, notAllHigh: false };

/** The rule as it stands. A band without a row asks for nothing. */
export async function loadRule(db: WallTransaction): Promise<ConfidenceRule> {
  const rows = await db.confidenceNeed.findMany();
  return Object.fromEntries(
    BAND_NAMES.map((name) => {
      const row = rows.find(({ band }) => band === name);
      return [name, row ? { sources: row.sources, lowRisk: row.lowRisk, notAllHigh: row.notAllHigh } : NOTHING];
    }),
  ) as Record<BandName, ConfidenceRule[BandName]>;
}

/** How many briefings that readers have each rule would question, of how many. */
export async function countQuestioned(
  db: WallTransaction,
  now: Date,
  rules: readonly ConfidenceRule[],
): Promise<{ readonly all: number; readonly questioned: readonly number[] }> {
  const rows = await db.briefing.findMany({
    where: { copyOf: null, state: 'published', publishedAt: { lte: now } },
    select: { confidence: true, sources: { select: { risk: true } } },
  });
  return {
    all: rows.length,
    questioned: rules.map(
      (rule) =>
        rows.filter(
          ({ confidence, sources }) => confidenceWarning(Math.round(Number(confidence) * 100), sources, rule) !== null,
        ).length,
    ),
  };
}

/**
 * Puts another rule in force: from the next checklist on, in every process. `seen` is the mark of the rule that was
 * looked at; where another one stands by now, nothing is changed. The same rule again is done already, and leaves no
 * entry.
 */
export function saveRule(
  { wall, clock }: DeskParts,
  rule: ConfidenceRule,
  expectedVersion: string,
  by: ActorAt,
): Promise<'kept' | 'moved'> {
  return wall.write(editorialViewer, async (db) => {
    await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('dossier.confidence-rule'))::text`;
    const was = await loadRule(db);
    const bands = changedBands(was, rule);
    if (bands.length === 0) return 'kept';
    if (markOf(was) !== expectedVersion) return 'moved';
    for (const band of bands)
      await db.confidenceNeed.upsert({ where: { band }, create: { band, ...rule[band] }, update: rule[band] });
    await writeAudit(db, {
      ...by,
      at: clock.now(),
      action: 'confidence-rule-changed',
      target: null,
      before: factsOf(was, bands),
      after: factsOf(rule, bands),
    });
    return 'kept';
  });
}

const factsOf = (rule: ConfidenceRule, bands: readonly BandName[]): Facts =>
  Object.fromEntries(
    bands.flatMap((band): [string, number | boolean][] => [
      [`sources-${band}`, rule[band].sources],
      [`low-risk-${band}`, rule[band].lowRisk],
      [`not-all-high-${band}`, rule[band].notAllHigh],
    ]),
  );
