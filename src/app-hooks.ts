import { lookUpTxt } from './admin/settings/look-up-txt';
import type { SettingsRoomOptions } from './admin/settings/routes';
import { invitationLetterKinds } from './accounts/invitations/letters';
import { accountLetterKinds } from './accounts/letters';
import type { AccountsRoomOptions } from './accounts/room';
import { CLAIM_SECONDS, PACE, type AppOptions } from './app-options';
import { billingLetterKinds } from './billing/letters';
import type { BillingRoom, BillingRoomOptions } from './billing/room';
import { categoryNav } from './briefings/reading/category-nav';
import { countsFromGate } from './briefings/reading/view-counts';
import { deskLetterKinds } from './desk/letters';
import type { CommonParts } from './http/common-parts';
import type { IssueRoomOptions } from './issues/room';
import { addressOfSubscriber } from './issues/subscribe/choose';
import { subscriptionLetterKinds } from './issues/subscribe/letters';
import { importLetterKinds } from './imports/letters';
import type { MailRoom, MailRoomOptions } from './mail/room';
import { describeFreeTier, grantFreeTier } from './membership/join';
import { keepFormInput } from './membership/login-ended';
import { pageLetterKinds } from './pages/letters';
import { setupLetterKinds } from './setup/letters';
import type { SetupRoomOptions } from './setup/room';
import type { TierCatalogue } from './membership/tier-catalogue';
import { webhookLetterKinds } from './webhooks/letters';

/** What letters there are in all rooms, and how they leave. */
export function mailOptions({ config: { smtpUrl, mailFrom, mode }, pollInterval }: AppOptions): MailRoomOptions {
  return {
    ...{ smtpUrl, mailFrom, pollInterval },
    kinds: {
      ...accountLetterKinds,
      ...invitationLetterKinds,
      ...billingLetterKinds,
      ...deskLetterKinds,
      ...pageLetterKinds,
      ...setupLetterKinds,
      ...importLetterKinds,
      ...subscriptionLetterKinds,
      ...webhookLetterKinds,
    },
    production: mode === 'production',
  };
}

/** How letters to many leave. */
export function issueOptions({ config, claimSeconds = CLAIM_SECONDS }: AppOptions): IssueRoomOptions {
  const { smtpUrl, mailFrom, mailPerSecond, mailPerDomain, mailReports } = config;
  return { smtpUrl, mailFrom, perSecond: mailPerSecond, perDomain: mailPerDomain, claimSeconds, reports: mailReports };
}

/** What the admin sections tell of how the operator runs it. */
export function adminOptions({
  config,
  payments,
  readiness,
  resolveTxt = lookUpTxt,
}: AppOptions): SettingsRoomOptions & Pick<AppOptions, 'readiness'> {
  const { smtpUrl, mailFrom, publicUrl } = config;
  return {
    operator: {
      mailFrom: mailFrom && (mailFrom.name === '' ? mailFrom.address : `${mailFrom.name} <${mailFrom.address}>`),
      mailHost: smtpUrl === null ? null : new URL(smtpUrl).hostname,
      payments: payments.livemode,
      https: publicUrl.startsWith('https:'),
    },
    resolveTxt,
    readiness,
  };
}

type TrackJoining = BillingRoomOptions['joining'];

/** Counts how far the way from a gate to joining a tier has led. */
const trackJoining =
  ({ counters, site }: CommonParts): TrackJoining =>
  (tier, step, next) =>
    counters.count(countsFromGate(site.shape.current, tier, next, step));

/** What billing is told by rooms it may not know. */
export function billingOptions(options: AppOptions, common: CommonParts): BillingRoomOptions {
  const { config, payments, pool, pace = PACE, between } = options;
  return {
    ...{ payments, pool, pace },
    graceDays: config.graceDays,
    automaticTax: config.automaticTax,
    ...(between ? { between } : {}),
    joining: trackJoining(common),
    nav: (viewer, language) => categoryNav(common.site, viewer, language),
  };
}

/** What the accounts are told by rooms they may not know. */
export function accountsOptions(
  common: CommonParts,
  tiers: TierCatalogue,
  { beforeDeletion }: BillingRoom,
): AccountsRoomOptions {
  const { site, wall, sessionSecrets } = common;
  const track = trackJoining(common);
  return {
    grantJoined: grantFreeTier,
    describeJoinTier: (language) => describeFreeTier(wall, language),
    trackJoining: (step, next) => track(tiers.free?.slug ?? '', step, next),
    subscribedAddress: (token) => addressOfSubscriber(wall, sessionSecrets, token),
    beforeDeletion,
    keepForm: (language) => keepFormInput({ site, wall, section: '/account', typedOnly: true }, language),
  };
}

/** What setting up asks of mail and payments. */
export function setupOptions({ payments, setup = false }: AppOptions, { sendTest }: MailRoom): SetupRoomOptions {
  const paymentAccount = async () => {
    const account = await payments.stripe.accounts.retrieveCurrent();
    return account.settings?.dashboard.display_name ?? account.business_profile?.name ?? account.id;
  };
  return {
    possible: setup,
    checks: { sendTest, paymentAccount: payments.sandboxUrl === null ? paymentAccount : null },
  };
}
