/**
 * The words that the statements on rows begin with, and no other statement does (PostgreSQL 15 to 18, Part VI of its
 * manual). Postgres's white space may come before them; a comment may not, so that nothing has to be read as Postgres
 * would read it.
 */
const ON_ROWS = /^[ \t\n\r\f\v]*(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|VALUES|TABLE)\b/i;

/**
 * Does this text only ask for rows or change them? Everything else (`DO`, `PREPARE`, `SET`, `LISTEN`, `DECLARE`,
 * `EXPLAIN`, `COMMIT` …) can leave something in the session, end the transaction, or tell more than rows. Holds for a
 * text that is sent by the extended protocol, which takes one statement at a time.
 */
export const isRowStatement = (text: string): boolean => ON_ROWS.test(text);
