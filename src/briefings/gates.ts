import { decide, type Matrix } from '../access/matrix';
import { PASSAGE_KINDS, type PassageKind } from '../access/kinds';
import type { Viewer } from '../access/viewer';
import type { Language } from '../lib/language';
import { sayJoin } from '../membership/tiers';
import type { GateBox } from './page-types';
import type { PassageCount, TierRow } from './queries';
import { Speaker } from './said';

/** A tier's texts in the reader's language, or in another that has them. */
export function sayTier(tier: TierRow, language: Language): { slug: string; name: string; blurb: string } {
  const speaker = new Speaker(language.code, language.code, tier.texts.map(({ lang }) => lang));
  const texts = speaker.choose((lang) => tier.texts.find((one) => one.lang === lang))?.value;
  return { slug: tier.slug, name: texts?.name ?? tier.slug, blurb: texts?.blurb ?? '' };
}

/** What one gate keeps shut: how many passages of a kind, and the tier that opens them. */
export interface Locked {
  readonly kind: PassageKind;
  readonly tier: TierRow;
  readonly passages: number;
}

interface Counted {
  readonly counts: readonly PassageCount[];
  readonly matrix: Matrix;
  readonly tiers: readonly TierRow[];
}

/** Everything that stays shut to the viewer, lowest tier first: what every surface says of it. Built from counts alone. */
export function lockedPassages({ counts, matrix, tiers }: Counted, viewer: Viewer): Locked[] {
  return tiers.flatMap((tier) => PASSAGE_KINDS.flatMap((kind) => {
    const found = counts.find((one) => one.kind === kind && one.rank === tier.rank);
    return found && !decide(matrix, viewer, { kind, tier: tier.slug }).allowed ? [{ kind, tier, passages: found.passages }] : [];
  }));
}

/** Where a kind's passages stand on the page once they are open. Notes stand with what they are about. */
const SECTIONS: Readonly<Record<PassageKind, string>> = { trend: 'trend', evidence: 'evidence', 'failure-path': 'failure-path', organization: 'organizations', 'source-note': 'sources' };

/** What a gate can promise by name. Which tier it belongs to is the matrix's to say, so no heading belongs to a tier. */
const HEADINGS: Readonly<Record<string, readonly PassageKind[]>> = { context: ['trend', 'organization'], proof: ['evidence', 'failure-path', 'source-note'] };

function headingOf(locked: readonly Locked[]): string {
  return Object.keys(HEADINGS).find((one) => locked.every(({ kind }) => HEADINGS[one]!.includes(kind))) ?? 'other';
}

/**
 * The gates of a page: one for each tier that would open something the viewer cannot read, lowest first.
 * Built from counts alone; no passage is at hand here.
 */
export function sayGates(
  read: Counted,
  viewer: Viewer,
  language: Language,
  returnTo: string,
): GateBox[] {
  const all = lockedPassages(read, viewer);
  // Whoever comes back and is still before the gate finds the place all the same: its row, where no section has that name.
  const taken = new Set<PassageKind>(['organization', 'source-note', ...PASSAGE_KINDS.filter((kind) => decide(read.matrix, viewer, { kind, tier: null }).allowed)]);
  const anchorOf = (kind: PassageKind) => (taken.has(kind) ? null : taken.add(kind) && SECTIONS[kind]);
  return read.tiers.flatMap((tier) => {
    const locked = all.filter((one) => one.tier === tier);
    if (locked.length === 0) return [];
    const { slug, name, blurb } = sayTier(tier, language);
    const next = `next=${encodeURIComponent(`${returnTo}#${SECTIONS[locked[0]!.kind]}`)}`;
    const free = tier.monthlyCents === null && tier.yearlyCents === null;
    return [{
      tier: { slug, name, rank: tier.rank, free },
      anchor: `gate-${slug}`,
      heading: language.say(`gate.heading.${headingOf(locked)}`),
      forWhom: blurb,
      rows: locked.map(({ kind, passages }) => ({ kind, anchor: anchorOf(kind), label: language.say(`kind.${kind}`), count: language.say(`kind.count.${kind}`, { n: passages }) })),
      join: {
        label: sayJoin({ slug, name }, language),
        href: `${language.prefix}/join/${slug}?${next}`,
      },
      pricing: free ? null : `${language.prefix}/pricing`,
      login: viewer.rank > 0 ? null : { label: language.say('gate.login'), href: `${language.prefix}/login?${next}` },
    }];
  });
}
