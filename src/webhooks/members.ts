import { accountsViewer } from '../access/viewer';
import { memberTier } from '../membership/member-tier';
import type { Wall, WallTransaction } from '../stores/postgres/wall';
import { MEMBER_EVENTS, type WebhookEvent } from './events';

/** Hours back in which grants may have begun or ended without anybody having looked. */
const HOURS = 25;

/** The webhooks that are told of it, now or when they are resumed. */
const listeners = (db: WallTransaction, event: WebhookEvent) =>
  db.webhook.findMany({ where: { events: { has: event } }, select: { id: true } });

/**
 * Compares an account's tier with the one that was told last and, where it is another, tells it: the note of it and the
 * deliveries are there together.
 */
export async function lookAtMember(wall: Wall, accountId: string, now: Date): Promise<void> {
  await wall.write(accountsViewer, async (db) => {
    const rows = await db.$queryRaw<unknown[]>`SELECT 1 FROM accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
    if (rows.length === 0) return;
    const tier = await memberTier(db, accountId, now);
    const known = await db.webhookMember.findUnique({ where: { accountId } });
    if ((known?.tier ?? null) === tier) return;
    await db.webhookMember.upsert({
      where: { accountId },
      create: { accountId, tier },
      update: { tier },
      select: { accountId: true },
    });
    const event = known === null ? 'member.joined' : 'member.tier-changed';
    const told = { event, accountId, tier, formerTier: known?.tier ?? null, dueAt: new Date() };
    await db.webhookDelivery.createMany({
      data: (await listeners(db, event)).map(({ id: webhookId }) => ({ webhookId, ...told })),
    });
  });
}

/** Looks at the members whose grants began or ended lately by the clock alone. */
export async function lookAtMembers(wall: Wall, now: Date): Promise<void> {
  const since = new Date(now.getTime() - HOURS * 3_600_000);
  const ids = await wall.read(accountsViewer, async (db) => {
    const asked = await db.webhook.count({ where: { events: { hasSome: [...MEMBER_EVENTS] } } });
    if (asked === 0) return [];
    const within = { gt: since, lte: now };
    return db.grant.findMany({
      where: { OR: [{ from: within }, { until: within }, { revokedAt: within }] },
      distinct: ['accountId'],
      select: { accountId: true },
    });
  });
  for (const { accountId } of ids) await lookAtMember(wall, accountId, now);
}

/** Remembers at which tier everybody is, so that whoever asks from now on is told of changes alone. */
export async function rememberMembers(db: WallTransaction, now: Date): Promise<void> {
  await db.webhookMember.deleteMany();
  await db.$executeRaw`SELECT wall.remember_members(NULL, ${now}::timestamptz)`;
}
