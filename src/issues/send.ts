import { setTimeout as pause } from 'node:timers/promises';
import { accountsViewer, editorialViewer, type Viewer } from '../access/viewer';
import { readSeveralAs } from '../briefings/articles/several-articles';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/log';
import { refusalOf, type Refusal } from '../mail/refusal';
import { NotAMailbox, type Transport } from '../mail/transport';
import { whileUnavailable } from '../mail/while-unavailable';
import { writeToFollowers } from '../membership/followers';
import { claimLetters, writeMailing, type ClaimedLetter } from '../membership/mailing';
import { momentOf, type Wall, type WallTransaction } from '../stores/postgres/wall';
import { mailingOf } from './audience';
import { findFollowers, followedIn, type Followed } from './follows/matching';
import { countedAddress } from './clicks';
import { addressed, composeIssue, type Addressee, type ComposedIssue, type ComposeParts } from './compose';
import { listHeaders, ownAddresses } from './headers';
import { domainOf, type HeldDomains } from './held-domains';
import { batchSize, leastSeconds, type Pace } from './pace';
import { inParallel } from './in-parallel';
import { noteFailed, noteSent, noteSkipped, skipWaiting } from './outcomes';
import { findIssue, isLate, moveIssue, type IssueRow } from './store';
import { unsubscribeToken } from './unsubscribe-token';

