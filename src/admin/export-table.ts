import type { Request, Response } from 'express';
import { accountsViewer } from '../access/viewer';
import { dayIn } from '../lib/local-time';
import { writeAudit } from '../stores/postgres/audit';
import { sendCsv } from './csv';
import type { AdminParts } from './parts';
import { actorOf } from './staff';

/** A list as a table to take along. */
export interface Table {
  readonly name: 'members' | 'subscribers' | 'audit' | 'inbox' | 'alarms' | 'refused';
  /** What it was narrowed to, as it was asked. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly columns: readonly string[];
  /** Its rows as they are at a moment, read batch by batch. */
  readonly batches: (now: Date) => Parameters<typeof sendCsv>[3];
}

/** Notes who takes a table along and what they asked for, then sends all of it. */
export async function exportTable(
  { wall, clock, site }: Pick<AdminParts, 'wall' | 'clock' | 'site'>,
  req: Request,
  res: Response,
  { name, asked, columns, batches }: Table,
): Promise<void> {
  const now = clock.now();
  const by = await actorOf(wall, req, res);
  const given = Object.fromEntries(
    Object.entries(asked).filter((one): one is [string, string] => typeof one[1] === 'string'),
  );
  await wall.write(accountsViewer, (db) =>
    writeAudit(db, { ...by, at: now, action: `${name}-exported`, target: null, after: given }),
  );
  await sendCsv(res, `${name}-${dayIn(now, site.languages.first.zone)}`, columns, batches(now));
}
