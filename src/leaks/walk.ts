import type { Visitor } from './accounts';
import { openClient, type LeakResponse, type LeakRequest, type HttpClient } from './client';
import type { Planted } from './plant';
import type { Walkable } from './surface';
import { changesOf, variantsOf, type Reach, type Variant } from './variants';

/** One request and its answer, with who asked and where. */
export interface Exchange {
  readonly cell: Cell;
  readonly variant: string;
  readonly ask: LeakRequest;
  readonly answer: LeakResponse;
  /** The validator an entitled visitor was given at this address, when it was sent along. */
  readonly entitledTag: string | null;
}

/** One address and one visitor: what is asked there, in order. */
export interface Cell {
  readonly walkable: Walkable;
  readonly address: string;
  readonly reach: Reach;
  readonly visitor: Visitor;
}

export interface Walk {
  readonly origin: string;
  readonly publicUrl: string;
  readonly planted: Planted;
  readonly walkable: readonly Walkable[];
  readonly visitors: readonly Visitor[];
  /** Is told of every answer. */
  readonly hear: (exchange: Exchange) => void;
  /** Is told after each cell how many are done, of how many. */
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** Requests under way at once. */
const AT_ONCE = 8;

const READS = ['GET', 'USE'];

/**
 * Asks everything, as everybody. First what only reads, address by address, so that those who may read a page and those
 * who may not meet in its caches; then what may change something; at the end what closes a session.
 */
export async function walk({
  origin,
  publicUrl,
  planted,
  walkable,
  visitors,
  hear,
  progress,
  signal,
}: Walk): Promise<void> {
  const asker = openClient(origin, AT_ONCE);
  const cells = walkable
    .filter(({ surface }) => !surface.exempt)
    .flatMap((one) =>
      // Address by address, so that everybody meets everybody else in the caches.
      rounds(visitors.map((visitor) => addressesOf(one, planted, visitor).map((at) => ({ ...at, visitor })))).map(
        (cell): Cell => ({ walkable: one, ...cell }),
      ),
    );
  const reads = cells.filter(({ walkable: { route } }) => READS.includes(route.method));
  const changes = cells.filter((cell) => !reads.includes(cell));
  const phases = [
    reads,
    changes.filter(({ walkable: { surface } }) => !surface.last),
    changes.filter(({ walkable: { surface } }) => surface.last),
  ];
  const tags = entitledTags(asker, visitors);
  let done = 0;
  try {
    for (const phase of phases) {
      const waiting = [...phase];
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let cell = waiting.shift(); cell && !signal?.aborted; cell = waiting.shift()) {
            await walkCell(asker, publicUrl, cell, tags, hear);
            progress?.(++done, cells.length);
          }
        }),
      );
    }
  } finally {
    asker.close();
  }
}

/** The first of each, then the second of each, and so on. */
const rounds = <One>(lists: readonly (readonly One[])[]): One[] =>
  Array.from({ length: Math.max(0, ...lists.map(({ length }) => length)) }, (_none, at) =>
    lists.flatMap((list) => list.slice(at, at + 1)),
  ).flat();

/** What somebody asks of one route, in its language. */
function addressesOf(
  { surface, route, prefix }: Walkable,
  planted: Planted,
  visitor: Visitor,
): { address: string; reach: Reach }[] {
  const inLanguage = (path: string) => prefix + (prefix ? path.replace(/^\/(?=$|\?)/, '') : path);
  const near = (surface.near?.(planted, visitor) ?? []).map(inLanguage);
  const all = surface.addresses?.(planted, visitor).map(inLanguage) ?? (surface.near ? [] : [route.path]);
  return [
    ...near.map((address) => ({ address, reach: 'near' as const })),
    ...all
      .filter((address) => !near.includes(address))
      .map((address) => ({ address, reach: surface.near || surface.shows ? ('shown' as const) : ('always' as const) })),
  ];
}

async function walkCell(
  asker: HttpClient,
  publicUrl: string,
  cell: Cell,
  tags: Tags,
  hear: Walk['hear'],
): Promise<void> {
  const { surface, route } = cell.walkable;
  const variants: readonly Variant[] = READS.includes(route.method)
    ? variantsOf(cell.reach)
    : changesOf(route.method, publicUrl, surface.form ?? {});
  const entitledTag = READS.includes(route.method) ? await tags(cell) : null;
  for (const variant of variants) {
    const told = variant.ask(cell.address, { entitledTag });
    const ask = { ...told, headers: { ...cell.visitor.headers, ...told.headers } };
    hear({ cell, variant: variant.name, ask, answer: await asker.ask(ask), entitledTag });
  }
}

type Tags = (cell: Cell) => Promise<string | null>;

/** Asks once for each address, as somebody who reads as far as a reader can, for the validator of that page. */
function entitledTags(asker: HttpClient, visitors: readonly Visitor[]): Tags {
  const highest = (way: Visitor['by']) => visitors.filter(({ by }) => by === way).sort((a, b) => b.rank - a.rank)[0];
  const entitled = { pages: highest('session'), api: highest('token'), gifts: highest('session') };
  const known = new Map<string, Promise<string | null>>();
  return ({ address, walkable: { surface } }) => {
    let tag = known.get(address);
    if (!tag) {
      const by = entitled[surface.shows ?? 'pages'];
      tag = by
        ? asker.ask({ method: 'GET', path: address, headers: by.headers }).then(({ headers }) => headers.etag ?? null)
        : Promise.resolve(null);
      known.set(address, tag);
    }
    return tag;
  };
}