export interface SendParts extends ComposeParts, Pace {
  readonly wall: Wall;
  /** Null: letters are sent nowhere. */
  readonly transport: Transport | null;
  readonly sessionSecrets: readonly string[];
  readonly clock: Clock;
  /** What grants go by. */
  readonly entitlements: Clock;
  /** What letters are made from may have changed. */
  readonly refresh: () => Promise<void>;
  readonly held: HeldDomains;
  /** Seconds after which a letter that a worker took, and said no more of, is another's to send. */
  readonly claimSeconds: number;
  /** No further letter is begun. */
  readonly closing: AbortSignal;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

/** Milliseconds one job works before the next one goes on: a process that is to stop waits for no longer. */
const STRETCH = 3_000;
/** Letters whose recipients are looked at together, just before they are sent. */
const CHUNK = 20;
/** Connections to the mail server at once. */
export const CONNECTIONS = 5;
/** How often a letter is tried, and seconds until the next try: twice as long each time, an hour at most. */
const MOST_ATTEMPTS = 8;
const pauseAfter = (attempts: number): number => Math.min(30 * 2 ** (attempts - 1), 3_600);
/** Seconds until a mail server that took nothing is tried again. */
export const NOTHING_TAKEN = 30;
/** Seconds after which it is looked again whether something else is due, while a domain is held. */
const MOST_HELD_BACK = 5;

/** What came of a chunk: more is due, nothing is due for some seconds, or the issue stands still. */
type Chunk = 'more' | 'ended' | { readonly seconds: number };

/**
 * Goes on with an issue for a stretch. Every letter is rendered just before it is sent, at the rank its recipient has
 * then; it is noted before the next one is.
 * @returns seconds until there is more to do; null: nothing is left to do.
 */
export async function sendSome(parts: SendParts, id: string): Promise<number | null> {
  const waits = await beginIssue(parts, id);
  if (waits !== 'more') return waits === 'ended' ? null : waits.seconds;
  const begun = performance.now();
  for (;;) {
    const came = await sendChunk(parts, id);
    if (came === 'ended') return null;
    if (came !== 'more') return came.seconds;
    if (parts.closing.aborted || performance.now() - begun > STRETCH) return 0;
  }
}

/** Finds whom it goes to, when its time has come; what is late, or goes nowhere, stands still and says why. */
async function beginIssue(parts: SendParts, id: string): Promise<Chunk> {
  const { wall, transport, clock, entitlements } = parts;
  const now = clock.now();
  const issue = await wall.read(accountsViewer, (db) => findIssue(db, id));
  if (issue?.state !== 'scheduled' && issue?.state !== 'sending') return 'ended';
  const wait = (issue.sendAt.getTime() - now.getTime()) / 1_000;
  if (wait > 0) return { seconds: wait };
  const reason = transport === null ? 'no-mail' : isLate(issue, now) ? 'late' : null;
  if (reason !== null) {
    await wall.write(accountsViewer, (db) => moveIssue(db, id, [issue.state], { state: 'paused', reason }, now));
    return 'ended';
  }
  if (issue.state === 'sending') return 'more';
  const published = await publishedOf(wall, issue);
  const categories = [...new Set(published.map(({ category }) => category))];
  const followers = issue.startedAt === null ? await findFollowers(parts, issue, published) : [];
  const began = await wall.write(accountsViewer, async (db) => {
    if (!(await moveIssue(db, id, ['scheduled'], { state: 'sending', startedAt: now }, now))) return false;
    if (issue.startedAt !== null) return true;
    await writeMailing(db, id, mailingOf(issue.audience, categories), entitlements.now());
    await writeToFollowers(db, id, followers);
    return true;
  });
  return began ? 'more' : 'ended';
}

/** Which of its briefings are published now, for whichever tier. */
const publishedOf = (wall: Wall, { briefingIds }: IssueRow) =>
  wall.read(editorialViewer, async (db) => {
    const rows = await db.briefing.findMany({
      where: {
        id: { in: [...briefingIds] },
        copyOf: null,
        state: 'published',
        publishedAt: { lte: await momentOf(db) },
      },
      select: { id: true, categorySlug: true },
    });
    return rows.map(({ id, categorySlug }) => ({ id, category: categorySlug }));
  });

async function sendChunk(parts: SendParts, id: string): Promise<Chunk> {
  const { wall, clock, entitlements, claimSeconds } = parts;
  const began = performance.now();
  await parts.refresh();
  const issue = await wall.read(accountsViewer, (db) => findIssue(db, id));
  if (issue?.state !== 'sending') return 'ended';
  const published = await publishedOf(wall, issue);
  if (published.length === 0) return endIssue(parts, issue, 'withdrawn');
  const held = parts.held.current();
  const claim = { ...batchSize(parts, CHUNK), held, seconds: claimSeconds, now: entitlements.now() };
  const letters = await wall.write(accountsViewer, (db) => claimLetters(db, id, claim));
  if (letters.length === 0) return nextOf(parts, issue);
  const followed = await followedIn(parts, published, letters);
  const compose = composerOf(parts, issue, published, followed);
  const came = await inParallel(letters, CONNECTIONS, (letter) => sendOne(parts, issue, letter, compose));
  if (came.includes('sent'))
    await wall.write(accountsViewer, (db) =>
      db.issue.updateMany({ where: { id, state: 'sending' }, data: { touchedAt: clock.now() } }),
    );
  if (came.every((one) => one === 'later')) return { seconds: NOTHING_TAKEN };
  const seconds = leastSeconds(
    letters.map(({ email }) => email),
    parts,
  );
  await pause(Math.max(0, seconds * 1_000 - (performance.now() - began)));
  return 'more';
}

/** When something of it is due again; where nothing is left, it has been sent. */
async function nextOf(parts: SendParts, issue: IssueRow): Promise<Chunk> {
  const [row] = await parts.wall.read(
    accountsViewer,
    (db) => db.$queryRaw<[{ waiting: number; seconds: number | null }]>`
      SELECT count(*)::int AS waiting, extract(epoch FROM min(greatest(
        due_at, CASE WHEN claimed_at IS NOT NULL THEN
          greatest(claimed_at, pg_postmaster_start_time()) + make_interval(secs => ${parts.claimSeconds}) END
        )) - clock_timestamp())::float8 AS seconds
      FROM issue_letters WHERE issue_id = ${issue.id}::uuid AND state = 'waiting'`,
  );
  if (row.waiting === 0) return endIssue(parts, issue, null);
  // What is due and was not taken goes to a domain that is held.
  const seconds = Math.max(row.seconds ?? 1, Math.min(parts.held.soonest() ?? 1, MOST_HELD_BACK));
  return { seconds: Math.max(1, seconds) };
}

/** It is over: everything has gone, or what it was about has been withdrawn and the rest goes to nobody. */
async function endIssue({ wall, clock }: SendParts, { id }: IssueRow, reason: 'withdrawn' | null): Promise<'ended'> {
  const now = clock.now();
  const state = reason === null ? 'sent' : 'stopped';
  await wall.write(accountsViewer, async (db) => {
    if (await moveIssue(db, id, ['sending'], { state, reason, finishedAt: now }, now)) await skipWaiting(db, id);
  });
  return 'ended';
}

type Compose = (letter: ClaimedLetter) => Promise<ComposedIssue | null>;

/** Renders once for all of a chunk who read the same; null where there is nothing to read for somebody. */
function composerOf(
  parts: SendParts,
  issue: IssueRow,
  published: Awaited<ReturnType<typeof publishedOf>>,
  followed: Followed<ClaimedLetter>,
): Compose {
  const { wall, site } = parts;
  const made = new Map<string, Promise<ComposedIssue | null>>();
  const counts = site.settings.current.mail.countClicks;
  const words = counts ? { ...issue, countedAddress: countedAddress(site, parts.sessionSecrets, issue.id) } : issue;
  const make = async (ids: readonly string[], viewer: Viewer, lang: string, to: Addressee) => {
    const reads = await readSeveralAs(wall, viewer, ids);
    const language = site.languages.find(lang) ?? site.languages.first;
    return reads.length === 0 ? null : composeIssue(parts, words, reads, viewer, language, to);
  };
  return (letter) => {
    const { rank, lang, chosen, categories, had, hasAccount } = letter;
    const wants = (id: string) => {
      const category = published.find((one) => one.id === id)?.category;
      if (category === undefined || had.includes(id)) return false;
      const byList = chosen && (categories.length === 0 || categories.includes(category));
      return byList || followed(letter).has(id);
    };
    const ids = issue.briefingIds.filter(wants);
    const to = hasAccount ? 'account' : 'subscriber';
    const key = [rank, lang, to, ...ids].join(' ');
    const known = made.get(key) ?? make(ids, { role: 'reader', rank }, lang, to);
    made.set(key, known);
    return known;
  };
}

/** Sends one letter and notes what came of it. */
async function sendOne(
  parts: SendParts,
  issue: IssueRow,
  letter: ClaimedLetter,
  compose: Compose,
): Promise<'sent' | 'later' | 'held' | 'ended'> {
  const { wall, transport, site, sessionSecrets } = parts;
  const note = (work: (db: WallTransaction) => Promise<void>) =>
    whileUnavailable(() => wall.write(accountsViewer, work), parts.closing);
  const { recipientId } = letter;
  const composed = letter.allowed ? await compose(letter) : null;
  if (composed === null || recipientId === null) {
    await note((db) => noteSkipped(db, letter));
    return 'ended';
  }
  const token = unsubscribeToken(recipientId, sessionSecrets);
  const language = site.languages.find(composed.lang) ?? site.languages.first;
  const own = ownAddresses(site, language, letter.hasAccount, token);
  try {
    await transport!.send({
      id: letter.id,
      head: composed.head,
      to: letter.email,
      lang: composed.lang,
      subject: composed.subject,
      text: addressed(composed.text, own),
      html: addressed(composed.html, own),
      headers: listHeaders(
        site.publicUrl,
        issue.alert ? 'alerts' : (issue.digest ?? 'each'),
        token,
        site.settings.current.mail.leaveAddress,
      ),
    });
  } catch (error) {
    const refusal = error instanceof NotAMailbox ? NO_MAILBOX : refusalOf(error);
    const { away } = refusal;
    const last = refusal.permanent !== null || (away === null && letter.attempts >= MOST_ATTEMPTS);
    const seconds = away === null ? pauseAfter(letter.attempts) : NOTHING_TAKEN;
    if (away === 'domain') parts.held.hold(domainOf(letter.email));
    await note((db) => noteFailed(db, letter, refusal, last ? null : seconds));
    parts.log.warn({ letter: letter.id, issue: issue.id, why: refusal.why, last }, 'a letter to many did not go');
    return last ? 'ended' : away === 'domain' ? 'held' : 'later';
  }
  await note((db) => noteSent(db, letter, composed));
  return 'sent';
}

const NO_MAILBOX: Refusal = { why: 'NotAMailbox', permanent: 'recipient', away: null };
