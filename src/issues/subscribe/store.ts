import { accountsViewer } from '../../access/viewer';
import { hashOfToken, newToken } from '../../accounts/credentials/link-tokens';
import { liftMailBlock } from '../../accounts/mail-blocks';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import type { ListChoice } from '../choice';
import { writeConfirmation } from './letters';

/** Milliseconds in which the link of the letter makes the subscription. */
const LIFE = 7 * 24 * 3_600_000;

/** What an address asked for and has not confirmed yet. */
export interface PendingSubscription extends ListChoice {
  readonly email: string;
}

/**
 * Writes the letter whose link makes the subscription, whether there is one already, an account, or neither: nothing
 * differs. A newer letter replaces an older one.
 */
export async function askToSubscribe(
  wall: Wall,
  { email, list, lang, categories }: PendingSubscription,
  now: Date,
): Promise<void> {
  const token = newToken();
  const made = {
    ...{ hash: hashOfToken(token), list, lang, categories: [...categories] },
    ...{ createdAt: now, expiresAt: new Date(now.getTime() + LIFE) },
  };
  await wall.write(accountsViewer, async (db) => {
    await db.pendingSubscription.deleteMany({ where: { expiresAt: { lte: now } } });
    await db.pendingSubscription.upsert({
      where: { email },
      create: { email, ...made },
      update: made,
      select: { hash: true },
    });
    await writeConfirmation(db, { email, lang, list }, token);
  });
}

/** What would be confirmed with this token; null once it was used, is too old, or was replaced. */
export const findPending = (db: WallTransaction, token: string, now: Date): Promise<PendingSubscription | null> =>
  db.pendingSubscription.findFirst({
    where: { hash: hashOfToken(token), expiresAt: { gt: now } },
    select: { email: true, list: true, lang: true, categories: true },
  }) as Promise<PendingSubscription | null>;

/**
 * Spends the token: the address gets what was asked for. Where it is a confirmed account's, the account has chosen so.
 * @returns false: the token is worth nothing any more.
 */
export async function confirmSubscription(db: WallTransaction, token: string, now: Date): Promise<boolean> {
  const pending = await findPending(db, token, now);
  const spent = await db.pendingSubscription.deleteMany({ where: { hash: hashOfToken(token) } });
  if (!pending || spent.count === 0) return false;
  const { email, list, lang, categories } = pending;
  const chosen = { list, lang, categories: [...categories] };
  await liftMailBlock(db, email, now);
  // Whoever confirms the account's address meanwhile waits, and finds the subscription.
  const [account] = await db.$queryRaw<{ id: string; verified: boolean }[]>`
    SELECT id::text, verified_at IS NOT NULL AS verified FROM accounts WHERE email = ${email} FOR SHARE`;
  if (account?.verified) {
    const choice = { ...chosen, chosenAt: now };
    await db.listChoice.upsert({
      where: { accountId: account.id },
      create: { accountId: account.id, ...choice },
      update: choice,
      select: { accountId: true },
    });
    return true;
  }
  // Its letters have just been taken again.
  const subscriber = { ...chosen, confirmedAt: now, mailRefusedAt: null, mailRefusal: null };
  await db.subscriber.upsert({
    where: { email },
    create: { email, ...subscriber },
    update: subscriber,
    select: { id: true },
  });
  return true;
}

/** Ends what a recipient gets, an account or a subscriber, whose letters may be older than the account. */
export async function leaveLists(db: WallTransaction, recipientId: string): Promise<void> {
  const choice = { OR: [{ accountId: recipientId }, { formerSubscriberId: recipientId }] };
  // What they follow stays, and brings no letter.
  await db.follow.updateMany({
    where: { account: { OR: [{ id: recipientId }, { listChoice: { formerSubscriberId: recipientId } }] } },
    data: { list: 'none' },
  });
  await db.listChoice.deleteMany({ where: choice });
  await db.subscriber.deleteMany({ where: { id: recipientId } });
}

/** Days for which it is known what somebody was sent who has left. */
const FORMER_DAYS = 30;

/** Forgets who left long ago; whoever comes now has nothing of that time to get twice. */
export async function forgetFormerSubscribers(db: WallTransaction, now: Date): Promise<void> {
  const leftAt = { lt: new Date(now.getTime() - FORMER_DAYS * 24 * 3_600_000) };
  await db.formerSubscriber.deleteMany({ where: { leftAt } });
}

/** Does an account get letters by this id, or has one taken it over? */
export const isOfAccount = async (db: WallTransaction, recipientId: string): Promise<boolean> =>
  (await db.account.count({
    where: { OR: [{ id: recipientId }, { listChoice: { formerSubscriberId: recipientId } }] },
  })) > 0;
