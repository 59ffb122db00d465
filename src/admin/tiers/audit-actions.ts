import { TIER_ACTION_NAMES } from './actions/action';

/** What is done to the matrix and to a tier, by the names its entries carry in the log. */
export const TIER_AUDIT_ACTIONS = ['matrix-changed', 'tier-worded', 'tier-priced', ...TIER_ACTION_NAMES] as const;
