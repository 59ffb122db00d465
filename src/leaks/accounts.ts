import { createHmac, randomBytes } from 'node:crypto';
import { Cookie, type Store } from 'express-session';
import { HIGHEST_RANK, accountsViewer } from '../access/viewer';
import { mayGive } from '../access/gifts';
import { makeApiToken, makeFeedToken, makeGiftToken } from '../accounts/credentials/api-tokens';
import { ABSOLUTE_DAYS, cookieName } from '../http/sessions';
import type { Wall } from '../stores/postgres/wall';
import type { Planted } from './plant';
import type { Asking } from './surface';
import { inDays, type VisitorPlan } from './visitors';

/** A visitor ready to walk. */
export interface Visitor extends Asking {
  readonly name: string;
  readonly rank: number;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** What proves them. A token is heeded by the API alone, a session by everything else. */
  readonly by: 'session' | 'token' | 'nothing';
  /** How far they must be able to read, by the way it is shown to them; null: they are not even let in. */
  readonly reads: { readonly pages: number; readonly api: number | null; readonly gifts: number | null };
  /** Null: they have no account, or have none any more. */
  readonly accountId: string | null;
  /** Whom letters to many go to: their account, or what they have subscribed to without one; null: neither. */
  readonly recipientId: string | null;
  /** How far letters to them may go, whatever is wrong with their session or token; null: none is sent. */
  readonly letters: number | null;
}

/** What accounts are planted through: the site's own stores. */
export interface Stores {
  readonly wall: Wall;
  readonly sessionStore: Store;
  /** The secret that signs the site's cookies. */
  readonly sessionSecret: string;
  readonly https: boolean;
}

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/**
 * Plants a visitor's account, grants and session. Without stores only somebody without an account can be made: then
 * null.
 */
export async function plantVisitor(
  plan: VisitorPlan,
  planted: Pick<Planted, 'run' | 'steps' | 'ids' | 'published'>,
  stores: Stores | null,
): Promise<Visitor | null> {
  const { low, top } = planted.steps;
  const named = { public: 0, low: low.rank, top: top.rank, all: HIGHEST_RANK };
  const rank = typeof plan.reads === 'number' ? plan.reads : named[plan.reads];
  const headers = { 'User-Agent': plan.agent ?? AGENT };
  if (plan.subscriber) return stores && plantSubscriber(plan, planted, stores, headers);
  if (plan.gift && !stores) return null;
  const gift = plan.gift && stores ? await plantGift(stores.wall, planted, plan.gift) : NO_GIFT;
  if (!plan.account) return nobodyOf(plan, rank, headers, gift);
  if (!stores) return null;
  const { role = 'reader', alone, suspended, grants = [] } = plan.account;
  const { id } = await stores.wall.write(accountsViewer, (db) =>
    db.account.create({
      data: {
        email: `${planted.run}-${plan.name.replace(/[^a-z]+/gi, '-')}@canary.invalid`.toLowerCase(),
        name: `Canary (${plan.name})`,
        lang: 'en',
        role,
        state: suspended ? 'suspended' : 'active',
        verifiedAt: new Date(),
        totpConfirmedAt: role === 'reader' || alone ? null : new Date(),
        grants: {
          create: grants.map(({ step, source, from = -90, until, revoked }) => ({
            tierSlug: step === 'low' ? low.slug : step === 'top' ? top.slug : step,
            source,
            from: inDays(from),
            until: until === undefined ? null : inDays(until),
            revokedAt: revoked === undefined ? null : inDays(revoked),
          })),
        },
      },
      select: { id: true },
    }),
  );
  const feed = await plantFeed(stores.wall, id, plan);
  const proof = plan.token
    ? await plantToken(stores.wall, id, plan.token)
    : await plantSession(stores, id, plan.session);
  if (plan.session === 'of a deleted account')
    await stores.wall.write(accountsViewer, (db) => db.account.delete({ where: { id }, select: { id: true } }));
  const holds = plan.token === 'good' && !suspended;
  return {
    name: plan.name,
    rank,
    headers: { ...headers, ...proof },
    feed,
    gift: gift.token,
    accountId: id,
    recipientId: id,
    letters: lettersOf(plan, rank, top.rank),
    ...(plan.token
      ? { by: 'token', reads: { pages: 0, api: holds ? rank : null, gifts: null } }
      : { by: 'session', reads: { pages: rank, api: 0, gifts: null } }),
  };
}

const NO_ACCOUNT = () => ({ feed: makeFeedToken().token, accountId: null, recipientId: null, letters: null });

async function plantSubscriber(
  { name }: VisitorPlan,
  { run }: Pick<Planted, 'run'>,
  { wall }: Stores,
  headers: Visitor['headers'],
): Promise<Visitor> {
  const chosen = { list: 'each', lang: 'en', confirmedAt: new Date() };
  const { id } = await wall.write(accountsViewer, (db) =>
    db.subscriber.create({ data: { email: `${run}-${name}@canary.invalid`, ...chosen }, select: { id: true } }),
  );
  const reads = { pages: 0, api: 0, gifts: null };
  const nobody = { rank: 0, headers, by: 'nothing', reads, gift: NO_GIFT.token } as const;
  return { name, ...nobody, ...NO_ACCOUNT(), recipientId: id, letters: 0 };
}

