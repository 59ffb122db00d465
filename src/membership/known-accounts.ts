import { registrar } from '../access/viewer';
import type { AccountFacts } from '../access/standing';
import type { Tier } from '../access/matrix';
import type { Behind, Wall } from '../stores/wall';

/** An account as each request needs it: who it is, how far it reads, and which of its logins still hold. */
export interface KnownAccount {
  readonly id: string;
  readonly name: string;
  readonly lang: string;
  readonly facts: AccountFacts;
  readonly logins: ReadonlySet<string>;
}

/** Accounts a process remembers at most; the one longest unused goes first. */
const MOST = 20_000;

/**
 * Facts of accounts, kept in memory for as long as changes to them are heard: a request then asks no database,
 * and a grant, a suspension or an ended login is in force on the next one in every process.
 */
export class KnownAccounts {
  private readonly accounts = new Map<string, KnownAccount | null>();
  private tiers: readonly Tier[] | null = null;
  private fresh = false;
  private generation = 0;

  constructor(private readonly wall: Wall) {}

  /** The account, or null when there is none. @throws when Postgres does not answer and nothing is known. */
  async load(id: string): Promise<KnownAccount | null> {
    const kept = this.fresh ? this.accounts.get(id) : undefined;
    if (kept !== undefined) return kept;
    const begun = this.generation;
    const found = await this.wall.read(registrar, (db) => findAccount(db, id));
    if (this.fresh && begun === this.generation) {
      if (this.accounts.size >= MOST) this.accounts.delete(this.accounts.keys().next().value!);
      this.accounts.set(id, found);
    }
    return found;
  }

  /** The tiers, lowest first. */
  async loadTiers(): Promise<readonly Tier[]> {
    if (this.fresh && this.tiers) return this.tiers;
    const begun = this.generation;
    const tiers = await this.wall.read(registrar, (db) => db.tier.findMany({ select: { slug: true, rank: true }, orderBy: { rank: 'asc' } }));
    if (this.fresh && begun === this.generation) this.tiers = tiers;
    return tiers;
  }

  forget(id: string): void {
    this.generation++;
    this.accounts.delete(id);
  }

  forgetTiers(): void {
    this.generation++;
    this.tiers = null;
  }

  /** Changes are heard from now on; what happened before was missed. */
  trust(): void {
    this.doubt();
    this.fresh = true;
  }

  /** Changes are no longer heard: every request asks again. */
  doubt(): void {
    this.generation++;
    this.fresh = false;
    this.accounts.clear();
    this.tiers = null;
  }
}

async function findAccount(db: Behind, id: string): Promise<KnownAccount | null> {
  const row = await db.account.findUnique({
    where: { id },
    select: { id: true, name: true, lang: true, role: true, state: true, grants: true, logins: { where: { endedAt: null }, select: { id: true } } },
  });
  return row && {
    id: row.id,
    name: row.name,
    lang: row.lang,
    facts: {
      role: row.role,
      state: row.state,
      grants: row.grants.map(({ id: grantId, tierSlug, source, from, until, revokedAt }) => ({ id: grantId, tier: tierSlug, source, from, until, revokedAt })),
    },
    logins: new Set(row.logins.map((login) => login.id)),
  };
}
