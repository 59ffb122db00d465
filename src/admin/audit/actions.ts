import {
  AUTHOR_AUDIT_ACTIONS,
  BRIEFING_AUDIT_ACTIONS,
  CATEGORY_AUDIT_ACTIONS,
  FRONT_AUDIT_ACTIONS,
  RULE_AUDIT_ACTIONS,
  ISSUE_AUDIT_ACTIONS,
  ORGANIZATION_AUDIT_ACTIONS,
  SAMPLE_AUDIT_ACTIONS,
} from '../../briefings/writing/audit-actions';
import { STAFF_LEFT } from '../../accounts/handover';
import { BILLING_AUDIT_ACTIONS } from '../billing/audit-actions';
import { INVITATION_AUDIT_ACTIONS } from '../invitations/audit-actions';
import { PHRASE_AUDIT_ACTIONS } from '../languages/audit-actions';
import { ARCHIVE_AUDIT_ACTIONS } from './archive-actions';
import { WEBHOOK_AUDIT_ACTIONS } from './webhook-actions';
import { IMPORT_AUDIT_ACTIONS } from './import-actions';
import { ACTION_NAMES } from '../members/actions/action';
import { PAGE_AUDIT_ACTIONS } from '../../site/pages/audit-actions';
import { SETTING_CHANGED } from '../../site/settings/save';
import { SHAPE_AUDIT_ACTIONS } from '../shape/audit-actions';
import { SUBSCRIBER_AUDIT_ACTIONS } from '../subscribers/audit-actions';
import { TIER_AUDIT_ACTIONS } from '../tiers/audit-actions';

/** Everything the log can tell of, by the names its entries carry. */
export const AUDIT_ACTIONS = [
  ...ACTION_NAMES,
  'member-viewed',
  'members-exported',
  'audit-exported',
  'admin-made',
  ...INVITATION_AUDIT_ACTIONS,
  STAFF_LEFT,
  ...SUBSCRIBER_AUDIT_ACTIONS,
  ...BILLING_AUDIT_ACTIONS,
  ...TIER_AUDIT_ACTIONS,
  ...SHAPE_AUDIT_ACTIONS,
  ...IMPORT_AUDIT_ACTIONS,
  ...WEBHOOK_AUDIT_ACTIONS,
  'refused-exported',
  ...ARCHIVE_AUDIT_ACTIONS,
  ...PHRASE_AUDIT_ACTIONS,
  SETTING_CHANGED,
  ...BRIEFING_AUDIT_ACTIONS,
  ...CATEGORY_AUDIT_ACTIONS,
  ...FRONT_AUDIT_ACTIONS,
  ...AUTHOR_AUDIT_ACTIONS,
  ...ORGANIZATION_AUDIT_ACTIONS,
  ...RULE_AUDIT_ACTIONS,
  ...PAGE_AUDIT_ACTIONS,
  ...ISSUE_AUDIT_ACTIONS,
  ...SAMPLE_AUDIT_ACTIONS,
] as const;
