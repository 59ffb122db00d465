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
  /** Its logins that are open, each with the hash of the session it goes by; null: not known. */
  readonly logins: ReadonlyMap<string, string | null>;
  /** The newest version it has accepted of each page that has versions, by the page's id. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Its API tokens that are not revoked, by their hash. */
  readonly tokens: ReadonlyMap<string, CachedToken>;
  /** The hash of the address of its own feed; null: it has none. */
  readonly feed: string | null;
}

export interface CachedToken {
  readonly id: string;
  readonly scopes: readonly string[];
}

/** An account with the tiers as they stand. */
export interface RememberedAccount {
  readonly account: CachedAccount;
  readonly tiers: readonly Tier[];
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
  /** The same of the addresses of private feeds. */
  private readonly feedOwners = new Map<string, string>();
  private tiers: readonly Tier[] | null = null;

  private generation = 0;

  /** @param heard says whether every change of a second ago and earlier has been heard of. */
  constructor(
    private readonly wall: Wall,
    readonly heard: () => boolean,
  ) {}

  /** The account, or null when there is none. @throws when Postgres does not answer and nothing is known. */
  async load(id: string): Promise<CachedAccount | null> {
    const cached = this.heard() ? this.accounts.get(id) : undefined;
    if (cached !== undefined) return cached;
    const begun = this.generation;
    const found = await this.wall.read(accountsViewer, (db) => findAccount(db, id));
    if (begun === this.generation) {
      if (this.accounts.size >= MOST) this.accounts.delete(this.accounts.keys().next().value!);
      this.accounts.set(id, found);
    }
    return found;
  }

  /** What is remembered of an account and is true now, without asking; null where nothing is. */
  peek(id: string): RememberedAccount | null {
    if (!this.tiers || !this.heard()) return null;
    const account = this.accounts.get(id);
    return account ? { account, tiers: this.tiers } : null;
  }

  /**
   * The account of a live API token, with the token; null when none is kept under this hash, or it is revoked.
   * @throws when Postgres does not answer and nothing is known.
   */
  async loadByToken(hash: string): Promise<{ readonly account: CachedAccount; readonly token: CachedToken } | null> {
    const account = await this.ownerOf(this.owners, hash, (db) =>
      db.apiToken.findFirst({ where: { hash, revokedAt: null }, select: { accountId: true } }),
    );
    const token = account?.tokens.get(hash);
    return account && token ? { account, token } : null;
  }

  /**
   * The account whose feed has the address of this hash, or null.
   * @throws when Postgres does not answer and nothing is known.
   */
  async loadByFeed(hash: string): Promise<CachedAccount | null> {
    const account = await this.ownerOf(this.feedOwners, hash, (db) =>
      db.privateFeed.findUnique({ where: { hash }, select: { accountId: true } }),
    );
    return account?.feed === hash ? account : null;
  }

  /** Is it known whose feed had the address of this hash? Then `loadByFeed` need not look for it. */
  knowsFeed(hash: string): boolean {
    return this.feedOwners.has(hash);
  }

  private async ownerOf(
    owners: Map<string, string>,
    hash: string,
    find: (db: WallTransaction) => Promise<{ readonly accountId: string } | null>,
  ): Promise<CachedAccount | null> {
    const known = owners.get(hash);
    if (known !== undefined) return this.load(known);
    const row = await this.wall.read(accountsViewer, find);
    if (!row) return null;
    if (owners.size >= MOST) owners.delete(owners.keys().next().value!);
    owners.set(hash, row.accountId);
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
  invalidateAll(): void {
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
      logins: { where: { endedAt: null }, select: { id: true, sessionHash: true } },
      apiTokens: { where: { revokedAt: null }, select: { id: true, hash: true, scopes: true } },
      feed: { select: { hash: true } },
      acceptances: { select: { pageId: true, version: true }, orderBy: { version: 'asc' } },
    },
  });
  return (
    row && {
      id: row.id,
      name: row.name,
      lang: row.lang,
      appointed: row.role,
      facts: factsOf(row),
      logins: new Map(row.logins.map((login) => [login.id, login.sessionHash])),
      accepted: new Map(row.acceptances.map(({ pageId, version }) => [pageId, version])),
      tokens: new Map(row.apiTokens.map(({ id: tokenId, hash, scopes }) => [hash, { id: tokenId, scopes }])),
      feed: row.feed?.hash ?? null,
    }
  );
}
