import { z } from 'zod';
import { accountsViewer } from '../access/viewer';
import type { Logger } from '../lib/log';
import { startJobs } from '../stores/postgres/jobs';
import { adoptLetters } from '../stores/postgres/outbox';
import type { Wall } from '../stores/postgres/wall';
import { asHtml, asText, compose, type LetterTemplates, type StoredLetter } from './compose';
import { MOST_ATTEMPTS, openOutcomes, SEND_LETTER, type Outcomes, type TriedLetter } from './outcomes';
import { refusalOf, type Refusal } from './refusal';
import { NotAMailbox, type Transport } from './transport';
import { whileUnavailable } from './while-unavailable';

/** Sends the letters of the outbox, for as long as the process lives. */
export interface Mail {
  /** Takes no further letter, and waits for those under way. */
  close(): Promise<void>;
}

export interface MailParts {
  /** Of the queue; the application's role. */
  readonly databaseUrl: string;
  readonly wall: Wall;
  readonly transport: Transport;
  readonly templates: LetterTemplates;
  /** Called before each letter: what it is made from may have changed. */
  readonly refresh: () => Promise<void>;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** As `JobsOptions` has it. */
  readonly pollInterval?: number | undefined;
}

/**
 * Letters under way at once in this process. A mail server that is slow holds up no other work: they have workers of
 * their own.
 */
const CONCURRENCY = 5;

/** No letter that nobody asked for goes to an address that is refused for good. */
const HELD_BACK: Refusal = { why: 'the address is refused', permanent: null, away: null };

const payload = z.strictObject({ letter: z.uuid() });

/**
 * Starts a worker. Any number may run on one database: a letter is a job, which one of them takes. It is tried again
 * with growing pauses when the server does not take it, and sent again only if a worker dies between the server's yes
 * and its own note of it (docs/decisions/0008).
 */
export function startMail({ databaseUrl, wall, transport, templates, refresh, log, pollInterval }: MailParts): Mail {
  const outcomes = openOutcomes(wall);
  const closing = new AbortController();
  const persist = <T>(work: () => Promise<T>) => whileUnavailable(work, closing.signal);

  const sendOne = async (id: string): Promise<void> => {
    const letter = await persist(() => outcomes.begin(id));
    if (!letter) return;
    await refresh();
    const refusal = await attempt(letter, transport, templates);
    // Whatever came of it is noted before anything else is done, however long Postgres is away.
    if (refusal) await persist(() => noteFailure(outcomes, letter, refusal, log));
    else await persist(() => outcomes.sent(id));
  };

  const adopting = persist(() => wall.write(accountsViewer, adoptLetters)).catch((error: unknown) => {
    if (!closing.signal.aborted) log.error({ err: error }, 'letters that wait could not be looked for');
  });
  const jobs = startJobs({
    databaseUrl,
    tasks: { [SEND_LETTER]: async (given) => sendOne(payload.parse(given).letter) },
    crontab: '',
    log,
    concurrency: CONCURRENCY,
    connections: 3,
    pollInterval,
  });
  return {
    close: async () => {
      closing.abort();
      await jobs.close();
      await adopting;
    },
  };
}

/** Tries to send a letter once: null when the server took it. */
async function attempt(letter: TriedLetter, transport: Transport, templates: LetterTemplates): Promise<Refusal | null> {
  try {
    if (letter.addressRefused && templates.kinds[letter.kind]?.asked !== true) return HELD_BACK;
    await sendLetter(letter, transport, templates);
    return null;
  } catch (error) {
    return error instanceof NotAMailbox ? { why: error.name, permanent: 'recipient', away: null } : refusalOf(error);
  }
}

/** Puts a letter into words and hands it over. @throws when the server did not take it. */
export async function sendLetter(
  letter: StoredLetter,
  transport: Transport,
  templates: LetterTemplates,
): Promise<void> {
  const composed = compose(letter, templates);
  await transport.send({
    id: letter.id,
    head: composed.head,
    to: letter.recipient,
    lang: composed.lang,
    subject: composed.subject,
    text: asText(composed),
    html: asHtml(composed),
  });
}

async function noteFailure(
  outcomes: Outcomes,
  letter: TriedLetter,
  refusal: Refusal,
  log: MailParts['log'],
): Promise<void> {
  const { id, kind, attempts } = letter;
  const last = refusal === HELD_BACK || refusal.permanent !== null || attempts >= MOST_ATTEMPTS;
  await outcomes.failed(letter, refusal, last);
  const about = { letter: id, kind, why: refusal.why };
  if (refusal === HELD_BACK) return;
  if (refusal.permanent !== null) log.warn(about, 'a letter was refused for good');
  else if (last) log.error(about, 'a letter could not be sent, and will not be tried again');
  else log.warn({ ...about, attempts }, 'a letter could not be sent yet');
}
