import { createHash } from 'node:crypto';
import { HIGHEST_RANK } from '../access/viewer';
import type { Visitor } from './accounts';
import type { Canaries, Canary } from './canaries';
import { formsOf } from './forms';
import { GIVEN_PLACE } from './plant';
import type { Shown } from './surface';
import type { Cell, Exchange } from './walk';

/** Something that must not be. */
export interface Finding {
  readonly what: string;
  readonly visitor: string;
  readonly surface: string;
  /** The request, for repeating it. */
  readonly request: string;
}

/** What became of one row of the table: a surface, or a visitor. */
export interface SurfaceCounts {
  cells: number;
  requests: number;
  /** Answers by their hundreds: 2 for 200 to 299. */
  readonly statuses: Map<number, number>;
  /** Canaries met by those who may. */
  readonly met: Set<Canary>;
  hits: number;
}

/** Letters to many, among the surfaces. */
export const LETTERS_TO_MANY = 'letters to many';

/** Bodies for outgoing webhooks, among the surfaces. */
export const WEBHOOK_BODIES = 'webhooks';

const surfaceOf = ({ walkable: { route } }: Cell): string => `${route.method} ${route.path}`;

/** Hears every answer and compares it with what its reader may meet. */
export class LeakRecorder {
  readonly surfaces = new Map<string, SurfaceCounts>();
  readonly visitors = new Map<string, SurfaceCounts>();
  readonly findings: Finding[] = [];
  private readonly seenBodies = new Map<string, readonly Canary[]>();
  /** By visitor, and by the way they must meet it. */
  private readonly met = new Map<string, Set<Canary>>();
  private readonly cells = new Map<Cell, { answered: boolean; ownTag: string | null }>();

  constructor(private readonly canaries: Canaries) {}

  record({ cell, variant, ask, answer, entitledTag }: Exchange): void {
    const {
      visitor,
      walkable: { surface },
    } = cell;
    const tallies = [tallyOf(this.surfaces, surfaceOf(cell)), tallyOf(this.visitors, visitor.name)];
    let known = this.cells.get(cell);
    if (!known) {
      known = { answered: false, ownTag: answer.headers.etag ?? null };
      this.cells.set(cell, known);
      for (const tally of tallies) tally.cells++;
    }
    if (answer.status !== 429) known.answered = true;
    for (const tally of tallies) {
      tally.requests++;
      const hundred = Math.floor(answer.status / 100);
      tally.statuses.set(hundred, (tally.statuses.get(hundred) ?? 0) + 1);
    }
    const find = (what: string) => {
      for (const tally of tallies) tally.hits++;
      this.findings.push({
        what,
        visitor: visitor.name,
        surface: surfaceOf(cell),
        request: `${ask.method} ${ask.path} (${variant})`,
      });
    };
    for (const canary of this.canariesIn(exchangeText(answer.rawHeaders), answer.body)) {
      const works = surface.desk && visitor.rank >= HIGHEST_RANK;
      const given = surface.shows === 'gifts' && canary.place.startsWith(GIVEN_PLACE) ? (visitor.reads.gifts ?? 0) : 0;
      const reads = Math.max(visitor.rank, given);
      if (!works && (canary.rank === null || reads < canary.rank)) find(`met ${canary.token} (${canary.place})`);
      else {
        for (const tally of tallies) tally.met.add(canary);
        if (surface.shows) setOf(this.met, `${visitor.name} ${surface.shows}`).add(canary);
      }
    }
    if (answer.status >= 500 && !(surface.stripe && answer.status === 503)) find(`was answered ${answer.status}`);
    if (answer.status === 304 && entitledTag !== null && entitledTag !== known.ownTag)
      find("was told that an entitled reader's page is theirs (304)");
  }

