import { createHmac, randomBytes } from 'node:crypto';
import { Cookie } from 'express-session';
import type { AccountRole, Grant, GrantSource } from '../../src/access/account-access';
import { accountsViewer } from '../../src/access/viewer';
import { makeApiToken } from '../../src/accounts/credentials/api-tokens';
import { sessionHash } from '../../src/stores/session-store';
import { SESSION_SECRET, type Dossier } from './dossier';

/** Somebody of the standing cast, logged in (or not). */
export interface Member {
  readonly id: string | null;
  readonly email: string | null;
  /** For requests in their name. */
  readonly headers: Readonly<Record<string, string>>;
  /** How far they read. */
  readonly rank: number;
}

interface Person {
  readonly role?: AccountRole;
  readonly state?: 'active' | 'suspended';
  readonly grants?: readonly {
    readonly tier: string;
    readonly source: GrantSource;
    readonly from?: Date;
    readonly until?: Date | null;
    readonly revokedAt?: Date | null;
  }[];
  readonly rank: number;
}

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY);
const JOINED = { tier: 'strategy-circle', source: 'JOINED' } as const;
const alliance = (source: GrantSource, changes: Partial<Pick<Grant, 'until' | 'revokedAt' | 'from'>> = {}) => ({
  tier: 'leadership-alliance',
  source,
  ...changes,
});

/** Who walks through every test that has a door: what they hold, and how far it must take them. */
export const CAST = {
  stranger: { rank: 0 },
  circle: { grants: [JOINED], rank: 10 },
  alliance: { grants: [JOINED, alliance('SUBSCRIPTION')], rank: 20 },
  lapsed: { grants: [JOINED, alliance('SUBSCRIPTION', { from: ago(60), until: ago(1) })], rank: 10 },
  inGrace: {
    grants: [JOINED, alliance('SUBSCRIPTION', { from: ago(60), until: new Date(Date.now() + DAY) })],
    rank: 20,
  },
  comped: { grants: [alliance('COMP', { until: new Date(Date.now() + 30 * DAY) })], rank: 20 },
  trial: { grants: [alliance('TRIAL', { until: new Date(Date.now() + DAY) })], rank: 20 },
  notYet: { grants: [JOINED, alliance('GIFT', { from: new Date(Date.now() + DAY) })], rank: 10 },
  revoked: { grants: [JOINED, alliance('SEAT', { revokedAt: ago(1) })], rank: 10 },
  suspended: { grants: [JOINED, alliance('SUBSCRIPTION')], state: 'suspended', rank: 0 },
  support: { role: 'support', rank: 0 },
  editor: { role: 'editor', rank: 1000 },
  admin: { role: 'admin', rank: 1000 },
} as const satisfies Record<string, Person>;

export type Name = keyof typeof CAST | 'visitor';

export const VISITOR: Member = { id: null, email: null, headers: {}, rank: 0 };

/** Makes an account as given and logs it in, through the stores and not through the door. */
export async function enter(dossier: Dossier, name: keyof typeof CAST): Promise<Member> {
  const person: Person = CAST[name];
  const email = `${name.toLowerCase()}-${randomBytes(4).toString('hex')}@example.org`;
  const { id } = await dossier.wall.write(accountsViewer, (db) =>
    db.account.create({
      data: {
        email,
        name,
        lang: 'en',
        role: person.role ?? 'reader',
        state: person.state ?? 'active',
        verifiedAt: new Date(),
        // Without it, staff count as readers.
        totpConfirmedAt: (person.role ?? 'reader') === 'reader' ? null : new Date(),
        grants: {
          create: (person.grants ?? []).map(({ tier, source, from = ago(90), until = null, revokedAt = null }) => ({
            tierSlug: tier,
            source,
            from,
            until,
            revokedAt,
          })),
        },
      },
      select: { id: true },
    }),
  );
  return { id, email, headers: { Cookie: await logIn(dossier, id) }, rank: person.rank };
}

/** A new login of the account; the value of the Cookie header that proves it. */
export async function logIn(dossier: Dossier, accountId: string, startedAt = Date.now()): Promise<string> {
  const id = randomBytes(24).toString('base64url');
  const login = await dossier.wall.write(accountsViewer, (db) =>
    db.login.create({ data: { accountId, device: 'a test', sessionHash: sessionHash(id) }, select: { id: true } }),
  );
  await new Promise<void>((resolve, reject) => {
    const cookie = new Cookie();
    cookie.maxAge = 30 * DAY;
    dossier.sessionStore.set(
      id,
      { cookie, accountId, loginId: login.id, startedAt, provedAt: startedAt },
      (error?: Error) => (error ? reject(error) : resolve()),
    );
  });
  const signature = createHmac('sha256', SESSION_SECRET).update(id).digest('base64').replace(/=+$/, '');
  return `dossier=${encodeURIComponent(`s:${id}.${signature}`)}`;
}

/** A token of the account, as its holder was shown it once. */
export async function tokenFor(
  dossier: Dossier,
  accountId: string,
  scopes: readonly string[] = ['briefings:read'],
): Promise<string> {
  const { token, hash } = makeApiToken();
  await dossier.wall.write(accountsViewer, (db) =>
    db.apiToken.create({ data: { accountId, name: 'a test', hash, scopes: [...scopes] } }),
  );
  return token;
}

/** The whole cast of a Dossier, a visitor among them. */
export async function enterAll(dossier: Dossier): Promise<Record<Name, Member>> {
  const members: Partial<Record<Name, Member>> = { visitor: VISITOR };
  for (const name of Object.keys(CAST) as (keyof typeof CAST)[]) members[name] = await enter(dossier, name);
  return members as Record<Name, Member>;
}
