import type { BriefingShape } from '../../../site/shape/shape';
import type { Matrix } from '../../../access/matrix';
import type { PassageTally } from '../../../briefings/writing/passages';
import type { Language, Languages } from '../../../lib/language';
import { unmarked } from '../../../lib/marked';
import type { TierHolders } from '../../../membership/tier-holders';
import { tierTextsIn, type TierRow } from '../../../membership/tiers';
import type { Facts } from '../../../stores/postgres/audit';
import type { WallTransaction } from '../../../stores/postgres/wall';
import type { Fields } from '../../action/submission';
import type { ActionPage, AdminField } from '../../page-types';

/** The tiers as they stand, and what rests on their order. */
export interface TierFacts {
  /** What the kinds that tiers open are called. */
  readonly shape: BriefingShape;
  /** Lowest first. */
  readonly tiers: readonly TierRow[];
  readonly matrix: Matrix;
  readonly tallies: readonly PassageTally[];
  readonly holders: readonly TierHolders[];
  /** How many subscriptions to each tier go on, by slug. */
  readonly subscriptions: ReadonlyMap<string, number>;
  /** Tiers that something refers to, by slug: those cannot be deleted. */
  readonly used: ReadonlySet<string>;
  readonly now: Date;
}

/** A tier, and what an admin asks to do with it. */
export interface TierRequest {
  readonly facts: TierFacts;
  /** Null where one is made. */
  readonly tier: TierRow | null;
  readonly language: Language;
  readonly languages: Languages;
  /** The publication's, for the first prices of a tier; empty: none is set. */
  readonly currency: string;
  /** The choices made so far. */
  readonly fields: Fields;
}

/** What would be done: refused with a sentence, in want of a choice, or ready to do just what it says. */
export type PreparedTier =
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'open'; readonly fields: readonly AdminField[]; readonly error?: string }
  | {
      readonly is: 'ready';
      readonly slug: string;
      /** The choices, to be sent along. */
      readonly chosen: Readonly<Record<string, string>>;
      readonly changes: ActionPage['changes'];
      readonly happens: readonly string[];
      readonly before: Facts | null;
      readonly after: Facts | null;
      /** Does it, in an admin's transaction. */
      write(db: WallTransaction): Promise<void>;
    };

export const TIER_ACTION_NAMES = [
  'tier-made',
  'tier-moved',
  'tier-joining',
  'tier-retired',
  'tier-offered',
  'tier-deleted',
] as const;

/** Something an admin can do with the tiers themselves. */
export interface TierAction {
  /** Its name in the audit log. */
  readonly name: (typeof TIER_ACTION_NAMES)[number];
  /** The end of its address. */
  readonly path: string;
  /** Can it not be undone, or does it take something away? */
  readonly grave: boolean;
  /** Is it there to be done with this tier? */
  readonly offered: (tier: TierRow, facts: Pick<TierFacts, 'used'>) => boolean;
  readonly prepare: (request: TierRequest) => PreparedTier;
}

export const refused = (why: string): PreparedTier => ({ is: 'refused', why });

/** The tier a request is about. @throws where one is to be made. */
export function tierOf({ tier }: Pick<TierRequest, 'tier'>): TierRow {
  if (tier === null) throw new Error('this action is about a tier');
  return tier;
}

/** Its name without a mark: it stands in the audit log, too. */
export const nameIn = (tier: TierRow, language: Language): string => unmarked(tierTextsIn(tier, language).name);

/** How many members hold a tier now. */
export const holdersOf = ({ holders }: TierFacts, slug: string): number =>
  holders.filter(({ tiers }) => tiers.includes(slug)).reduce((sum, { members }) => sum + members, 0);
