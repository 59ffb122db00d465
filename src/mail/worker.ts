import type { Logger } from '../lib/log';
import type { Wall } from '../stores/postgres/wall';
import { asHtml, asText, compose, type LetterTemplates } from './compose';
import { openQueue, MOST_ATTEMPTS, type ClaimedLetter } from './queue';
import { NotAMailbox, type Transport } from './transport';

/** Sends what lies in the outbox, for as long as the process lives. */
export interface Mail {
  /** There may be a letter to send. */
  wake(): void;
  /** Takes no further letter, and waits for those under way. */
  close(): Promise<void>;
}

export interface MailParts {
  readonly wall: Wall;
  readonly transport: Transport;
  readonly templates: LetterTemplates;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

/** Letters under way at once. */
const BATCH = 5;

/** Milliseconds between two looks when nobody says that there is a letter, and after a look that failed. */
const LONGEST = 60_000;
const AFTER_FAILURE = 5_000;
const SHORTEST = 50;

/**
 * Starts a worker. Any number may run on one database, in one process or several: a letter is claimed by one of them,
 * tried again with growing pauses when the server does not take it, and sent again only if a worker died between the
 * server's yes and its own note of it.
 */
export function startMail({ wall, transport, templates, log }: MailParts): Mail {
  const queue = openQueue(wall);
  /** Taken by the server, but not noted yet because the database did not answer: noted before anything else. */
  const taken = new Set<string>();
  let working: Promise<void> | null = null;
  let again = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const note = async () => {
    const ids = [...taken];
    if (ids.length === 0) return;
    await queue.sent(ids);
    for (const id of ids) taken.delete(id);
  };

  const deliver = async (letter: ClaimedLetter) => {
    try {
      const composed = compose(letter, templates);
      await transport.send({
        id: letter.id,
        to: letter.recipient,
        lang: composed.lang,
        subject: composed.subject,
        text: asText(composed),
        html: await asHtml(composed),
      });
      taken.add(letter.id);
    } catch (error) {
      const forGood = error instanceof NotAMailbox;
      const why = summarizeError(error);
      if (forGood || letter.attempts >= MOST_ATTEMPTS)
        log.error(
          { letter: letter.id, kind: letter.kind, why },
          'a letter could not be sent, and will not be tried again',
        );
      else
        log.warn(
          { letter: letter.id, kind: letter.kind, attempts: letter.attempts, why },
          'a letter could not be sent yet',
        );
      await queue.failed(letter, why, forGood);
    }
  };

  const work = async (): Promise<number> => {
    for (;;) {
      again = false;
      await note();
      if (closed) return LONGEST;
      const letters = await queue.claim(BATCH);
      const outcomes = await Promise.allSettled(letters.map(deliver));
      await note();
      const broken = outcomes.find((one) => one.status === 'rejected');
      if (broken) throw broken.reason;
      if (letters.length < BATCH && !again)
        return Math.min(Math.max((await queue.nextDue()) ?? LONGEST, SHORTEST), LONGEST);
    }
  };

  const wake = (): void => {
    again = true;
    if (closed || working) return;
    clearTimeout(timer);
    working = work()
      .catch((error: unknown) => {
        log.warn({ err: error }, 'the outbox could not be worked on');
        again = false;
        return AFTER_FAILURE;
      })
      .then((pause) => {
        working = null;
        if (closed) return;
        if (again) wake();
        else timer = setTimeout(wake, pause);
      });
  };

  wake();
  return {
    wake,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await working;
    },
  };
}

/** What a mail server's refusal was, without what it says about the recipient (ASVS 16.2.5). */
function summarizeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, command, responseCode } = error as { code?: unknown; command?: unknown; responseCode?: unknown };
  return [error.name, code, command, responseCode]
    .filter((one) => typeof one === 'string' || typeof one === 'number')
    .join(' ')
    .slice(0, 200);
}
