import { setTimeout } from 'node:timers/promises';
import { plantVisitor, type Stores, type Visitor } from './accounts';
import { openClient } from './client';
import { LeakRecorder, type Finding } from './recorder';
import { uncovered } from './coverage';
import { walkWebhooks, type WebhookBody } from './webhooks';
import { walkLetters, type LetterFor } from './letters';
import { plantBriefings, type Planted } from './plant';
import type { Route } from '../http/server/routes';
import { SURFACES } from './surface-list';
import { match, type Surface, type Walkable } from './surface';
import { Refusal } from '../lib/refusal';
import type { Wall } from '../stores/postgres/wall';
import { VISITORS, visitorsBetween, type VisitorPlan } from './visitors';
import { walk, type Exchange } from './walk';

/** What was planted for a run, and who walks. */
export interface Scene {
  readonly planted: Planted;
  readonly visitors: readonly Visitor[];
  /** Names of those whose accounts could not be planted. */
  readonly skipped: readonly string[];
  /** Kinds, fields and languages of this house that nothing was planted in: a walk with any is not clean. */
  readonly uncovered: readonly string[];
}

export interface Site {
  readonly origin: string;
  /** Where its own pages say they come from, when that is not where it is asked. */
  readonly publicUrl?: string;
  readonly routes: readonly Route[];
  /** What stands before a path for each language; one of them is nothing. */
  readonly prefixes: readonly string[];
  /** What it would write to an account; left out: letters are not walked. */
  readonly letterFor?: LetterFor;
  /** What it would tell a webhook; left out: they are not walked. */
  readonly webhookBody?: WebhookBody;
}

export interface Verdict {
  readonly recorder: LeakRecorder;
  readonly walkable: readonly Walkable[];
  readonly missing: readonly Finding[];
  readonly skipped: readonly string[];
  readonly uncovered: readonly string[];
  readonly canaries: number;
  readonly seconds: number;
  /** Nothing was met by somebody who may not, everything by those who may, and nothing was left out silently. */
  readonly clean: boolean;
}

/**
 * Plants briefings, accounts and sessions. Whatever comes of it, `removePlanted` takes all of it away again.
 * @param langs codes of the languages that pages are in, the publication's first one first.
 * @param plans who walks; null: everybody, at each tier there is.
 */
export async function setScene(
  run: string,
  wall: Wall,
  stores: Stores | null,
  langs: readonly string[],
  plans: readonly VisitorPlan[] | null = null,
  signal?: AbortSignal,
): Promise<Scene> {
  const planted = await plantBriefings(wall, run, langs);
  const visitors: Visitor[] = [];
  const skipped: string[] = [];
  for (const plan of plans ?? [...VISITORS, ...visitorsBetween(planted.steps.between)]) {
    signal?.throwIfAborted();
    const visitor = await plantVisitor(plan, planted, stores);
    if (visitor) visitors.push(visitor);
    else skipped.push(plan.name);
  }
  return { planted, visitors, skipped, uncovered: await uncovered(wall, planted, langs) };
}

/**
 * The row of every route.
 * @throws Undeclared when a route has no row in rows.ts, or a row no route: what is not known is not walked.
 */
export function rowsOf(
  { routes, prefixes }: Pick<Site, 'routes' | 'prefixes'>,
  surfaces: readonly Surface[] = SURFACES,
): readonly Walkable[] {
  const { walkable, unmatched } = match(routes, prefixes, surfaces);
  if (unmatched.routes.length + unmatched.rows.length > 0) throw new Undeclared(unmatched.routes, unmatched.rows);
  return walkable;
}

export interface OracleOptions {
  readonly surfaces?: readonly Surface[];
  /** Is also told of every answer. */
  readonly hear?: (exchange: Exchange) => void;
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Walks a site and judges what it answers.
 * @throws Undeclared as `rowsOf` does.
 */
export async function runOracle(
  site: Site,
  { planted, visitors, skipped, uncovered: gaps }: Scene,
  { surfaces = SURFACES, hear, ...others }: OracleOptions = {},
): Promise<Verdict> {
  const started = performance.now();
  const walkable = rowsOf(site, surfaces);
  await warmUp(site.origin, planted);
  const recorder = new LeakRecorder(planted.canaries);
  await walk({
    ...others,
    origin: site.origin,
    publicUrl: site.publicUrl ?? site.origin,
    planted,
    walkable,
    visitors,
    hear: (exchange) => {
      recorder.record(exchange);
      hear?.(exchange);
    },
  });
  if (site.letterFor && !others.signal?.aborted) await walkLetters(site.letterFor, planted, visitors, recorder);
  if (site.webhookBody) await walkWebhooks(site.webhookBody, planted, visitors, recorder);
  const silent = site.letterFor ? recorder.silent(visitors) : [];
  const shown = [...new Set(walkable.flatMap(({ surface }) => surface.shows ?? []))];
  const missing = [...recorder.missing(visitors, shown), ...silent];
  return {
    recorder,
    walkable,
    missing,
    skipped,
    uncovered: gaps,
    canaries: planted.canaries.all.length,
    seconds: (performance.now() - started) / 1000,
    clean: recorder.findings.length === 0 && missing.length === 0 && gaps.length === 0 && !others.signal?.aborted,
  };
}

/** Waits until the site has heard of what was planted, a few seconds at most: the walk then shows what is missing. */
async function warmUp(origin: string, { published: [slug] }: Planted): Promise<void> {
  const asker = openClient(origin, 1);
  try {
    for (let tries = 0; tries < 50; tries++) {
      if ((await asker.ask({ method: 'GET', path: `/briefings/${slug}`, headers: {} })).status === 200) return;
      await setTimeout(100);
    }
  } finally {
    asker.close();
  }
}

/** Routes and rows that do not know each other. */
export class Undeclared extends Refusal {
  override name = 'Undeclared';

  constructor(
    readonly routes: readonly string[],
    readonly rows: readonly string[],
  ) {
    super(
      [
        ...routes.map(
          (route) => `The route ${route} has no row in src/leaks/surfaces: nobody has said how it is walked.`,
        ),
        ...rows.map((row) => `The row ${row} in src/leaks/surfaces has no route.`),
      ].join('\n'),
    );
  }
}
