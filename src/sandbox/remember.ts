import type { Logger } from '../lib/log';
import type { Wall } from '../stores/postgres/wall';
import type { Deliveries } from './delivery';
import type { DeliveriesKept } from './delivery-types';
import { keep, recall, type Keeper, type Memory } from './keep';
import type { World } from './world';

/** The sandbox as it was when it was last remembered. */
export interface Remembered {
  /** What `World.restore` takes. */
  readonly world: object;
  readonly deliveries: DeliveriesKept;
}

/** What the database remembers of a sandbox, or null: then a new one begins. */
export async function recallSandbox(wall: Wall): Promise<Remembered | null> {
  const memory = await recall(wall);
  return memory ? (joined(memory) as unknown as Remembered) : null;
}

/** Remembers the world and its deliveries from now on, after every change. */
export function rememberSandbox(wall: Wall, world: World, deliveries: Deliveries, log: Pick<Logger, 'error'>): Keeper {
  const keeper = keep(
    wall,
    () => parted({ world: world.snapshot(), deliveries: deliveries.kept() } satisfies Remembered),
    log,
  );
  world.onChange(() => keeper.changed());
  deliveries.onChange(() => keeper.changed());
  return keeper;
}

/**
 * Every list by itself, under the path to it such as `world.events`, so that one more event is one more row and
 * not all of them again; what is no list stands under its parent's path.
 */
function parted(whole: object, path: readonly string[] = []): Memory {
  const plain: Record<string, unknown> = {};
  const parts: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(whole) as [string, unknown][]) {
    const at = [...path, key];
    if (Array.isArray(value)) parts[at.join('.')] = value;
    else if (at.length < DEPTH && typeof value === 'object' && value !== null) Object.assign(parts, parted(value, at));
    else plain[key] = value;
  }
  return { [[...path, ''].join('.')]: plain, ...parts };
}

/** What `parted` made, whole again. */
function joined(memory: Memory): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  const at = (path: readonly string[]) =>
    path.reduce<Record<string, unknown>>((parent, key) => (parent[key] ??= {}) as Record<string, unknown>, whole);
  for (const [name, value] of Object.entries(memory)) {
    const path = name.split('.');
    const key = path.pop()!;
    if (key === '') Object.assign(at(path), value);
    else at(path)[key] = value;
  }
  return whole;
}

/** How deep lists of many are looked for: those of the world. */
const DEPTH = 2;
