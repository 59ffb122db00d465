import type { Clock } from '../lib/clock';
import type { Languages } from '../lib/language';
import type { Logger } from '../lib/log';
import type { Wall } from '../stores/postgres/wall';
import { openDeliveries, type Deliveries, type DeliveryOptions } from './delivery';
import { sandboxPages } from './hosted/app';
import { restoreSandbox, persistSandbox } from './storage';
import { openSandbox, type Sandbox } from './sandbox';
import type { Saver } from './store/saver';

export interface SandboxParts {
  /** Where it is remembered. Null: nowhere. */
  readonly wall: Wall | null;
  readonly languages: Languages;
  readonly log: Logger;
  /** Where people find the Dossier it stands beside; none when left out. */
  readonly home?: string;
  /** The port on 127.0.0.1; when left out, the one it had before, or any that is free. */
  readonly port?: number;
  readonly machine?: Clock;
  /** The real thing? Then this throws. */
  readonly production?: boolean;
  readonly delivery?: Pick<DeliveryOptions, 'retryAfter' | 'patience'>;
}

/** A sandbox with everything around it: its webhooks on their way, its pages, what is saved of it. */
export interface RunningSandbox extends Sandbox {
  readonly deliveries: Deliveries;
  /** Resolves when everything that has happened until now is in the database. @throws when it does not take it. */
  saved(): Promise<void>;
}

/**
 * Opens the sandbox as it was left: its objects, its clock, its API key, its webhooks under way.
 * @throws in production.
 */
export async function startSandbox({
  wall,
  languages,
  log,
  home,
  delivery = {},
  ...parts
}: SandboxParts): Promise<RunningSandbox> {
  const before = wall && !parts.production ? await restoreSandbox(wall) : null;
  let saver: Saver | null = null;
  const saved = (mark?: number): Promise<void> => saver?.saved(mark) ?? Promise.resolve();
  const mark = (): number => saver?.mark() ?? 0;
  let deliveries: Deliveries | undefined;
  const sandbox = await openSandbox({
    ...parts,
    log,
    saved: () => saved(),
    restored: before?.world ?? null,
    pages: (opened) => {
      deliveries = openDeliveries(opened.world, { ...delivery, mark, saved, kept: before?.deliveries ?? null });
      return sandboxPages({ sandbox: opened, deliveries, saved: () => saved(), languages, log, home: home ?? null });
    },
  });
  const { world } = sandbox;
  const running = deliveries ?? openDeliveries(world, { ...delivery, mark, saved });
  world.needs = (event) => running.isUnderWay(event);
  if (wall) saver = persistSandbox(wall, world, running, before?.places ?? null, log);
  // What the start itself has changed, such as addresses on another port.
  world.commit(() => undefined);
  return {
    ...sandbox,
    deliveries: running,
    saved: () => saved(),
    close: async () => {
      await sandbox.close();
      await running.close();
      await saver?.close();
    },
  };
}
