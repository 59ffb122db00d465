import { accountsViewer } from '../access/viewer';
import type { SecretSealer } from '../accounts/second-factor/secret';
import type { SiteContext } from '../http/site-context';
import type { Clock } from '../lib/clock';
import { writeAudit } from '../stores/postgres/audit';
import type { Attempt } from '../stores/postgres/jobs';
import type { Wall, WallTransaction } from '../stores/postgres/wall';
import { webhookBody } from './body';
import { tellOfPause } from './letters';
import { postOnce, type PostResult } from './post';
import { signedHeaders } from './sign';

export interface SendingParts {
  readonly wall: Wall;
  readonly site: SiteContext;
  readonly clock: Clock;
  readonly sealer: SecretSealer;
  readonly refresh: () => Promise<void>;
  /** May a webhook lead to this machine or its network? */
  readonly mayBePrivate: boolean;
}

/** Days of nothing but failures after which a webhook is paused; and for which what was told, or waits, is kept. */
const FAILING_DAYS = 3;
const KEPT_DAYS = 30;
const DAY = 24 * 3_600_000;

/** What secrets of webhooks are sealed for. */
export const sealedFor = (id: string): string => `webhook ${id}`;

type Delivery = NonNullable<Awaited<ReturnType<typeof findDelivery>>>;

const findDelivery = (db: WallTransaction, id: string) =>
  db.webhookDelivery.findUnique({ where: { id }, include: { webhook: true } });

/**
 * Tells a webhook of one thing that happened, and notes what came of it.
 * @throws where it is to be tried again: the queue does so, with growing pauses.
 */
export async function sendDelivery(parts: SendingParts, id: string, { last }: Attempt): Promise<void> {
  const { wall, clock, sealer } = parts;
  const found = await wall.read(accountsViewer, (db) => findDelivery(db, id));
  // What is paused waits until it is resumed.
  if (found?.state !== 'waiting' || found.webhook.state !== 'active') return;
  await parts.refresh();
  const body = await webhookBody(parts, found);
  if (body === null) {
    await note(parts, found, { state: 'dropped', finishedAt: clock.now() });
    return;
  }
  const secrets = secretsOf(sealer, found.webhook, clock.now());
  const { url } = found.webhook;
  const result: PostResult =
    secrets.length === 0
      ? { failure: 'SealedSecret' }
      : await postOnce({
          ...{ url, body, mayBePrivate: parts.mayBePrivate },
          headers: signedHeaders({ id, at: clock.now(), body }, secrets),
        });
  if ('code' in result && result.code >= 200 && result.code < 300) {
    await note(parts, found, { state: 'delivered', responseCode: result.code, failure: null, finishedAt: clock.now() });
    return;
  }
  if (await noteFailed(parts, found, result, last)) throw new Error('a webhook was not told');
}

function secretsOf(sealer: SecretSealer, { id, ...row }: Delivery['webhook'], now: Date): string[] {
  const former =
    row.formerSecret !== null && row.formerUntil !== null && row.formerUntil > now ? row.formerSecret : null;
  return [row.secret, former].flatMap((one) => (one === null ? [] : (sealer.open(one, sealedFor(id)) ?? [])));
}

interface Noted {
  readonly state: 'delivered' | 'dropped';
  readonly responseCode?: number;
  readonly failure?: null;
  readonly finishedAt: Date;
}

const note = ({ wall }: SendingParts, { id, webhook, attempts }: Delivery, data: Noted) =>
  wall.write(accountsViewer, async (db) => {
    await db.webhookDelivery.updateMany({ where: { id }, data: { ...data, attempts: attempts + 1 } });
    if (data.state === 'delivered' && webhook.failingSince !== null)
      await db.webhook.updateMany({ where: { id: webhook.id }, data: { failingSince: null } });
  });

/** Notes a failure, and pauses a webhook that has failed for days or is gone. @returns is it tried again? */
function noteFailed(
  { wall, clock }: SendingParts,
  found: Delivery,
  result: PostResult,
  last: boolean,
): Promise<boolean> {
  const now = clock.now();
  const code = 'code' in result ? result.code : null;
  const since = found.webhook.failingSince ?? now;
  const reason = code === 410 ? 'gone' : now.getTime() - since.getTime() > FAILING_DAYS * DAY ? 'failing' : null;
  const ends = last || reason !== null;
  return wall.write(accountsViewer, async (db) => {
    await db.webhookDelivery.updateMany({
      where: { id: found.id },
      data: {
        attempts: found.attempts + 1,
        responseCode: code,
        failure: 'failure' in result ? result.failure : null,
        ...(ends ? { state: 'failed', finishedAt: now } : {}),
      },
    });
    const { id, name } = found.webhook;
    await db.webhook.updateMany({ where: { id }, data: { failingSince: since } });
    if (reason === null) return !ends;
    const paused = { state: 'paused', reason, version: { increment: 1 } };
    const { count } = await db.webhook.updateMany({ where: { id, state: 'active' }, data: paused });
    if (count === 0) return false;
    const entry = { actor: { id: null, name: 'system' }, at: now, action: 'webhook-paused', after: { reason } };
    await writeAudit(db, { ...entry, target: { kind: 'webhook', id, name } });
    await tellOfPause(db, id);
    return false;
  });
}

/** Forgets what was told long ago, and what has waited as long for a webhook that is paused. */
export const expireDeliveries = ({ wall, clock }: Pick<SendingParts, 'wall' | 'clock'>) =>
  wall.write(accountsViewer, (db) => {
    const past = { lt: new Date(clock.now().getTime() - KEPT_DAYS * DAY) };
    const waited = { state: 'waiting', dueAt: past, webhook: { state: 'paused' } };
    return db.webhookDelivery.deleteMany({ where: { OR: [{ finishedAt: past }, waited] } });
  });
