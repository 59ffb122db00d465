import { accountsViewer } from '../access/viewer';
import type { AccountFacts, AccountRole } from '../access/account-access';
import type { Tier } from '../access/matrix';
import type { WallTransaction, Wall } from '../stores/postgres/wall';
import { factsOf } from './facts';

/** An account as each request needs it: who it is, how far it reads, and which of its logins still hold. */
export interface CachedAccount {
  readonly id: string;
  readonly name: string;
  readonly lang: string;
  readonly facts: AccountFacts;
  /** The role it was given. `facts.role` is that in force: `reader` until there is a second factor (ASVS 6.3.3). */
  readonly appointed: AccountRole;
  readonly logins: ReadonlySet<string>;
  /** Its API tokens that are not revoked, by their hash. */
  readonly tokens: ReadonlyMap<string, CachedToken>;
}

export interface CachedToken {
  readonly id: string;
  readonly scopes: readonly string[];
}

/** Accounts a process remembers at most; the one longest unused goes first. */
const MOST = 20_000;

/**
 * Facts of accounts, kept in memory for as long as changes to them are heard: a request then asks no database,
 * and a grant, a suspension or an ended login is in force on the next one in every process.
 */
export class AccountCache {
  private readonly accounts = new Map<string, CachedAccount | null>();
  /** Whose a token is, by its hash. That never changes; whether it still holds, the account says. */
  private readonly owners = new Map<string, string>();
  private tiers: readonly Tier[] | null = null;

  private generation = 0;

  /** @param heard says whether every change of a second ago and earlier has been heard of. */
  constructor(
    private readonly wall: Wall,
    private readonly heard: () => boolean,
  ) {}

  /** The account, or null when there is none. @throws when Postgres does not answer and nothing is known. */
  async load(id: string): Promise<CachedAccount | null> {
    const kept = this.heard() ? this.accounts.get(id) : undefined;
    if (kept !== undefined) return kept;
    const begun = this.generation;
    const found = await this.wall.read(accountsViewer, (db) => findAccount(db, id));
    if (begun === this.generation) {
      if (this.accounts.size >= MOST) this.accounts.delete(this.accounts.keys().next().value!);
      this.accounts.set(id, found);
    }
    return found;
  }

  /**
   * The account of a live API token, with the token; null when none is kept under this hash, or it is revoked.
   * @throws when Postgres does not answer and nothing is known.
   */
  async loadByToken(hash: string): Promise<{ readonly account: CachedAccount; readonly token: CachedToken } | null> {
    const account = await this.ownerOf(hash);
    const token = account?.tokens.get(hash);
    return account && token ? { account, token } : null;
  }

  private async ownerOf(hash: string): Promise<CachedAccount | null> {
    const known = this.owners.get(hash);
    if (known !== undefined) return this.load(known);
    const row = await this.wall.read(accountsViewer, (db) =>
      db.apiToken.findFirst({ where: { hash, revokedAt: null }, select: { accountId: true } }),
    );
    if (!row) return null;
    if (this.owners.size >= MOST) this.owners.delete(this.owners.keys().next().value!);
    this.owners.set(hash, row.accountId);
    // What is remembered of the account may be older than the token, by the time a notification takes.
    this.invalidate(row.accountId);
    return this.load(row.accountId);
  }

  /** The tiers, lowest first. */
  async loadTiers(): Promise<readonly Tier[]> {
    if (this.tiers && this.heard()) return this.tiers;
    const begun = this.generation;
    const tiers = await this.wall.read(accountsViewer, (db) =>
      db.tier.findMany({ select: { slug: true, rank: true }, orderBy: { rank: 'asc' } }),
    );
    if (begun === this.generation) this.tiers = tiers;
    return tiers;
  }

  invalidate(id: string): void {
    this.generation++;
    this.accounts.delete(id);
  }

  invalidateTiers(): void {
    this.generation++;
    this.tiers = null;
  }

  /** Changes may have been missed. */
  forgetAll(): void {
    this.generation++;

    this.accounts.clear();
    this.tiers = null;
  }
}

async function findAccount(db: WallTransaction, id: string): Promise<CachedAccount | null> {
  const row = await db.account.findUnique({
    where: { id },
    select: {
      id: true,
      name: true,
      lang: true,
      role: true,
      state: true,
      totpConfirmedAt: true,
      passkeys: { select: { id: true }, take: 1 },
      grants: true,
      logins: { where: { endedAt: null }, select: { id: true } },
      apiTokens: { where: { revokedAt: null }, select: { id: true, hash: true, scopes: true } },
    },
  });
  return (
    row && {
      id: row.id,
      name: row.name,
      lang: row.lang,
      appointed: row.role,
      facts: factsOf(row),
      logins: new Set(row.logins.map((login) => login.id)),
      tokens: new Map(row.apiTokens.map(({ id: tokenId, hash, scopes }) => [hash, { id: tokenId, scopes }])),
    }
  );
}