/** How far letters to an account may go: a session or a token that is wrong takes nothing from it. */
function lettersOf({ account, session, token }: VisitorPlan, rank: number, top: number): number | null {
  if (session === 'of a deleted account' || account?.suspended) return null;
  return session !== undefined || token === 'revoked' ? top : rank;
}

/**
 * The address of their feed. Whose session or token is wrong has one that is nobody's: by a good one they would read as
 * far as their account does.
 */
async function plantFeed(wall: Wall, accountId: string, { session, token, feed }: VisitorPlan): Promise<string> {
  const { token: given, hash } = makeFeedToken();
  if (session !== undefined || token === 'revoked') return given;
  const stored = feed === 'replaced' ? makeFeedToken().hash : hash;
  await wall.write(accountsViewer, (db) =>
    db.privateFeed.create({ data: { accountId, hash: stored }, select: { accountId: true } }),
  );
  return given;
}

const nobodyOf = (
  { name }: VisitorPlan,
  rank: number,
  headers: Visitor['headers'],
  gift: { readonly token: string; readonly reads: number | null },
): Visitor => ({
  ...NO_ACCOUNT(),
  ...{ name, rank, headers, gift: gift.token },
  by: 'nothing',
  reads: { pages: 0, api: 0, gifts: gift.reads },
});

const NO_GIFT = { token: 'x', reads: null };

/** A gift link to the first of the published briefings, and its giver. */
async function plantGift(
  wall: Wall,
  { run, steps, ids, published }: Pick<Planted, 'run' | 'steps' | 'ids' | 'published'>,
  is: NonNullable<VisitorPlan['gift']>,
): Promise<{ readonly token: string; readonly reads: number | null }> {
  const { token, hash } = makeGiftToken();
  const until = is === 'of one who lapsed' ? inDays(-1) : null;
  const tiers = await wall.write(accountsViewer, async (db) => {
    await db.account.create({
      data: {
        email: `${run}-giver-${is.replaceAll(' ', '-')}@canary.invalid`,
        name: 'Canary (giver)',
        lang: 'en',
        state: is === 'of one who is suspended' ? 'suspended' : 'active',
        verifiedAt: new Date(),
        grants: { create: { tierSlug: steps.top.slug, source: 'SUBSCRIPTION', from: inDays(-90), until } },
        gifts: {
          create: {
            briefingId: ids[published[0]!]!,
            hash,
            createdAt: inDays(-6),
            expiresAt: inDays(is === 'ended' ? -1 : 1),
            revokedAt: is === 'revoked' ? inDays(-1) : null,
          },
        },
      },
      select: { id: true },
    });
    return db.tier.findMany();
  });
  return { token, reads: is === 'open' && mayGive(steps.top.rank, tiers) ? steps.top.rank : null };
}

async function plantToken(wall: Wall, accountId: string, state: 'good' | 'revoked'): Promise<Record<string, string>> {
  const { token, hash } = makeApiToken();
  await wall.write(accountsViewer, (db) =>
    db.apiToken.create({
      data: {
        accountId,
        name: 'canary',
        hash,
        scopes: ['briefings:read'],
        revokedAt: state === 'revoked' ? inDays(-1) : null,
      },
      select: { id: true },
    }),
  );
  return { Authorization: `Bearer ${token}` };
}

async function plantSession(
  { wall, sessionStore, sessionSecret, https }: Stores,
  accountId: string,
  wrong: VisitorPlan['session'],
): Promise<Record<string, string>> {
  const startedAt = inDays(wrong === 'too old' ? -ABSOLUTE_DAYS - 1 : 0).getTime();
  const login = await wall.write(accountsViewer, (db) =>
    db.login.create({
      data: { accountId, device: 'canary', endedAt: wrong === 'logged out' ? inDays(-1) : null },
      select: { id: true },
    }),
  );
  const id = randomBytes(24).toString('base64url');
  const cookie = new Cookie();
  // Long enough for a walk; whatever is left of it ends by itself.
  cookie.maxAge = 3_600_000;
  await new Promise<void>((resolve, reject) => {
    sessionStore.set(id, { cookie, accountId, loginId: login.id, startedAt, provedAt: startedAt }, (error?: Error) =>
      error ? reject(error) : resolve(),
    );
  });
  const signature = createHmac('sha256', wrong === 'forged' ? "somebody else's secret" : sessionSecret)
    .update(id)
    .digest('base64')
    .replace(/=+$/, '');
  return { Cookie: `${cookieName(https)}=${encodeURIComponent(`s:${id}.${signature}`)}` };
}
