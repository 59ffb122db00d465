import { decide, type Matrix } from '../access/matrix';
import { PASSAGE_KINDS } from '../access/kinds';
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

/**
 * The gates of a page: one for each tier that would open something the viewer cannot read, lowest first.
 * Built from counts alone; no passage is at hand here.
 */
export function sayGates(
  { counts, matrix, tiers }: { counts: readonly PassageCount[]; matrix: Matrix; tiers: readonly TierRow[] },
  viewer: Viewer,
  language: Language,
  returnTo: string,
): GateBox[] {
  return tiers.flatMap((tier) => {
    const locked = counts.filter(({ kind, rank }) => rank === tier.rank && !decide(matrix, viewer, { kind, tier: tier.slug }).allowed);
    if (locked.length === 0) return [];
    const { slug, name } = sayTier(tier, language);
    const own = (key: string) => (language.has(`${key}.${slug}`) ? `${key}.${slug}` : `${key}.other`);
    const free = tier.monthlyCents === null && tier.yearlyCents === null;
    return [{
      tier: { slug, name, rank: tier.rank, free },
      anchor: `gate-${slug}`,
      heading: language.say(own('gate.heading')),
      forWhom: language.say(own('gate.for')),
      rows: PASSAGE_KINDS.flatMap((kind) => {
        const found = locked.find((one) => one.kind === kind);
        return found ? [{ kind, label: language.say(`kind.${kind}`), count: language.say(`kind.count.${kind}`, { n: found.passages }) }] : [];
      }),
      join: {
        label: language.has(`gate.join.${slug}`) ? language.say(`gate.join.${slug}`) : language.say('gate.join', { tier: name }),
        href: `${language.prefix}/join/${slug}`,
      },
      login: { label: language.say('gate.login'), href: `${language.prefix}/login?next=${encodeURIComponent(`${returnTo}#gate-${slug}`)}` },
    }];
  });
}
