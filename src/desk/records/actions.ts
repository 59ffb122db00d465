import { editorialViewer } from '../../access/viewer';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { notFound } from '../../lib/failure';
import type { ActorAt } from '../../membership/actor';
import { writeAudit, type Facts } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { DeskParts } from '../parts';
import type { RecordErrors } from './forms';
import { versionOf, type RecordKind } from './record';

type Named = { readonly slug: string };

/** What became of a form: done, another record has what it asks for, or what it has shown is not what stands. */
export type RecordOutcome<Row> =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'taken'; readonly wrong: RecordErrors }
  | { readonly outcome: 'changed'; readonly row: Row };

/** What is done to every kind of record, by the last word of its name in the audit log. */
type RecordAction = 'made' | 'changed' | 'deleted';

const DONE = { outcome: 'done' } as const;

/** The languages that a record has texts in: those of the publication. */
export const langsOf = ({ languages }: DeskParts['site']): readonly string[] => languages.all.map(({ code }) => code);

/** The record of this slug. @throws Failure 404 when there is none. */
export async function findRecord<Row extends Named, Input extends Named>(
  db: WallTransaction,
  kind: Pick<RecordKind<Row, Input>, 'name' | 'find'>,
  slug: string,
): Promise<Row> {
  const row = await kind.find(db, slug);
  if (!row) throw notFound(kind.name);
  return row;
}

/** Makes a record. Sent again under the same submission id it is made already. */
export function makeRecord<Row extends Named, Input extends Named>(
  { invalidatingWall, clock, site }: DeskParts,
  kind: RecordKind<Row, Input>,
  input: Input,
  submissionId: string,
  by: ActorAt,
): Promise<RecordOutcome<Row>> {
  return invalidatingWall.write(editorialViewer, async (db): Promise<RecordOutcome<Row>> => {
    await lockBriefings(db);
    const errors = await kind.takenOf(db, input, null);
    if (Object.keys(errors).length > 0) return { outcome: 'taken', wrong: errors };
    await kind.create(db, input);
    const facts = { id: submissionId, after: kind.factsOf(input, langsOf(site)) };
    await auditRecord(db, kind, 'made', input, { ...by, ...facts, at: clock.now() });
    return DONE;
  });
}

/**
 * Gives a record what its form says; the address it had leads on.
 * @throws Failure 404 when there is no such record.
 */
export function changeRecord<Row extends Named, Input extends Named>(
  { invalidatingWall, clock, site }: DeskParts,
  kind: RecordKind<Row, Input>,
  slug: string,
  { input, expectedVersion }: { readonly input: Input; readonly expectedVersion: string },
  by: ActorAt,
): Promise<RecordOutcome<Row>> {
  const langs = langsOf(site);
  return invalidatingWall.write(editorialViewer, async (db): Promise<RecordOutcome<Row>> => {
    await lockBriefings(db);
    const row = await findRecord(db, kind, slug);
    const [before, after] = [kind.factsOf(kind.inputOf(row, langs), langs), kind.factsOf(input, langs)];
    const changed = Object.keys(after).filter((name) => before[name] !== after[name]);
    if (changed.length === 0) return DONE;
    if (versionOf(kind, row, langs) !== expectedVersion) return { outcome: 'changed', row };
    const errors = await kind.takenOf(db, input, row.slug);
    if (Object.keys(errors).length > 0) return { outcome: 'taken', wrong: errors };
    await kind.update(db, row, input, langs);
    const only = (facts: Facts) => Object.fromEntries(changed.map((name) => [name, facts[name]!]));
    const facts = { before: only(before), after: only(after) };
    await auditRecord(db, kind, 'changed', input, { ...by, ...facts, at: clock.now() });
    return DONE;
  });
}

/**
 * Deletes a record that nothing names, with the addresses it had.
 * @throws Failure 404 when there is no such record.
 */
export function deleteRecord<Row extends Named, Input extends Named>(
  { invalidatingWall, clock, site }: DeskParts,
  kind: RecordKind<Row, Input>,
  slug: string,
  expectedVersion: string,
  by: ActorAt,
): Promise<'done' | 'used' | 'changed'> {
  const langs = langsOf(site);
  return invalidatingWall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const row = await findRecord(db, kind, slug);
    if ((await kind.usersOf(db, row.slug)).count > 0) return 'used';
    if (versionOf(kind, row, langs) !== expectedVersion) return 'changed';
    await kind.delete(db, row);
    const before = kind.factsOf(kind.inputOf(row, langs), langs);
    await auditRecord(db, kind, 'deleted', row, { ...by, before, at: clock.now() });
    return 'done';
  });
}

/** Notes what was done to a record; false: under this id it is noted already. */
export function auditRecord<Row extends Named, Input extends Named, Action extends string = RecordAction>(
  db: WallTransaction,
  { name, nameOf }: Pick<RecordKind<Row, Input>, 'name' | 'nameOf'>,
  action: Action,
  one: Row | Input,
  entry: ActorAt & { readonly at: Date; readonly id?: string; readonly before?: Facts; readonly after?: Facts },
): Promise<boolean> {
  const target = { kind: name, id: one.slug, name: nameOf(one) };
  return writeAudit(db, { ...entry, action: `${name}-${action}`, target });
}
