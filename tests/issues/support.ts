import { accountsViewer } from '../../src/access/viewer';
import { noPayments } from '../../src/billing/stripe/payments';
import { systemClock } from '../../src/lib/clock';
import { original, SPANISH } from '../support/briefing';
import type { Member } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier, type DossierOptions } from '../support/dossier';
import type { MailServer, Received } from '../support/mail-server';
import { until } from '../support/until';

/** A Dossier that works on its queue and hands letters to this server, with one briefing. */
export async function startIssues(server: MailServer, options: DossierOptions = {}): Promise<Dossier> {
  const dossier = await startDossier({
    smtpUrl: server.url,
    billing: { works: true, payments: { ...noPayments(), clock: systemClock } },
    ...options,
  });
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  return dossier;
}

/** How far one of the many reads, and in which language. */
export interface Subscriber {
  readonly email: string;
  readonly tier: 'leadership-alliance' | 'strategy-circle' | null;
  readonly lang: 'en' | 'es';
}

let made = 0;

/** So many who have chosen a list, of three tiers and two languages in turn. */
export async function subscribers(dossier: Dossier, n: number, list = 'each'): Promise<Subscriber[]> {
  const all = Array.from({ length: n }, (_none, at): Subscriber => {
    const tier = ([null, 'strategy-circle', 'leadership-alliance'] as const)[at % 3]!;
    return { email: `many-${made++}@example.org`, tier, lang: at % 2 === 0 ? 'en' : 'es' };
  });
  await dossier.wall.write(accountsViewer, async (db) => {
    await db.account.createMany({
      data: all.map(({ email }) => ({ email, name: 'One of many', lang: 'en', verifiedAt: new Date() })),
    });
    const rows = await db.account.findMany({
      where: { email: { in: all.map(({ email }) => email) } },
      select: { id: true, email: true },
    });
    const idOf = new Map(rows.map(({ id, email }) => [email, id]));
    await db.listChoice.createMany({
      data: all.map(({ email, lang }) => ({ accountId: idOf.get(email)!, list, lang, chosenAt: new Date() })),
    });
    await db.grant.createMany({
      data: all.flatMap(({ email, tier }) =>
        tier === null
          ? []
          : [{ accountId: idOf.get(email)!, tierSlug: tier, source: 'COMP' as const, from: new Date(0) }],
      ),
    });
  });
  return all;
}

export const to = (server: MailServer, email: string): Received[] =>
  server.received.filter(({ recipients }) => recipients.includes(email));

/** The id under which a letter went. */
export const messageId = ({ raw }: Received): string => /^Message-ID: (\S+)/im.exec(raw)![1]!;

/** A part of a letter, decoded. */
export function partOf({ raw }: Received, type: 'plain' | 'html'): string {
  const [, head = '', body = ''] =
    new RegExp(`(Content-Type: text/${type}[^]*?)\\r\\n\\r\\n([^]*?)\\r\\n----_NmP`, 'i').exec(raw) ?? [];
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  if (!/quoted-printable/i.test(head)) return Buffer.from(body, 'latin1').toString();
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

export const issueOf = (dossier: Dossier, id: string) =>
  dossier.wall.read(accountsViewer, (db) => db.issue.findUniqueOrThrow({ where: { id } }));
export const lettersOf = (dossier: Dossier, issueId: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.issueLetter.findMany({ where: { issueId }, include: { account: { select: { email: true } } } }),
  );
export const hasState = (dossier: Dossier, id: string, state: string) =>
  until(async () => (await issueOf(dossier, id)).state === state, 30_000);

/** Is there a job that goes on with it? Where there is none, nothing more can go. */
export const hasJob = async (dossier: Dossier, id: string): Promise<boolean> =>
  (await dossier.stores.pool.query('SELECT FROM graphile_worker.jobs WHERE key = $1', [`issue ${id}`])).rowCount !== 0;

/** Whether a worker has a batch of any issue in hand. */
export const isSending = async (dossier: Dossier): Promise<boolean> =>
  (
    await dossier.stores.pool.query(
      `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'send-issue' AND locked_at IS NOT NULL`,
    )
  ).rowCount !== 0;

/** Sends a briefing by the desk's form, as an editor does who agrees to everything; the issue's id. */
export async function sendToMany(
  dossier: Dossier,
  editor: Member,
  briefingId: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<string> {
  const submission = crypto.randomUUID();
  const form = new URLSearchParams([
    ...['public', 'strategy-circle', 'leadership-alliance'].map((tier) => ['tiers', tier]),
    ['lists', 'each'],
    ...Object.entries({ submission, do: 'send', 'subject.en': 'A subject', 'subject.es': 'Un asunto', ...changes }),
  ] as [string, string][]);
  const sent = await send(dossier, `/desk/briefings/${briefingId}/issue`, form.toString(), {
    cookie: editor.headers['Cookie']!,
  });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, `/desk/issues/${submission}?done=issue-queued`]);
  return submission;
}
