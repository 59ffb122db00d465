import { decide, opensKind, type Matrix, type Opening } from '../../access/matrix';
import { PASSAGE_KINDS, type PassageKind } from '../../access/kinds';
import type { Viewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import { joinLabel, tierTextsIn, wayInto } from '../../membership/tiers';
import { formatInstant } from './cards';
import type { GateBox } from './page-types';
import type { PassageCount, TierRow } from './queries';

/** `Opens for Strategy Circle on December 1, 2026 at 08:00 UTC`, with the moment for machines. */
export function openingLabel(
  { tier, at }: { readonly tier: TierRow; readonly at: Date },
  language: Language,
): { iso: string; text: string } {
  const { iso, text } = formatInstant(at, language);
  return { iso, text: language.say('gate.opens', { tier: tierTextsIn(tier, language).name, moment: text }) };
}

/**
 * What one gate keeps shut: how many passages of a kind, the tier that opens them, and when the viewer needs none any
 * more.
 */
export interface LockedKind {
  readonly kind: PassageKind;
  readonly tier: TierRow;
  readonly passages: number;
  /** From when on the viewer reads them as they are; null: no such moment is set. */
  readonly opens: { readonly tier: TierRow; readonly at: Date } | null;
}

interface Counted {
  readonly counts: readonly PassageCount[];
  readonly matrix: Matrix;
  readonly tiers: readonly TierRow[];
  readonly now: Date;
}

/**
 * Everything that stays shut to the viewer, lowest tier first, what opens by itself before what does not: what every
 * surface says of it. Built from counts alone. A moment that opens nothing to this viewer is not told.
 */
export function lockedPassages({ counts, matrix, tiers, now }: Counted, viewer: Viewer): LockedKind[] {
  const opening = (found: Opening | null): LockedKind['opens'] =>
    found && { tier: tiers.find(({ slug }) => slug === found.tier.slug)!, at: found.at };
  return tiers.flatMap((tier) =>
    PASSAGE_KINDS.flatMap((kind) => {
      const locked = counts
        .filter((one) => one.kind === kind && one.rank === tier.rank)
        .flatMap(({ opensAt, passages }) => {
          const decision = decide(matrix, viewer, { kind, tier: tier.slug, until: opensAt }, now);
          return decision.allowed ? [] : [{ opens: opening(decision.opens), passages }];
        });
      const moments = [...new Set(locked.map(({ opens }) => opens?.at.getTime() ?? Infinity))].sort((a, b) => a - b);
      return moments.map((moment) => {
        const together = locked.filter(({ opens }) => (opens?.at.getTime() ?? Infinity) === moment);
        return {
          kind,
          tier,
          passages: together.reduce((sum, one) => sum + one.passages, 0),
          opens: together[0]!.opens,
        };
      });
    }),
  );
}

/** Where a kind's passages stand on the page once they are open. Notes stand with what they are about. */
const SECTIONS: Readonly<Record<PassageKind, string>> = {
  trend: 'trend',
  evidence: 'evidence',
  'failure-path': 'failure-path',
  organization: 'organizations',
  'source-note': 'sources',
};

/**
 * What a gate can promise by name. Which tier it belongs to is the matrix's to say, so no heading belongs to a tier.
 */
const HEADINGS: Readonly<Record<string, readonly PassageKind[]>> = {
  context: ['trend', 'organization'],
  proof: ['evidence', 'failure-path', 'source-note'],
};

function headingOf(locked: readonly LockedKind[]): string {
  return Object.keys(HEADINGS).find((one) => locked.every(({ kind }) => HEADINGS[one]!.includes(kind))) ?? 'other';
}

/**
 * The gates of a page: one for each tier that would open something the viewer cannot read, lowest first.
 * Built from counts alone; no passage is at hand here.
 */
export function gateViews(read: Counted, viewer: Viewer, language: Language, returnTo: string): GateBox[] {
  const all = lockedPassages(read, viewer);
  // Whoever comes back and is still before the gate finds the place all the same: its row, where no section has that
  // name.
  const taken = new Set<PassageKind>([
    'organization',
    'source-note',
    ...PASSAGE_KINDS.filter((kind) => opensKind(read.matrix, viewer, kind)),
  ]);
  const anchorOf = (kind: PassageKind) => (taken.has(kind) ? null : taken.add(kind) && SECTIONS[kind]);
  return read.tiers.flatMap((tier) => {
    const locked = all.filter((one) => one.tier === tier);
    if (locked.length === 0) return [];
    const texts = tierTextsIn(tier, language);
    const { slug, name, blurb } = texts;
    const next = `next=${encodeURIComponent(`${returnTo}#${SECTIONS[locked[0]!.kind]}`)}`;
    const wayIn = wayInto(tier);
    return [
      {
        tier: { slug, name, rank: tier.rank, free: wayIn === 'free' },
        wayIn,
        anchor: `gate-${slug}`,
        heading: language.say(`gate.heading.${headingOf(locked)}`),
        forWhom: blurb,
        rows: locked.map(({ kind, passages, opens }) => ({
          kind,
          anchor: anchorOf(kind),
          label: language.say(`kind.${kind}`),
          count: language.say(`kind.count.${kind}`, { n: passages }),
          opens: opens && openingLabel(opens, language),
        })),
        join:
          wayIn === 'invitation'
            ? null
            : { label: joinLabel(texts, language), href: `${language.prefix}/join/${slug}?${next}` },
        pricing: wayIn === 'paid' ? `${language.prefix}/pricing` : null,
        login: viewer.rank > 0 ? null : { label: language.say('gate.login'), href: `${language.prefix}/login?${next}` },
      },
    ];
  });
}
