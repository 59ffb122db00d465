import { requiredTier, tierOfKind, type Matrix } from '../../access/matrix';
import type { PassageTally } from '../../briefings/writing/passages';
import type { Language } from '../../lib/language';
import { kindName, longNameIn, longNameOf, type BriefingShape } from '../../site/shape/shape';
import { withQuery } from '../fields';
import type { TierNames } from '../tier-names';
import type { Choices, MatrixEffect, KindChange } from './effect';
import type { MatrixChangePage, MatrixPage, ShiftLine } from './page-types';

interface MatrixFacts {
  readonly shape: BriefingShape;
  readonly matrix: Matrix;
  readonly tiers: TierNames;
  readonly tallies: readonly PassageTally[];
  readonly now: Date;
}

const passagesOf = (tallies: readonly PassageTally[]) => tallies.reduce((sum, { passages }) => sum + passages, 0);

/** The matrix to be edited, with what was chosen so far and the kinds whose choice is none. */
export function matrixPage(
  language: Language,
  { shape, matrix, tiers, tallies, now }: MatrixFacts,
  choices: Choices,
  { wrong: errors = [], error = null }: { readonly wrong?: readonly string[]; readonly error?: string | null } = {},
): Omit<MatrixPage, 'frame' | 'history'> {
  const { say, prefix } = language;
  return {
    action: `${prefix}/admin/matrix/change`,
    tiersHref: `${prefix}/admin/tiers`,
    error,
    kinds: shape.kinds.map((one) => {
      const kind = one.slug;
      const own = tallies.filter((one) => one.kind === kind);
      const ofKind = tierOfKind(matrix, kind);
      const stricter = own.filter((one) => requiredTier(matrix, one, now).slug !== ofKind.slug);
      return {
        name: kindName(one),
        label: longNameIn(one, language),
        facts: [
          say('admin.matrix.passages', { n: passagesOf(own) }),
          ...(stricter.length > 0 ? [say('admin.matrix.stricter', { n: passagesOf(stricter) })] : []),
        ],
        error: errors.includes(kind) ? say('admin.wrong.tier') : null,
        tiers: tiers.all
          .filter(({ slug, retired }) => !retired || slug === choices[kind])
          .map(({ slug, name }) => ({ slug, name, chosen: slug === choices[kind] })),
      };
    }),
  };
}

/** The choices by the names of their fields. */
export const fieldsOf = ({ kinds }: Pick<BriefingShape, 'kinds'>, choices: Choices): Record<string, string> =>
  Object.fromEntries(
    kinds.flatMap((kind) => (choices[kind.slug] === undefined ? [] : [[kindName(kind), choices[kind.slug]!]])),
  );

/** What would open and close, in words. */
export function effectPage(
  language: Language,
  { shape, tiers }: Pick<MatrixFacts, 'shape' | 'tiers'>,
  choices: Choices,
  effect: MatrixEffect,
  { ticked, error }: { readonly ticked: boolean; readonly error: string | null },
): Pick<MatrixChangePage, 'back' | 'opens' | 'closes' | 'stays' | 'happens' | 'open'> {
  const { say, prefix } = language;
  const lines = (opens: boolean) =>
    effect.shifts.filter((shift) => shift.opens === opens).map((shift) => shiftLine(language, { shape, tiers }, shift));
  const kinds = effect.madePublic.map((kind) => longNameOf(shape.kinds, kind, language)).join(', ');
  const shown = effect.shifts.filter(({ kind, will }) => effect.madePublic.includes(kind) && will.rank === 0);
  return {
    back: withQuery(`${prefix}/admin/matrix`, fieldsOf(shape, choices)),
    opens: lines(true),
    closes: lines(false),
    stays: effect.stays.map(({ kind, tier, passages }) =>
      say('admin.matrix.stays', {
        kind: longNameOf(shape.kinds, kind, language),
        n: passages,
        tier: tiers.nameOf(tier.slug),
      }),
    ),
    happens: [
      say('admin.matrix.happens.next'),
      say('admin.matrix.happens.later'),
      ...(effect.shifts.some(({ opens }) => opens) ? [say('admin.matrix.happens.read')] : []),
    ],
    open:
      effect.madePublic.length === 0
        ? null
        : {
            heading: say('admin.matrix.public.heading', { kinds }),
            points: [
              say('admin.matrix.public.now', { n: shown.reduce((sum, { passages }) => sum + passages, 0) }),
              say('admin.matrix.public.who'),
              say('admin.matrix.public.later'),
              say('admin.matrix.public.back'),
            ],
            label: say('admin.matrix.public.sure', { kinds }),
            ticked,
            error,
          },
  };
}

function shiftLine(
  language: Language,
  { shape, tiers }: Pick<MatrixFacts, 'shape' | 'tiers'>,
  { kind, was, will, opens, passages, briefings, members }: KindChange,
): ShiftLine {
  const { say } = language;
  const n = members.reduce((sum, one) => sum + one.n, 0);
  const moved = say(`admin.matrix.${opens ? 'gain' : 'lose'}`, { n });
  const all = Math.min(was.rank, will.rank) === 0;
  const tier = ({ slug }: { readonly slug: string }) => ({ slug, name: tiers.nameOf(slug) });
  return {
    kind: longNameOf(shape.kinds, kind, language),
    what:
      passages === 0
        ? say('admin.matrix.none')
        : say('admin.matrix.in', {
            passages: say('admin.matrix.count.passages', { n: passages }),
            briefings: say('admin.matrix.count.briefings', { n: briefings }),
          }),
    was: tier(was),
    will: tier(will),
    members: all ? say(`admin.matrix.${opens ? 'gain' : 'lose'}-all`) : moved,
    ranks: [
      ...(all && n > 0 ? [moved] : []),
      ...members
        .filter((one) => one.n > 0)
        .map((one) =>
          say('admin.matrix.of', {
            n: one.n,
            tier: tiers.all.find(({ rank }) => rank === one.rank)?.name ?? String(one.rank),
          }),
        ),
    ],
  };
}
