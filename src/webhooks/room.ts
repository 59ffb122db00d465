import { Router } from 'express';
import { z } from 'zod';
import { openAccountLimits } from '../accounts/account-limits';
import { openSecretSealer } from '../accounts/second-factor/secret';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import type { Task } from '../stores/postgres/jobs';
import { webhookBody, type ToldOf } from './body';
import { webhookListRoutes } from './list';
import { makeWebhookRoutes } from './make';
import { lookAtMember, lookAtMembers } from './members';
import { webhookRoutes } from './one';
import type { WebhookParts } from './parts';
import { expireDeliveries, sendDelivery } from './send';

/** What a publisher's programs are told: where to, and what came of it. */
export interface WebhookRoom {
  readonly tasks: Readonly<Record<string, Task>>;
  routes(language: Language): Router;
  /** What a webhook would be told now, for whoever checks it (src/leaks). */
  bodyOf(told: ToldOf): Promise<string | null>;
}

/** By the clock: tiers that begin and end by themselves, and what was told long ago. */
export const WEBHOOKS_CRONTAB = `*/5 * * * * look-at-members
41 3 * * * expire-webhook-deliveries`;

const delivery = z.object({ delivery: z.uuid() });
const account = z.object({ account: z.uuid() });

export function openWebhookRoom(
  common: CommonParts,
  { mayBePrivate }: Pick<WebhookParts, 'mayBePrivate'>,
): WebhookRoom {
  const { wall, site, clock, entitlements, refresh, sessionSecrets, redis } = common;
  const sealer = openSecretSealer(sessionSecrets);
  const limits = openAccountLimits(redis);
  const parts: WebhookParts = { wall, site, clock, entitlements, refresh, sealer, limits, mayBePrivate };
  return {
    tasks: {
      'send-webhook': (payload, attempt) => sendDelivery(parts, delivery.parse(payload).delivery, attempt),
      'look-at-member': (payload) => lookAtMember(wall, account.parse(payload).account, entitlements.now()),
      'look-at-members': () => lookAtMembers(wall, entitlements.now()),
      'expire-webhook-deliveries': async () => void (await expireDeliveries(parts)),
    },
    routes: (language) => {
      const router = Router({ caseSensitive: true, strict: true });
      for (const routes of [webhookListRoutes, makeWebhookRoutes, webhookRoutes]) router.use(routes(parts, language));
      return router;
    },
    bodyOf: (told) => webhookBody(parts, told),
  };
}
