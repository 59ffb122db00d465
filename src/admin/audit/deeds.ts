import { BRIEFING_DEEDS, CATEGORY_DEEDS, RULE_DEEDS } from '../../briefings/writing/audit-actions';
import { BILLING_DEEDS } from '../billing/deeds';
import { ACTION_NAMES } from '../members/actions/action';
import { TIER_DEEDS } from '../tiers/deeds';

/** Everything the log can tell of, by the names its entries carry. */
export const DEEDS = [
  ...ACTION_NAMES,
  'member-viewed',
  'members-exported',
  'audit-exported',
  'admin-made',
  ...BILLING_DEEDS,
  ...TIER_DEEDS,
  ...BRIEFING_DEEDS,
  ...CATEGORY_DEEDS,
  ...RULE_DEEDS,
] as const;
