import { decide, opensKind, type Matrix, type Opening } from '../../access/matrix';
import type { Viewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import { joinLabel, tierTextsIn, wayInto } from '../../membership/tiers';
import { kindName, longNameOf, wordOf, type BriefingShape } from '../../site/shape/shape';
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
  /** Slug of the kind. */
  readonly kind: string;
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

/** The kinds that are counted, in the order of pages; one that was made a moment ago comes last. */
function countedKinds(counts: readonly PassageCount[], { kinds }: Pick<BriefingShape, 'kinds'>): string[] {
  const counted = new Set(counts.map(({ kind }) => kind));
  const known = kinds.map(({ slug }) => slug).filter((slug) => counted.delete(slug));
  return [...known, ...[...counted].sort()];
}

/**
 * Everything that stays shut to the viewer, lowest tier first, what opens by itself before what does not: what every
 * surface says of it. Built from counts alone. A moment that opens nothing to this viewer is not told.
 */
export function lockedPassages(
  { counts, matrix, tiers, now }: Counted,
  viewer: Viewer,
  shape: Pick<BriefingShape, 'kinds'>,
): LockedKind[] {
  const opening = (found: Opening | null): LockedKind['opens'] =>
    found && { tier: tiers.find(({ slug }) => slug === found.tier.slug)!, at: found.at };
  const lockedFor = (tier: TierRow, kind: string): LockedKind[] => {
    const locked = counts
      .filter((one) => one.kind === kind && one.rank === tier.rank)
      .flatMap(({ opensAt, passages }) => {
        const decision = decide(matrix, viewer, { kind, tier: tier.slug, until: opensAt }, now);
        return decision.allowed ? [] : [{ opens: opening(decision.opens), passages }];
      });
    const moments = [...new Set(locked.map(({ opens }) => opens?.at.getTime() ?? Infinity))].sort((a, b) => a - b);
    return moments.map((moment) => {
      const together = locked.filter(({ opens }) => (opens?.at.getTime() ?? Infinity) === moment);
      const passages = together.reduce((sum, one) => sum + one.passages, 0);
      return { kind, tier, passages, opens: together[0]!.opens };
    });
  };
  const kinds = countedKinds(counts, shape);
  return tiers.flatMap((tier) => kinds.flatMap((kind) => lockedFor(tier, kind)));
}

/** Where a kind's passages stand on the page once they are open. Notes stand with what they are about. */
export function sectionOf({ kinds }: Pick<BriefingShape, 'kinds'>, slug: string): string {
  const kind = wordOf(kinds, slug);
  if (kind?.shape === 'per-organization') return 'organizations';
  return kind?.shape === 'per-source' ? 'sources' : kind ? kindName(kind) : slug;
}

/** Do passages of this kind stand with the source or the organization they are about? */
export const isNote = ({ kinds }: Pick<BriefingShape, 'kinds'>, slug: string): boolean =>
  wordOf(kinds, slug)?.shape.startsWith('per-') ?? false;

/** What a gate promises by name: what all the kinds behind it have in common. No heading belongs to a tier. */
function headingOf(locked: readonly LockedKind[], { kinds }: Pick<BriefingShape, 'kinds'>): string {
  const groups = new Set(locked.map(({ kind }) => wordOf(kinds, kind)?.gateGroup ?? 'other'));
  const [first = 'other'] = groups;
  return groups.size === 1 ? first : 'other';
}

/** The name of a gate's row on the page: that of a kind's section, where no section and no other row has it. */
function rowAnchors(read: Counted, viewer: Viewer, shape: BriefingShape): (kind: string) => string | null {
  const taken = new Set(shape.kinds.map(({ slug }) => slug).filter((slug) => opensKind(read.matrix, viewer, slug)));
  return (kind) => {
    if (isNote(shape, kind) || taken.has(kind)) return null;
    taken.add(kind);
    return sectionOf(shape, kind);
  };
}

/**
 * The gates of a page: one for each tier that would open something the viewer cannot read, lowest first.
 * Built from counts alone; no passage is at hand here.
 */
export function gateViews(
  read: Counted,
  viewer: Viewer,
  shape: BriefingShape,
  language: Language,
  returnTo: string,
): GateBox[] {
  const all = lockedPassages(read, viewer, shape);
  // Whoever comes back and is still before the gate finds the place all the same: its row.
  const anchorOf = rowAnchors(read, viewer, shape);
  return read.tiers.flatMap((tier) => {
    const locked = all.filter((one) => one.tier === tier);
    if (locked.length === 0) return [];
    const rows = locked.map(({ kind, passages, opens }) => ({
      kind,
      anchor: anchorOf(kind),
      label: longNameOf(shape.kinds, kind, language),
      count: language.say(isNote(shape, kind) ? 'kind.count.notes' : 'kind.count.passages', { n: passages }),
      opens: opens && openingLabel(opens, language),
    }));
    const next = `next=${encodeURIComponent(`${returnTo}#${sectionOf(shape, locked[0]!.kind)}`)}`;
    const heading = language.say(`gate.heading.${headingOf(locked, shape)}`);
    return [{ heading, rows, ...waysIn(tier, viewer, language, next) }];
  });
}

/** Whose a gate is, and what leads through it. */
function waysIn(tier: TierRow, viewer: Viewer, language: Language, next: string): Omit<GateBox, 'heading' | 'rows'> {
  const texts = tierTextsIn(tier, language);
  const { slug, name, blurb } = texts;
  const wayIn = wayInto(tier);
  const login = { label: language.say('gate.login'), href: `${language.prefix}/login?${next}` };
  return {
    tier: { slug, name, rank: tier.rank, free: wayIn === 'free' },
    wayIn,
    anchor: `gate-${slug}`,
    forWhom: blurb,
    join:
      wayIn === 'invitation'
        ? null
        : { label: joinLabel(texts, language), href: `${language.prefix}/join/${slug}?${next}` },
    pricing: wayIn === 'paid' ? `${language.prefix}/pricing` : null,
    login: viewer.rank > 0 ? null : login,
  };
}