  /**
   * Hears a letter that would be sent to somebody's account, which reads so far; null: nothing may be sent there. The
   * same of other things that are sent.
   */
  recordLetter({ name }: Visitor, rank: number | null, texts: readonly string[], surface = LETTERS_TO_MANY): void {
    const tallies = [tallyOf(this.surfaces, surface), tallyOf(this.visitors, name)];
    const find = (what: string) => {
      for (const tally of tallies) tally.hits++;
      this.findings.push({ what, visitor: name, surface, request: '' });
    };
    for (const tally of tallies) tally.requests++;
    if (rank === null && texts.length > 0) find('would be sent a letter');
    for (const canary of this.canariesIn('', Buffer.from(texts.join('\n')))) {
      if (rank === null || canary.rank === null || rank < canary.rank) find(`met ${canary.token} (${canary.place})`);
      else {
        for (const tally of tallies) tally.met.add(canary);
        setOf(this.met, `${name} letters`).add(canary);
      }
    }
  }

  /** Those whose letters say nothing of what is gated and open to them: they have shown nothing. */
  silent(visitors: readonly Visitor[]): Finding[] {
    return visitors
      .filter(({ name, letters }) => {
        const met = [...(this.met.get(`${name} letters`) ?? [])];
        return letters !== null && letters > 0 && !met.some(({ rank }) => rank !== null && rank > 0);
      })
      .map(({ name }) => ({ what: 'met nothing in letters', visitor: name, surface: LETTERS_TO_MANY, request: '' }));
  }

  /**
   * What those who may read have not met: they must have met all of it, or the walk has shown nothing. And the cells
   * where nothing but a limit answered: those were not walked.
   */
  missing(visitors: readonly Visitor[], shown: readonly Shown[]): Finding[] {
    const unmet = visitors.flatMap((visitor) =>
      shown.flatMap((where) => {
        const reads = visitor.reads[where];
        const met = this.met.get(`${visitor.name} ${where}`) ?? new Set();
        const gone = this.canaries.all.filter(
          (canary) =>
            canary.rank !== null &&
            reads !== null &&
            canary.rank <= reads &&
            (where !== 'gifts' || canary.place.startsWith(GIVEN_PLACE)) &&
            !met.has(canary) &&
            // No answer of the API is a former revision's.
            !(canary.former && where === 'api'),
        );
        return gone.length === 0
          ? []
          : [
              {
                what: `has not met ${gone.length} canaries that they may read, ${gone[0]!.place} among them`,
                visitor: visitor.name,
                surface: where,
                request: '',
              },
            ];
      }),
    );
    const limited = [...this.cells]
      .filter(([, { answered }]) => !answered)
      .map(([cell]) => ({
        what: 'was never let in (429)',
        visitor: cell.visitor.name,
        surface: surfaceOf(cell),
        request: cell.address,
      }));
    return [...unmet, ...limited];
  }

  private canariesIn(headers: string, body: Buffer): readonly Canary[] {
    const inHeaders = this.canaries.find(formsOf(headers).join('\n'));
    if (body.length === 0) return inHeaders;
    const digest = createHash('sha1').update(body).digest('base64');
    let inBody = this.seenBodies.get(digest);
    if (!inBody) {
      inBody = this.canaries.find(formsOf(body.toString('utf8')).join('\n'));
      this.seenBodies.set(digest, inBody);
    }
    return [...new Set([...inHeaders, ...inBody])];
  }
}

function exchangeText(rawHeaders: readonly string[]): string {
  return rawHeaders.join('\n');
}

function tallyOf(tallies: Map<string, SurfaceCounts>, name: string): SurfaceCounts {
  let tally = tallies.get(name);
  if (!tally) tallies.set(name, (tally = { cells: 0, requests: 0, statuses: new Map(), met: new Set(), hits: 0 }));
  return tally;
}

function setOf<Value>(sets: Map<string, Set<Value>>, name: string): Set<Value> {
  let set = sets.get(name);
  if (!set) sets.set(name, (set = new Set()));
  return set;
}
