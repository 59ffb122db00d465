import { createHash } from 'node:crypto';
import type { Facts } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { RecordErrors } from './forms';
import type { RecordUsers } from './queries';

/** A row that briefings name by its slug, and what a form makes of it. */
interface Named {
  readonly slug: string;
}

/**
 * What the desk keeps besides briefings and briefings refer to: a category, an author, an organization. All are made,
 * changed and, while nothing names them, deleted by one protocol (actions.ts, routes.ts); this is what differs.
 */
export interface RecordKind<Row extends Named, Input extends Named> {
  readonly name: 'category' | 'author' | 'organization';
  /** The one that has this slug, or had it. */
  find(db: WallTransaction, slug: string): Promise<Row | null>;
  /** What its form would send for it as it stands. */
  inputOf(row: Row, langs: readonly string[]): Input;
  /** What the audit log says of it. Whatever a form can change is in it. */
  factsOf(input: Input, langs: readonly string[]): Facts;
  /** What the audit log calls it. */
  nameOf(one: Row | Input): string;
  /** What of an input another one has. `own` is the slug of the one it is for; null: of a new one. */
  takenOf(db: WallTransaction, input: Input, own: string | null): Promise<RecordErrors>;
  /** What names it, and so keeps it. */
  usersOf(db: WallTransaction, slug: string): Promise<RecordUsers>;
  create(db: WallTransaction, input: Input): Promise<void>;
  /** Writes the texts of these languages; those of others stay. */
  update(db: WallTransaction, row: Row, input: Input, langs: readonly string[]): Promise<void>;
  delete(db: WallTransaction, row: Row): Promise<void>;
}

/** The version of a record that a form was filled in against: another one says that something of it is changed. */
export function versionOf<Row extends Named, Input extends Named>(
  kind: RecordKind<Row, Input>,
  row: Row,
  langs: readonly string[],
): string {
  const facts = kind.factsOf(kind.inputOf(row, langs), langs);
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(facts)))
    .digest('base64url')
    .slice(0, 22);
}
