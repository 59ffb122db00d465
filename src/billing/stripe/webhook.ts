import express, { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { statusOf } from '../../http/errors';
import { raise, type AlarmDraft } from '../sync/alarms';
import { receive, type SyncDelay, type Statements } from './inbox';
import type { SyncParts } from '../parts';
import { API_VERSION, verifyEvent } from './client';

export interface WebhookParts extends Pick<SyncParts, 'stripe' | 'wall' | 'clock' | 'log' | 'livemode'> {
  readonly pool: Statements;
  readonly webhookSecrets: readonly string[];
  readonly pace: SyncDelay;
}

/** Bytes. */
const LARGEST = 1_048_576;

/** Milliseconds between two alarms about what anybody can send. */
const QUIET = 60_000;

/**
 * `POST /webhooks/stripe`: keeps what Stripe has signed, and says so; all else is done afterwards. It stands before
 * sessions, parsers and the check of the origin: the signature says who speaks. Its answers say nothing more.
 */
export function webhookRoutes(parts: WebhookParts): Router {
  const { stripe, wall, clock, log, livemode, pool, webhookSecrets, pace } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const said = new Map<string, number>();

  const alarm = async (draft: AlarmDraft): Promise<void> => {
    const key = `${draft.kind} ${draft.subject}`;
    if (performance.now() - (said.get(key) ?? -QUIET) < QUIET) return;
    said.set(key, performance.now());
    await wall
      .write(accountsViewer, (db) => raise(db, draft, clock.now()))
      .catch((error: unknown) => log.warn({ err: error }, 'an alarm could not be raised'));
  };

  const take = async (req: Request, res: Response): Promise<void> => {
    const body: unknown = req.body;
    const signature = req.get('Stripe-Signature');
    if (!Buffer.isBuffer(body) || body.length === 0 || signature === undefined) return refuse(res, 400);
    // Signatures are made by the clock of the machine, whatever day it is in the sandbox.
    const event = verifyEvent(stripe, body, signature, webhookSecrets, Date.now());
    if (event === 'stale') await alarm({ kind: 'webhook-clock', subject: 'signature' });
    if (typeof event === 'string' || !isEvent(event)) return refuse(res, 400);
    if (event.livemode !== livemode) return refuse(res, 400);
    if (event.api_version !== API_VERSION) {
      await alarm({
        kind: 'other-version',
        subject: String(event.api_version).slice(0, 40),
        details: { expected: API_VERSION },
      });
      return refuse(res, 400);
    }
    await receive(pool, event, body.toString('utf8'), pace);
    res.json({ received: true });
  };

  router.use('/webhooks/stripe', (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router
    .route('/webhooks/stripe')
    .post(express.raw({ type: () => true, limit: LARGEST, inflate: false }), take)
    .all((_req, res) => {
      res.setHeader('Allow', 'POST');
      refuse(res, 405);
    });

  const failed: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error }, 'an event could not be kept');
    if (status === 503) res.setHeader('Retry-After', '10');
    refuse(res, status === 415 ? 400 : status);
  };
  router.use('/webhooks/stripe', failed);
  return router;
}

function refuse(res: Response, status: number): void {
  res.status(status).end();
}

/** What is signed is Stripe's, but may be of a kind that is none of ours. */
function isEvent(value: unknown): boolean {
  const event = value as { object?: unknown; id?: unknown; type?: unknown; created?: unknown } | null;
  return (
    typeof event === 'object' &&
    event !== null &&
    event.object === 'event' &&
    typeof event.id === 'string' &&
    /^evt_\w{1,250}$/.test(event.id) &&
    typeof event.type === 'string' &&
    event.type.length <= 200 &&
    typeof event.created === 'number'
  );
}
