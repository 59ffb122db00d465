import type { Surface } from './surface';
import { ACCOUNT_SURFACES } from './surfaces/account';
import { ADMIN_SURFACES } from './surfaces/admin';
import { ADMIN_BILLING_SURFACES } from './surfaces/admin-billing';
import { ADMIN_IMPORT_SURFACES } from './surfaces/admin-import';
import { ADMIN_MEMBERS_SURFACES } from './surfaces/admin-members';
import { ADMIN_SETTINGS_SURFACES } from './surfaces/admin-settings';
import { ADMIN_STAFF_SURFACES } from './surfaces/admin-staff';
import { ADMIN_SHAPE_SURFACES } from './surfaces/admin-shape';
import { ADMIN_TIERS_SURFACES } from './surfaces/admin-tiers';
import { API_SURFACES } from './surfaces/api';
import { AUTH_SURFACES } from './surfaces/auth';
import { BILLING_SURFACES } from './surfaces/billing';
import { DESK_SURFACES } from './surfaces/desk';
import { DESK_BRIEFING_SURFACES } from './surfaces/desk-briefing';
import { FEED_SURFACES } from './surfaces/feeds';
import { FINDING_SURFACES } from './surfaces/finding';
import { GIFT_SURFACES } from './surfaces/gifts';
import { WEBHOOK_SURFACES } from './surfaces/webhooks';
import { ISSUE_SURFACES } from './surfaces/issues';
import { MAIL_SURFACES } from './surfaces/mail';
import { PAGES_SURFACES } from './surfaces/pages';
import { READING_SURFACES } from './surfaces/reading';
import { SERVER_SURFACES } from './surfaces/server';
import { SETUP_SURFACES } from './surfaces/setup';

/**
 * One row for every route, a table for each room in `surfaces/`. A route without a row fails the run, and so does a row
 * without a route.
 */
export const SURFACES: readonly Surface[] = [
  ...READING_SURFACES,
  ...FINDING_SURFACES,
  ...PAGES_SURFACES,
  ...FEED_SURFACES,
  ...GIFT_SURFACES,
  ...API_SURFACES,
  ...MAIL_SURFACES,
  ...ISSUE_SURFACES,
  ...WEBHOOK_SURFACES,
  ...AUTH_SURFACES,
  ...BILLING_SURFACES,
  ...ACCOUNT_SURFACES,
  ...DESK_SURFACES,
  ...DESK_BRIEFING_SURFACES,
  ...SETUP_SURFACES,
  ...ADMIN_SURFACES,
  ...ADMIN_SETTINGS_SURFACES,
  ...ADMIN_MEMBERS_SURFACES,
  ...ADMIN_STAFF_SURFACES,
  ...ADMIN_BILLING_SURFACES,
  ...ADMIN_IMPORT_SURFACES,
  ...ADMIN_TIERS_SURFACES,
  ...ADMIN_SHAPE_SURFACES,
  ...SERVER_SURFACES,
];
