import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { Client, type QueryArrayConfig, type QueryArrayResult } from 'pg';
import type { Viewer } from '../../access/viewer';
import { isRowStatement } from './row-statement';
import { WallKey } from './wall-key';

/** What a transaction of the wall is for. */
export interface TransactionContext {
  readonly viewer: Viewer;
  readonly writes: boolean;
}

/** What a connection may do by itself, without a context: pages need one, the session store keeps sessions. */
export type Purpose = 'pages' | 'sessions';

/** Signing the moment at which a transaction began binds a context to it: Postgres counts in microseconds. */
const BEGUN = 'SELECT (extract(epoch FROM pg_catalog.now()) * 1000000)::bigint';
const SAY_WHO = "SELECT pg_catalog.set_config('dossier.context', $1, true)";

/**
 * What a function can leave in a session: settings, among them the role, which RESET ALL passes over, and locks.
 * Prepared statements and their plans stay.
 */
const RESET = 'RESET ALL; RESET ROLE; SELECT pg_catalog.pg_advisory_unlock_all()';

const BEGIN = 'BEGIN';
const LEVEL = 'SET TRANSACTION ISOLATION LEVEL ';
/** What the package takes that its types do not name. */
type Statement = Pick<QueryArrayConfig, 'text'> & Partial<QueryArrayConfig> & { readonly queryMode?: 'extended' };

const ENDS = new Set(['COMMIT', 'ROLLBACK']);

type Rows = QueryArrayResult<unknown[]>;

const DONE: Rows = { command: BEGIN, rowCount: null, oid: 0, fields: [], rows: [] };

const asking = new AsyncLocalStorage<TransactionContext>();

/**
 * A transaction that `work` begins at an isolation level is one of the wall. The viewer travels by AsyncLocalStorage,
 * not in SQL, so an injected statement cannot set it; where it is missing no context is signed, which means rank 0.
 */
export const runAsViewer = <T>(context: TransactionContext, work: () => Promise<T>): Promise<T> =>
  asking.run(context, work);

/**
 * A connection that keeps each transaction of the wall to itself
 * (docs/decisions/0003-a-wall-with-a-signed-context.md): the context is signed for this transaction of this connection,
 * nothing but statements on rows is sent in it, and nothing it does to the session outlives it.
 *
 * One wait for Postgres comes before the first statement, and none where a visitor asks, who needs no context. Prisma
 * waits for `BEGIN` and for the isolation level, which it asks first (@prisma/adapter-pg 7.10.0, `startTransaction`);
 * here they go together with what follows (the pipeline of pg 8.23.1).
 */
export class WallClient extends Client {
  private readonly key = WallKey.random();
  /** How the transaction begins that Postgres knows nothing of yet. */
  private begin: string | null = null;
  private transaction: 'none' | 'open' | 'over' = 'none';
  /** What goes to Postgres together with the next statement, before it. */
  private ahead: Statement[] = [];
  /** Has anything been asked that a transaction of the wall did not clean up after? */
  private used = false;
  /** Is what is asked now being gathered, to be sent at once? */
  private gathering = false;
  /** May something be left in the session that `RESET` does not undo? */
  private altered = false;

  /** Hands Postgres this connection's key, once. @throws when Postgres refuses it. */
  async enroll(purpose: Purpose): Promise<void> {
    await this.pass(['SELECT wall.enroll($1, $2, $3)', [this.key.inner, this.key.outer, purpose]]);
  }

  /** To be called when it goes back to its pool: one whose session is not as it was is closed. */
  released(): void {
    if (this.altered || this.getTransactionStatus() !== 'I') void this.end().catch(() => undefined);
    this.begin = null;
    this.transaction = 'none';
    this.ahead = [];
  }

  // One of the package's own signatures; every other call is handed on as it is.
  override query(...asked: unknown[]): never {
    const [given] = asked;
    const config = given as Partial<QueryArrayConfig> | undefined;
    const ofPrisma = config?.rowMode === 'array' && typeof config.text === 'string' && asked.length === 1;
    return (ofPrisma ? this.ofPrisma(config as QueryArrayConfig) : this.outside(asked)) as never;
  }

