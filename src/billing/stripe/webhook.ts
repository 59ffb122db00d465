import { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { hasBody, readBody } from '../../http/body';
import { statusOf } from '../../http/errors';
import { raise, type AlarmDraft } from '../sync/alarms';
import { receive, type SyncDelay, type Statements } from './inbox';
import type { SyncParts } from '../parts';
import { API_VERSION, isSignature, verifyEvent } from './client';

export interface WebhookParts extends Pick<SyncParts, 'stripe' | 'wall' | 'clock' | 'log' | 'livemode'> {
  readonly pool: Statements;
  readonly webhookSecrets: readonly string[];
  readonly pace: SyncDelay;
}

/** Bytes. */
const LARGEST = 1_048_576;

/** Milliseconds between two alarms about what anybody can send. */
const QUIET = 60_000;

/** How deep an event may be nested: several times as deep as any of Stripe's. */
const DEEPEST = 64;

/** UTC seconds of the last moment of the year 9999. */
const LAST_MOMENT = 253_402_300_799;

const event = z.looseObject({
  object: z.literal('event'),
  id: z.string().regex(/^evt_\w{1,250}$/),
  type: z.string().regex(/^[\w.]{1,200}$/),
  created: z.number().int().min(0).max(LAST_MOMENT),
});

/**
 * `POST /webhooks/stripe`: keeps what Stripe has signed, and says so; all else is done afterwards. It stands before
 * sessions, parsers and the check of the origin: the signature says who speaks. Its answers say nothing more.
 */
export function webhookRoutes(parts: WebhookParts): Router {
  const { stripe, wall, clock, log, livemode, pool, webhookSecrets, pace } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const warnedAt = new Map<string, number>();

  const alarm = async (draft: AlarmDraft): Promise<void> => {
    const key = `${draft.kind} ${draft.subject}`;
    if (performance.now() - (warnedAt.get(key) ?? -QUIET) < QUIET) return;
    warnedAt.set(key, performance.now());
    await wall
      .write(accountsViewer, (db) => raise(db, draft, clock.now()))
      .catch((error: unknown) => log.warn({ err: error }, 'an alarm could not be raised'));
  };

  const take = async (req: Request, res: Response): Promise<void> => {
    const signature = req.get('Stripe-Signature') ?? '';
    // Nothing is read of whoever does not even say that it is signed.
    if (!isSignature(signature) || !hasBody(req)) return refuse(res, 400);
    const body = await readBody(req, LARGEST);

    // Signatures are made by the clock of the machine, whatever day it is in the sandbox.
    const signed = verifyEvent(stripe, body, signature, webhookSecrets, Date.now());
    if (signed === 'stale') await alarm({ kind: 'webhook-clock', subject: 'signature' });
    if (typeof signed === 'string' || !isEvent(signed)) return refuse(res, 400);
    if (signed.livemode !== livemode) return refuse(res, 400);
    if (signed.api_version !== API_VERSION) {
      await alarm({
        kind: 'other-version',
        subject: nameOfVersion(signed.api_version),
        details: { expected: API_VERSION },
      });
      return refuse(res, 400);
    }
    await receive(pool, signed, body.toString('utf8'), pace);
    res.json({ received: true });
  };

  router.use('/webhooks/stripe', (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router
    .route('/webhooks/stripe')
    .post(take)
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

/** A version as an alarm names it: whatever is none has one name, so that there is one alarm. */
function nameOfVersion(version: unknown): string {
  const name = String(version);
  return /^[\w.-]{1,40}$/.test(name) ? name : 'unreadable';
}

function refuse(res: Response, status: number): void {
  res.status(status).end();
}

/** What is signed is Stripe's, but may be of a kind that is none of ours. */
function isEvent(value: unknown): boolean {
  return event.safeParse(value).success && isKeepable(value, DEEPEST);
}

/**
 * Is nothing in it nested deeper than so many levels, nor named by what Postgres cannot keep? No more of it is gone
 * through than that.
 */
function isKeepable(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return (
    levels > 0 &&
    Object.entries(value).every(([name, inner]) => !/[\0\p{Cs}]/u.test(name) && isKeepable(inner, levels - 1))
  );
}
