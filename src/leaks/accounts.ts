import { createHmac, randomBytes } from 'node:crypto';
import { Cookie, type Store } from 'express-session';
import { HIGHEST_RANK, accountsViewer } from '../access/viewer';
import { makeApiToken } from '../accounts/credentials/api-tokens';
import { ABSOLUTE_DAYS, cookieName } from '../http/sessions';
import type { Wall } from '../stores/postgres/wall';
import type { Planted } from './plant';
import { inDays, type VisitorPlan } from './visitors';

/** A visitor ready to walk. */
export interface Visitor {
  readonly name: string;
  readonly rank: number;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** What proves them. A token is heeded by the API alone, a session by everything else. */
  readonly by: 'session' | 'token' | 'nothing';
  /** How far they must be able to read, by the way it is shown to them; null: they are not even let in. */
  readonly reads: { readonly pages: number; readonly api: number | null };
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
  planted: Pick<Planted, 'run' | 'steps'>,
  stores: Stores | null,
): Promise<Visitor | null> {
  const { low, top } = planted.steps;
  const rank = { public: 0, low: low.rank, top: top.rank, all: HIGHEST_RANK }[plan.reads];
  const headers = { 'User-Agent': plan.agent ?? AGENT };
  if (!plan.account) return { name: plan.name, rank, headers, by: 'nothing', reads: { pages: 0, api: 0 } };
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
            tierSlug: planted.steps[step].slug,
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
    ...(plan.token
      ? { by: 'token', reads: { pages: 0, api: holds ? rank : null } }
      : { by: 'session', reads: { pages: rank, api: 0 } }),
  };
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
