import type { Matrix } from '../../access/matrix';
import { tierOfKind } from '../../access/matrix';
import type { BriefingContent } from '../../briefings/content';
import { readMoment } from '../moment';
import type { FormContext } from './form-context';
import type { TypedRows } from './parse-rows';
import { gatingFields, passageName, slotsIn } from './slots';
import type { Typed } from './typed';

/** For whom a briefing is published first. Both or neither: half of it is kept as it was typed. */
export function readEarly(
  { form, raw, line, unfinished }: Typed,
  { matrix, zone }: Pick<FormContext, 'matrix' | 'zone'>,
  before: BriefingContent['early'],
): BriefingContent['early'] {
  if (!form.has('early.tier') && !form.has('early.until')) return before;
  const tier = matrix.tiers.find(({ slug, rank }) => slug === raw('early.tier') && rank > 0)?.slug;
  const typed = line('early.until') ?? '';
  const moment = readMoment(typed, zone);
  if (tier !== undefined && moment) return { tier, until: moment };
  if (tier === undefined && typed === '') return null;
  unfinished['early.until'] = typed;
  if (tier !== undefined) unfinished['early.tier'] = tier;
  return null;
}

const rankOf = ({ tiers }: Matrix, slug: string | undefined): number =>
  tiers.find((tier) => tier.slug === slug)?.rank ?? -1;

/** Which passages are stricter than their kind, and until when. Only what has a text is. */
export function readGating(
  { raw, line, unfinished }: Typed,
  { shape, matrix, zone }: Pick<FormContext, 'shape' | 'matrix' | 'zone'>,
  { rows }: TypedRows,
  before: BriefingContent['stricter'],
  editions: BriefingContent['editions'],
): Pick<BriefingContent, 'stricter' | 'until'> {
  const there = new Set(
    Object.values(editions).flatMap(({ passages }) => passages.map(({ kind, key }) => `${kind}/${key}`)),
  );
  const stricter: Record<string, string> = {};
  const until: Record<string, Date> = {};
  for (const { group, row, key } of rows)
    for (const slot of slotsIn(shape, group)) {
      const name = passageName(slot, key);
      if (!there.has(name)) continue;
      const fields = gatingFields(slot, row);
      const ofKind = tierOfKind(matrix, slot.kind.slug).rank;
      const own = before[name];
      const chosen = raw(fields.tier) ?? '';
      // A tier of its own that its kind has caught up with cannot be chosen now, and must hold again once the kind is
      // opened.
      const tier = chosen === '' && own !== undefined && rankOf(matrix, own) <= ofKind ? own : chosen;
      if (rankOf(matrix, tier) > ofKind || (tier !== '' && tier === own)) stricter[name] = tier;
      const typed = line(fields.until) || null;
      if (typed === null) continue;
      const moment = readMoment(typed, zone);
      if (moment && name in stricter) until[name] = moment;
      else unfinished[gatingFields(slot, key).until] = typed;
    }
  return { stricter, until };
}
