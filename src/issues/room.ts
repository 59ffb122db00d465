import { Router } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../access/viewer';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import type { Mailbox } from '../lib/mailbox';
import { openTransport } from '../mail/transport';
import type { Task } from '../stores/postgres/jobs';
import { letterChoiceRoutes } from './account';
import { clickRoutes } from './clicks';
import { composeRoutes } from './desk/compose-routes';
import { issueListRoutes } from './desk/list';
import { issueRoutes } from './desk/issue-routes';
import type { IssueParts } from './desk/parts';
import { beginDigest } from './digest';
import { letterFor } from './letter-for';
import { openHeldDomains } from './held-domains';
import { reportRoutes, type ReportSecrets } from './inbound/routes';
import { leaveRoutes, oneClickRoutes } from './leave';
import { chooseRoutes } from './subscribe/choose';
import { beginAlerts } from './follows/alerts';
import { followRoutes } from './follows/routes';
import { openSubscribeLimits } from './subscribe/limits';
import { subscribeRoutes } from './subscribe/routes';
import { forgetFormerSubscribers } from './subscribe/store';
import { CONNECTIONS, NOTHING_TAKEN, sendSome, type SendParts } from './send';
import { queueIssue, SEND_ISSUE } from './store';

export interface IssueRoomOptions {
  /** Null: letters are sent nowhere. */
  readonly smtpUrl: string | null;
  readonly mailFrom: Mailbox | null;
  readonly perSecond: number;
  /** As `SendParts` has it. */
  readonly perDomain: number;
  readonly reports: ReportSecrets;
  /** As `SendParts` has it. */
  readonly claimSeconds: number;
}

/** Letters to many: who wants them, what is sent, and what sends it. */
export interface IssueRoom {
  readonly tasks: Readonly<Record<string, Task>>;
  /** What is asked before anything asks who it is: leaving at one click, links that are counted, reports of bounces. */
  readonly programs: Router;
  routes(language: Language): Router;
  /**
   * The texts of an issue about these briefings as it would go to an account that has chosen it, or to a subscriber
   * without one; null: it would not.
   */
  letterFor(recipientId: string, briefingIds: readonly string[]): Promise<readonly string[] | null>;
  /** No further letter is begun; those under way are finished. */
  stop(): void;
  /** Ends the connections to the mail server, once nothing is under way. */
  close(): void;
}

/**
 * When it is asked whether a digest is due: it goes by the publication's clocks, which no crontab knows, and clocks of
 * all zones differ by quarters of an hour.
 */
export const ISSUES_CRONTAB = `*/15 * * * * send-digest ?id=daily-digest {"list":"daily"}
*/15 * * * * send-digest ?id=weekly-digest {"list":"weekly"}
* * * * * begin-alerts`;

const issuePayload = z.object({ issue: z.uuid() });
const digestPayload = z.object({ list: z.enum(['daily', 'weekly']) });

export function openIssueRoom(common: CommonParts, options: IssueRoomOptions): IssueRoom {
  const { site, wall, clock, entitlements, refresh, sessionSecrets, counters, log } = common;
  const { smtpUrl, mailFrom, perSecond, perDomain, claimSeconds, reports } = options;
  const transport = smtpUrl === null ? null : openTransport(smtpUrl, CONNECTIONS);
  const limits = openSubscribeLimits(common.redis);
  const closing = new AbortController();
  const parts: IssueParts = { site, wall, clock, entitlements, transport, mailFrom, sessionSecrets };
  const sending: SendParts = {
    ...parts,
    refresh,
    perSecond,
    perDomain,
    held: openHeldDomains(NOTHING_TAKEN),
    claimSeconds,
    log,
    closing: closing.signal,
  };
  return {
    tasks: {
      [SEND_ISSUE]: async (payload) => {
        const { issue } = issuePayload.parse(payload);
        const seconds = await sendSome(sending, issue);
        if (seconds !== null) await wall.write(accountsViewer, (db) => queueIssue(db, issue, seconds));
      },
      'send-digest': async (payload) => {
        await refresh();
        await wall.write(accountsViewer, (db) => forgetFormerSubscribers(db, clock.now()));
        const { zone } = site.languages.first;
        await beginDigest({ wall, clock, zone }, digestPayload.parse(payload).list);
      },
      // Where letters are sent nowhere, nobody waits for them.
      'begin-alerts': async () => {
        if (transport !== null) await beginAlerts({ wall, clock });
      },
    },
    programs: Router({ caseSensitive: true, strict: true }).use(
      oneClickRoutes(parts),
      clickRoutes({ site, sessionSecrets, counters, refresh }),
      reportRoutes({ wall, clock, sessionSecrets, secrets: reports, log }),
    ),
    routes: (language) => {
      const router = Router({ caseSensitive: true, strict: true });
      router.use(subscribeRoutes({ ...parts, limits }, language), chooseRoutes(parts, language));
      for (const routes of [letterChoiceRoutes, followRoutes, leaveRoutes, composeRoutes, issueListRoutes, issueRoutes])
        router.use(routes(parts, language));
      return router;
    },
    letterFor: (recipientId, briefingIds) => letterFor(parts, recipientId, briefingIds),
    stop: () => closing.abort(),
    close: () => transport?.close(),
  };
}
