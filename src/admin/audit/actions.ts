import {
  BRIEFING_AUDIT_ACTIONS,
  CATEGORY_AUDIT_ACTIONS,
  RULE_AUDIT_ACTIONS,
  SAMPLE_AUDIT_ACTIONS,
} from '../../briefings/writing/audit-actions';
import { BILLING_AUDIT_ACTIONS } from '../billing/audit-actions';
import { PHRASE_AUDIT_ACTIONS } from '../languages/audit-actions';
import { ACTION_NAMES } from '../members/actions/action';
import { SETTING_CHANGED } from '../../site/settings/save';
import { TIER_AUDIT_ACTIONS } from '../tiers/audit-actions';

/** Everything the log can tell of, by the names its entries carry. */
export const AUDIT_ACTIONS = [
  ...ACTION_NAMES,
  'member-viewed',
  'members-exported',
  'audit-exported',
  'admin-made',
  ...BILLING_AUDIT_ACTIONS,
  ...TIER_AUDIT_ACTIONS,
  ...PHRASE_AUDIT_ACTIONS,
  SETTING_CHANGED,
  ...BRIEFING_AUDIT_ACTIONS,
  ...CATEGORY_AUDIT_ACTIONS,
  ...RULE_AUDIT_ACTIONS,
  ...SAMPLE_AUDIT_ACTIONS,
] as const;
