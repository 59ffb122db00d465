import { createHash, timingSafeEqual } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Router, type Request } from 'express';
import { notFound } from '../../lib/failure';
import type { Backlog } from '../../stores/postgres/backlog';
import { onlyMethods } from '../errors';
import type { Readiness } from './health';
import { metricsText, type Measure, type Sample } from './metrics-text';
import type { RequestCounts } from './request-counts';

/** What is measured, in the order it is written. */
const MEASURES: readonly Measure[] = [
  { name: 'dossier_requests_total', type: 'counter', help: 'Answers by what was asked for and their status.' },
  { name: 'dossier_request_seconds', type: 'histogram', help: 'Seconds until an answer was sent.' },
  { name: 'dossier_pages_from_memory_total', type: 'counter', help: 'Pages sent from memory, not among the above.' },
  { name: 'dossier_pages_kept', type: 'gauge', help: 'Finished pages in memory.' },
  { name: 'dossier_pages_kept_bytes', type: 'gauge', help: 'Bytes they take.' },
  { name: 'dossier_changes_heard_seconds', type: 'gauge', help: 'Seconds since changes were last proved to be heard.' },
  { name: 'dossier_store_ready', type: 'gauge', help: 'Does each store answer? 1 or 0.' },
  { name: 'dossier_jobs', type: 'gauge', help: 'Jobs of the queue: waiting, of these due, given up.' },
  { name: 'dossier_jobs_oldest_seconds', type: 'gauge', help: 'Seconds that the oldest due job has waited.' },
  {
    name: 'dossier_letters',
    type: 'gauge',
    help: 'Letters not sent yet, and those of them that failed at least once.',
  },
  { name: 'dossier_stripe_events', type: 'gauge', help: 'Events from Stripe: received and not settled, given up.' },
  { name: 'dossier_event_loop_delay_seconds', type: 'gauge', help: 'The longest this process stood still lately.' },
  { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Memory as the system counts it.' },
  { name: 'process_heap_used_bytes', type: 'gauge', help: 'Memory that scripts use.' },
  { name: 'process_cpu_seconds_total', type: 'counter', help: 'Processor time.' },
  { name: 'process_start_time_seconds', type: 'gauge', help: 'When it started, in seconds of UTC since 1970.' },
];

export interface MetricsParts {
  readonly counts: RequestCounts;
  readonly vitals: Vitals;
  readonly readiness: Readiness;
  /** What waits in Postgres. */
  readonly backlog: () => Promise<Backlog>;
  /** Whoever shows this may read them; null: whoever is on this machine. */
  readonly token: string | null;
  /** Its name stands at what is its own where several answer at one port. */
  readonly processName: string | null;
}

/** How this process's memory stands. */
export interface Vitals {
  /** Milliseconds since changes were last proved to be heard; null: never yet. */
  readonly heardAgo: () => number | null;
  /** Finished pages, and the bytes they take. */
  readonly cached: () => { readonly pages: number; readonly bytes: number };
}

/**
 * `/metrics`, for programs that watch this process: sums alone, nothing of who asked for what. To whoever may not read
 * it, it is not there (ASVS 13.4.5).
 */
export function metricsRoutes(parts: MetricsParts): Router {
  const stalls = monitorEventLoopDelay({ resolution: 20 });
  stalls.enable();
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/metrics')
    .get(async (req, res) => {
      if (!mayRead(req, parts.token)) throw notFound('metrics');
      const stores = await storeSamples(parts);
      const own = [...parts.counts.samples(), ...ownSamples(parts.vitals)];
      own.push({ name: 'dossier_event_loop_delay_seconds', value: stalls.max / 1e9 });
      stalls.reset();
      const samples = [...own.map(namedAfter(parts.processName)), ...stores];
      res.setHeader('Cache-Control', 'no-store');
      res.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(MEASURES, samples));
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** A counter that is that of another process each time it is read would seem to go back. */
const namedAfter =
  (process: string | null) =>
  (sample: Sample): Sample =>
    process === null ? sample : { ...sample, labels: { process, ...sample.labels } };

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** A proxy on this machine comes from it too, and whoever it speaks for does not. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

function mayRead({ headers, socket }: Request, token: string | null): boolean {
  if (token !== null) return same(headers.authorization ?? '', `Bearer ${token}`);
  return LOOPBACK.has(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined);
}

function same(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(one!, other!);
}

function ownSamples({ heardAgo, cached }: Vitals): Sample[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const { pages, bytes } = cached();
  const ago = heardAgo();
  return [
    { name: 'dossier_pages_kept', value: pages },
    { name: 'dossier_pages_kept_bytes', value: bytes },
    ...(ago === null ? [] : [{ name: 'dossier_changes_heard_seconds', value: ago / 1_000 }]),
    { name: 'process_resident_memory_bytes', value: rss },
    { name: 'process_heap_used_bytes', value: heapUsed },
    { name: 'process_cpu_seconds_total', value: (user + system) / 1e6 },
    { name: 'process_start_time_seconds', value: Date.now() / 1_000 - process.uptime() },
  ];
}

/** What Postgres does not say is left out, so that nobody takes silence for nothing. */
async function storeSamples({ readiness, backlog }: MetricsParts): Promise<Sample[]> {
  const ready = Object.entries(readiness).map(async ([store, check]): Promise<Sample> => {
    const error = await check().catch(() => 'does not answer');
    return { name: 'dossier_store_ready', labels: { store }, value: error === null ? 1 : 0 };
  });
  const [stores, waiting] = await Promise.all([Promise.all(ready), backlog().catch(() => null)]);
  return [...stores, ...(waiting ? backlogSamples(waiting) : [])];
}

function backlogSamples({ jobs, letters, events }: Backlog): Sample[] {
  const of = (name: string, states: Readonly<Record<string, number>>) =>
    Object.entries(states).map(([state, value]): Sample => ({ name, labels: { state }, value }));
  return [
    ...of('dossier_jobs', { waiting: jobs.waiting, due: jobs.due, given_up: jobs.givenUp }),
    { name: 'dossier_jobs_oldest_seconds', value: jobs.oldestSeconds },
    ...of('dossier_letters', { waiting: letters.waiting, failing: letters.failing }),
    ...of('dossier_stripe_events', { received: events.received, given_up: events.givenUp }),
  ];
}
