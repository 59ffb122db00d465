import type { Backlog } from '../../stores/postgres/backlog';

/** What is known of how an installation does, at one moment. */
export interface HealthFacts {
  readonly backlog: Backlog;
  /** Milliseconds Postgres took to say so. */
  readonly took: number;
  /** Migrations that are not applied; null: it could not be asked. */
  readonly migrationsReady: boolean;
  /** Null: there is none. */
  readonly redis: 'ready' | 'wrong' | null;
  /** Where pictures lie; null: in Postgres. */
  readonly bucket: 'ready' | 'wrong' | null;
  /** Milliseconds since changes were last proved to be heard; null: never yet. */
  readonly heardAgo: number | null;
  /** Is there a mail server? */
  readonly mailServer: boolean;
  /** Is money taken by Stripe, and not by the sandbox? */
  readonly payments: boolean;
  readonly versions: { readonly software: string; readonly node: string };
}

/** How something does: as it should, worth a look, or not at all. */
export type HealthState = 'good' | 'look' | 'wrong';

/** One thing, with what is said of it and what to do: ends of the keys of phrases, and what stands in them. */
export interface HealthLine {
  readonly name: string;
  readonly state: HealthState;
  readonly message: string;
  /** What to do about it; null: nothing. */
  readonly todo: string | null;
  readonly values: Readonly<Record<string, string | number>>;
  /** Where it is done in the browser, without the language. */
  readonly href?: string;
}

/** Milliseconds beyond which an answer of Postgres is slow. */
const SLOW = 250;
/** Seconds that a job or an event may wait. */
const PATIENCE = 300;
/** Milliseconds for which hearing of changes holds. */
const HEARD = 1_000;

/** What is said of each, those one depends on first. */
export function healthLines(facts: HealthFacts): readonly HealthLine[] {
  const { backlog, took, migrationsReady, redis, bucket, heardAgo, versions } = facts;
  const line = (name: string, state: HealthState, message: string, values: HealthLine['values'] = {}): HealthLine => ({
    ...{ name, state, message: `${name}.${message}`, todo: state === 'good' ? null : `${name}.${message}.do`, values },
  });
  const slow = took > SLOW;
  const heard = heardAgo !== null && heardAgo < HEARD;
  return [
    line('postgres', slow ? 'look' : 'good', slow ? 'slow' : 'good', { n: Math.round(took) }),
    ...(migrationsReady ? [] : [line('migrations', 'wrong', 'missing')]),
    line('redis', redis === 'wrong' ? 'wrong' : 'good', redis ?? 'none'),
    line('pictures', bucket === 'wrong' ? 'wrong' : 'good', bucket ?? 'none'),
    line('changes', heard ? 'good' : 'look', heard ? 'good' : 'unheard'),
    queueLine(backlog.jobs, line),
    mailLine(facts, line),
    stripeLine(facts, line),
    { ...line('backup', 'look', 'unknown') },
    line('versions', 'good', 'good', { ...versions, postgres: backlog.version }),
  ];
}

type Line = (name: string, state: HealthState, message: string, values?: HealthLine['values']) => HealthLine;

function queueLine({ waiting, oldestSeconds, givenUp }: Backlog['jobs'], line: Line): HealthLine {
  if (oldestSeconds > PATIENCE) return line('queue', 'wrong', 'late', { n: Math.round(oldestSeconds / 60) });
  if (givenUp > 0) return line('queue', 'look', 'given-up', { n: givenUp });
  return line('queue', 'good', 'good', { n: waiting });
}

function mailLine({ mailServer, backlog: { letters } }: HealthFacts, line: Line): HealthLine {
  if (!mailServer) return line('mail', 'look', 'none');
  if (letters.failing > 0) return line('mail', 'look', 'failing', { n: letters.failing });
  return line('mail', 'good', 'good', { n: letters.waiting });
}

function stripeLine({ payments, backlog: { events } }: HealthFacts, line: Line): HealthLine {
  const href = '/admin/billing/inbox';
  if (events.givenUp > 0) return { ...line('stripe', 'wrong', 'given-up', { n: events.givenUp }), href };
  if (events.oldestSeconds > PATIENCE)
    return { ...line('stripe', 'look', 'late', { n: Math.round(events.oldestSeconds / 60) }), href };
  return line('stripe', 'good', payments ? 'good' : 'sandbox', { n: events.received });
}
