import { accountsViewer } from '../access/viewer';
import type { Logger } from '../lib/log';
import type { Wall } from '../stores/postgres/wall';
import type { Deliveries } from './delivery';
import type { DeliveriesKept } from './delivery-types';
import { ALONE, Places, readStored, type Piece } from './store/rows';
import { openSaver, type Saver } from './store/saver';
import { PARTS, type Change, type World } from './world';

/** The sandbox as it was when it was last saved. */
export interface StoredSandbox {
  /** What `World.restore` takes. */
  readonly world: object;
  readonly deliveries: DeliveriesKept;
  readonly places: Places;
}

const WORLD = 'world.';
const DELIVERIES = 'deliveries.';
const LOG = `${DELIVERIES}deliveries`;

/** What the database remembers of a sandbox, or null: then a new one begins. */
export async function restoreSandbox(wall: Wall): Promise<StoredSandbox | null> {
  const stored = await readStored(wall);
  if (!stored) return null;
  const under = (prefix: string): Record<string, unknown> => {
    const found = Object.entries(stored.memory).filter(([name]) => name.startsWith(prefix) && name !== prefix);
    return {
      ...Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value])),
      ...(stored.memory[prefix] as object | undefined),
    };
  };
  const { world, deliveries } = { world: under(WORLD), deliveries: under(DELIVERIES) };
  return { world, deliveries: deliveries as unknown as DeliveriesKept, places: stored.places };
}

/**
 * Where the sandbox of this database answers, to whom, and how many seconds it is ahead; null when there never was one.
 */
export async function whereSandboxIs(wall: Wall): Promise<Whereabouts | null> {
  const row = await wall.read(accountsViewer, (db) =>
    db.sandboxObject.findUnique({ where: { kind_place: { kind: WORLD, place: ALONE } } }),
  );
  return row && (row.object as unknown as Whereabouts);
}

export interface Whereabouts {
  readonly url: string;
  readonly apiKey: string;
  readonly offset: number;
}

/**
 * Saves the world and its deliveries from now on: after every commit what it changed, as it was then, so that the
 * database always holds the sandbox as it was between two commits. What becomes of a delivery may wait a moment.
 * @param places where what is stored already stands; null when nothing is.
 */
export function persistSandbox(
  wall: Wall,
  world: World,
  deliveries: Deliveries,
  places: Places | null,
  log: Pick<Logger, 'error'>,
): Saver {
  const saver = openSaver(wall, places ?? new Places(), log);
  const plainWorld = changedPlain(WORLD, () => world.plain());
  const plainDeliveries = changedPlain(DELIVERIES, () => deliveries.switches());
  const ofWorld = (changes: readonly Change[]): Piece[] => [
    ...plainWorld(),
    ...changes.flatMap(({ kind, id }) =>
      kind === 'state' ? [] : [{ kind: `${WORLD}${kind}`, id, text: textOf(world.part(kind, id)) }],
    ),
  ];
  // A new one begins with an empty list of each kind.
  const empty = places ? [] : PARTS.map((kind) => ({ kind: `${WORLD}${kind}`, id: '', text: '[]' }));
  saver.add([...empty, ...plainWorld(), ...plainDeliveries()]);
  world.onChange((changes) => saver.add(ofWorld(changes)));
  deliveries.onChange((numbers) =>
    saver.add(
      [
        ...plainDeliveries(),
        ...numbers.map((number) => ({ kind: LOG, id: String(number), text: textOf(deliveries.find(number)) })),
      ],
      true,
    ),
  );
  return {
    add: (pieces, lazily) => saver.add(pieces, lazily),
    mark: () => saver.mark(),
    saved: (mark) => saver.saved(mark),
    close: () => {
      saver.add([...plainWorld(), ...plainDeliveries()]);
      return saver.close();
    },
  };
}

function textOf(part: unknown): string | null {
  return part === undefined ? null : JSON.stringify(part);
}

/** What stands in no list, whenever it is another than the last time. */
function changedPlain(kind: string, read: () => object): () => Piece[] {
  let last: string | undefined;
  return () => {
    const text = JSON.stringify(read());
    if (text === last) return [];
    last = text;
    return [{ kind, id: '', text }];
  };
}
