import { formatMoment } from '../../accounts/own/format';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { submitOnceButton } from '../action/form';
import { alarmLine, type AlarmRead } from './alarms/lines';
import type { RefundedSubscription } from './alarms/subscriptions';
import type { ComparisonLine, OverviewPage } from './page-types';

/** Milliseconds after which a comparison that has not ended must have gone down with its process. */
const TOO_LONG = 2 * 3_600_000;

const STATES = ['received', 'dead', 'done', 'ignored'] as const;

/** Whose rows a comparison with Stripe takes. */
export const SCOPES = ['changed', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

type Comparison = Awaited<ReturnType<WallTransaction['reconciliation']['findMany']>>[number];

/** What the page is made of. */
export interface OverviewRead {
  readonly alarms: readonly AlarmRead[];
  readonly customers: ReadonlyMap<string, string>;
  readonly refunded: ReadonlyMap<string, RefundedSubscription>;
  readonly open: number;
  readonly inbox: readonly { readonly state: string; readonly _count: { readonly _all: number } }[];
  readonly comparisons: readonly Comparison[];
  /** Is a comparison asked for that no worker has begun? */
  readonly isWaiting: boolean;
}

export function overviewPage(
  language: Language,
  read: OverviewRead,
  mode: 'sandbox' | 'live' | 'test',
  now: Date,
): Omit<OverviewPage, 'frame'> {
  const { say, prefix } = language;
  const path = `${prefix}/admin/billing`;
  return {
    mode: {
      name: say(`admin.billing.mode.${mode}`),
      text: say(`admin.billing.mode.${mode}.text`),
      real: mode === 'live',
    },
    alarms: read.alarms.map((alarm) =>
      alarmLine(language, alarm, read.customers.get(alarm.id), null, read.refunded.has(alarm.id)),
    ),
    alarmCount: say('admin.billing.alarms.count', { n: read.open }),
    allAlarms: `${path}/alarms`,
    inbox: STATES.map((state) => {
      const count = read.inbox.find((one) => one.state === state)?._count._all ?? 0;
      return {
        state: say(`admin.billing.state.${state}`),
        count: language.number(count),
        href: `${path}/inbox?state=${state}`,
        warning: state === 'dead' && count > 0,
      };
    }),
    underWay: formatUnderWay(language, read, now),
    comparisons: read.comparisons.map((one) => comparisonLine(language, one, now)),
    buttons: SCOPES.map((scope) => ({
      button: submitOnceButton(`${path}/reconcile`, say(`admin.billing.reconcile.${scope}`), { scope }),
      text: say(`admin.billing.reconcile.${scope}.text`),
    })),
  };
}

function formatUnderWay(language: Language, { comparisons, isWaiting }: OverviewRead, now: Date): string | null {
  const running = comparisons.find((one) => isRunning(one, now));
  if (running)
    return language.say('admin.billing.comparison.running', { moment: formatMoment(language, running.startedAt) });
  return isWaiting ? language.say('admin.billing.comparison.waiting') : null;
}

const isRunning = ({ startedAt, finishedAt }: Comparison, now: Date): boolean =>
  finishedAt === null && now.getTime() - startedAt.getTime() < TOO_LONG;

function comparisonLine(language: Language, one: Comparison, now: Date): ComparisonLine {
  const { say } = language;
  const { scope, startedAt, finishedAt, looked, repaired, failure } = one;
  return {
    scope: say(`admin.billing.scope.${scope}`),
    started: formatMoment(language, startedAt),
    took:
      finishedAt !== null
        ? say('admin.billing.comparison.took', {
            seconds: language.number(Math.max(0, Math.round((finishedAt.getTime() - startedAt.getTime()) / 1_000))),
          })
        : say(isRunning(one, now) ? 'admin.billing.comparison.still' : 'admin.billing.comparison.broken'),
    looked: language.number(looked),
    repaired: language.number(repaired),
    failure,
  };
}
