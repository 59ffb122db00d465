import { decide, type Matrix } from '../access/matrix';
import { PASSAGE_KINDS, type PassageKind } from '../access/kinds';
import type { Viewer } from '../access/viewer';
import type { Language } from '../lib/language';
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
  return read.tiers.flatMap((tier) => {
    const locked = all.filter((one) => one.tier === tier);
    if (locked.length === 0) return [];
    const { slug, name } = sayTier(tier, language);
    const own = (key: string) => (language.has(`${key}.${slug}`) ? `${key}.${slug}` : `${key}.other`);
    const free = tier.monthlyCents === null && tier.yearlyCents === null;
    return [{
      tier: { slug, name, rank: tier.rank, free },
      anchor: `gate-${slug}`,
      heading: language.say(own('gate.heading')),
      forWhom: language.say(own('gate.for')),
      rows: locked.map(({ kind, passages }) => ({ kind, label: language.say(`kind.${kind}`), count: language.say(`kind.count.${kind}`, { n: passages }) })),
      join: {
        label: language.has(`gate.join.${slug}`) ? language.say(`gate.join.${slug}`) : language.say('gate.join', { tier: name }),
        href: `${language.prefix}/join/${slug}`,
      },
      login: { label: language.say('gate.login'), href: `${language.prefix}/login?next=${encodeURIComponent(`${returnTo}#gate-${slug}`)}` },
    }];
  });
}
