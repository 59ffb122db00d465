import { Client, type QueryArrayConfig, type QueryArrayResult } from 'pg';

/** The statement by which a transaction of the wall says who asks; its one value is the signed context. */
export const SAY_WHO = "SELECT set_config('dossier.context', $1, true)";

const BEGIN = 'BEGIN';
const LEVEL = 'SET TRANSACTION ISOLATION LEVEL ';

const DONE: QueryArrayResult<unknown[]> = { command: BEGIN, rowCount: null, oid: 0, fields: [], rows: [] };

/**
 * A connection that begins a transaction of the wall with one question instead of three: what Prisma asks first, `BEGIN`
 * and the isolation level (@prisma/adapter-pg 7.10.0, `startTransaction`), waits for the statement that says who asks and
 * goes with it. A transaction whose first statement is another one begins before that, as it would have.
 */
export class WallClient extends Client {
  /** What has been said of a transaction that Postgres knows nothing of yet. */
  private begun: string | null = null;

  // One of the package's own signatures; every other call is handed on as it is.
  override query(...asked: unknown[]): never {
    const [given] = asked;
    const config = given as Partial<QueryArrayConfig> | undefined;
    const mine =
      config?.rowMode === 'array' && typeof config.text === 'string' && asked.length === 1
        ? (config as QueryArrayConfig)
        : null;
    return (mine ? this.inTransaction(mine) : this.pass(asked)) as never;
  }

  private inTransaction(config: QueryArrayConfig): Promise<QueryArrayResult<unknown[]>> {
    const { text, values } = config;
    if (text === BEGIN) {
      this.begun = BEGIN;
      return Promise.resolve(DONE);
    }
    if (this.begun === null) return this.pass([config]);
    if (this.begun === BEGIN && text.startsWith(LEVEL)) {
      this.begun = `${BEGIN} ISOLATION LEVEL ${text.slice(LEVEL.length)}`;
      return Promise.resolve(DONE);
    }
    const begin = this.begun;
    this.begun = null;
    // Nothing was asked in between, so there is nothing to end.
    if (text === 'COMMIT' || text === 'ROLLBACK') return Promise.resolve(DONE);
    if (text !== SAY_WHO) return this.pass<unknown>([begin]).then(() => this.pass([config]));
    const both = {
      text: `${begin}; ${SAY_WHO.replace('$1', () => this.escapeLiteral(String(values?.[0])))}`,
      rowMode: 'array',
      types: config.types,
    };
    return this.pass<QueryArrayResult<unknown[]>[]>([both]).then((results) => results.at(-1)!);
  }

  private pass<T = QueryArrayResult<unknown[]>>(asked: unknown[]): Promise<T> {
    return (super.query as (...all: unknown[]) => Promise<T>).apply(this, asked);
  }
}
