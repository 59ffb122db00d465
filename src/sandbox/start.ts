import type { Clock } from '../lib/clock';
import type { Languages } from '../lib/language';
import type { Logger } from '../lib/log';
import type { Wall } from '../stores/postgres/wall';
import { openDeliveries, type Deliveries, type DeliveryOptions } from './delivery';
import { sandboxPages } from './pages/app';
import { recallSandbox, rememberSandbox } from './remember';
import { openSandbox, type Sandbox } from './sandbox';

export interface SandboxParts {
  /** Where it is remembered. Null: nowhere. */
  readonly wall: Wall | null;
  readonly languages: Languages;
  readonly log: Logger;
  /** Where people find the Dossier it stands beside; none when left out. */
  readonly home?: string;
  /** The port on 127.0.0.1; any that is free when left out. */
  readonly port?: number;
  readonly machine?: Clock;
  /** The real thing? Then this throws. */
  readonly production?: boolean;
  readonly delivery?: Pick<DeliveryOptions, 'retryAfter' | 'patience'>;
}

/** A sandbox with everything around it: its webhooks on their way, its pages, its memory. */
export interface RunningSandbox extends Sandbox {
  readonly deliveries: Deliveries;
  /** Resolves when everything that has happened until now is remembered. */
  remembered(): Promise<void>;
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
  ...wish
}: SandboxParts): Promise<RunningSandbox> {
  const before = wall && !wish.production ? await recallSandbox(wall) : null;
  let deliveries: Deliveries | undefined;
  const sandbox = await openSandbox({
    ...wish,
    log,
    restored: before?.world ?? null,
    pages: (opened) => {
      deliveries = openDeliveries(opened.world, { ...delivery, kept: before?.deliveries ?? null });
      return sandboxPages({ sandbox: opened, deliveries, languages, log, home: home ?? null });
    },
  });
  const running = deliveries ?? openDeliveries(sandbox.world, delivery);
  const keeper = wall ? rememberSandbox(wall, sandbox.world, running, log) : null;
  keeper?.changed();
  return {
    ...sandbox,
    deliveries: running,
    remembered: async () => {
      await keeper?.flush();
    },
    close: async () => {
      await sandbox.close();
      await running.close();
      await keeper?.close();
    },
  };
}