  private ofPrisma(config: QueryArrayConfig): Promise<Rows> {
    const { text } = config;
    if (this.transaction !== 'none') return this.inTransaction(config);
    if (text === BEGIN) {
      this.begin = BEGIN;
      return Promise.resolve(DONE);
    }
    if (this.begin === null) return this.outside([extended(config)]);
    if (this.begin === BEGIN && text.startsWith(LEVEL)) {
      this.begin = `${BEGIN} ISOLATION LEVEL ${text.slice(LEVEL.length)}`;
      const context = asking.getStore();
      return context ? this.open(this.begin, context) : Promise.resolve(DONE);
    }
    const begin = this.begin;
    this.begin = null;
    // Nothing was asked in between, so there is nothing to end.
    if (ENDS.has(text)) return Promise.resolve(DONE);
    return Promise.all([this.pass([begin]), this.outside([extended(config)])]).then(([, rows]) => rows);
  }

  private async open(begin: string, { viewer, writes }: TransactionContext): Promise<Rows> {
    this.begin = null;
    this.transaction = 'open';
    const text = writes ? begin : `${begin} READ ONLY`;
    const reset = this.used ? [{ text: RESET }] : [];
    this.used = true;
    if (viewer.role === 'reader' && viewer.rank === 0) {
      this.ahead = [...reset, { text }];
      return DONE;
    }
    const results: unknown = await this.together([...reset, { text: `${text}; ${BEGUN}`, rowMode: 'array' }]);
    const [moment] = (results as Rows[]).at(-1)!.rows;
    this.ahead = [{ name: 'dossier_context', text: SAY_WHO, values: [this.key.sign(viewer, String(moment![0]))] }];
    return DONE;
  }

  private inTransaction(config: QueryArrayConfig): Promise<Rows> {
    if (this.transaction === 'over') return Promise.reject(new Error('this transaction of the wall is over'));
    if (ENDS.has(config.text)) return this.close(config);
    if (!isRowStatement(config.text)) {
      return Promise.reject(new Error('a transaction of the wall asks for rows and changes rows, and nothing else'));
    }
    const ahead = this.ahead;
    this.ahead = [];
    return this.together([...ahead, extended(config)]);
  }

  private async close({ text }: QueryArrayConfig): Promise<Rows> {
    this.transaction = 'over';
    const unknown = this.ahead.some((one) => one.text.startsWith(BEGIN));
    if (unknown) return DONE;
    try {
      await this.pass([`${text}; ${RESET}`]);
    } catch (error) {
      // What could not be committed was not followed by the rest.
      await this.pass([RESET]).catch(() => {
        this.altered = true;
      });
      throw error;
    } finally {
      this.used = false;
    }
    return DONE;
  }

  /**
   * Sends them all before it waits for the first. @returns what the last one brought. @throws when any of them failed.
   */
  private async together(statements: Statement[]): Promise<Rows> {
    return (await Promise.all(statements.map((one) => this.pass<Rows>([one])))).at(-1)!;
  }

  private outside(asked: unknown[]): Promise<Rows> {
    this.used = true;
    this.altered ||= !harmless(asked);
    return this.pass(asked);
  }

  private pass<T>(asked: unknown[]): Promise<T> {
    this.gather();
    return (super.query as (...all: unknown[]) => Promise<T>).apply(this, asked);
  }

  /** What is asked in one turn goes to Postgres in one write: each write is a call of the system. */
  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    const { stream } = (this as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }
}

/** Does what is asked here leave nothing in the session that `RESET` would not undo? */
function harmless([given, values]: unknown[]): boolean {
  const {
    text,
    values: bound = values,
    queryMode,
  } = (typeof given === 'string' ? { text: given } : given) as Partial<Statement>;
  if (text === undefined) return false;
  const single = queryMode === 'extended' || (Array.isArray(bound) && bound.length > 0) || !text.includes(';');
  return single && (isRowStatement(text) || ENDS.has(text));
}

/** By the extended protocol, which takes one statement at a time, whether it has values or not. */
const extended = (config: QueryArrayConfig): Statement => ({ ...config, queryMode: 'extended' });
