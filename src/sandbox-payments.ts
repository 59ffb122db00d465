import { systemClock } from './lib/clock';
import { webhookAddress, endpointFor } from './billing/stripe/setup';
import type { Payments } from './billing/stripe/payments';
import { openStripe } from './billing/stripe/client';
import type { Handed } from './boot-parts';
import { startSandbox, type RunningSandbox, type SandboxParts } from './sandbox/start';

/** Payments in the sandbox. */
export interface SandboxPayments extends Payments {
  readonly sandbox: RunningSandbox;
}

/**
 * Starts the sandbox beside Dossier, as it was left, and makes it send its events here.
 * @param origin where this process answers, as the sandbox reaches it.
 * @throws in production.
 */
export async function sandboxBeside(origin: string, parts: SandboxParts): Promise<SandboxPayments> {
  const sandbox = await startSandbox(parts);
  const stripe = openStripe({ key: sandbox.apiKey, at: { host: '127.0.0.1', port: sandbox.port } });
  const url = webhookAddress(origin);
  // The port may be another one than the last time, and what was on its way then still wants to arrive.
  for (const old of sandbox.world.webhookEndpoints.values()) {
    if (old.url !== url && old.url.endsWith(webhookAddress(''))) await stripe.webhookEndpoints.update(old.id, { url });
  }
  const { id } = await endpointFor(stripe, url);
  const secret = sandbox.world.webhookEndpoints.get(id)?.secret;
  return {
    sandbox,
    stripe,
    webhookSecrets: secret === undefined ? [] : [secret],
    livemode: false,
    hostedOrigins: [sandbox.url],
    sandboxUrl: sandbox.url,
    clock: sandbox.clock,
    close: () => sandbox.close(),
  };
}

/** What another process needs of the sandbox; it travels as JSON. */
interface HandedSandbox {
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly webhookSecrets: readonly string[];
  /** Milliseconds that its clock is ahead of the machine's. */
  readonly ahead: number;
}

/** Milliseconds between two looks at the sandbox's clock, which somebody moves by hand. */
const LOOK = 50;

/** A sandbox for processes that have none of their own. */
export const handSandbox = ({ sandbox, webhookSecrets }: SandboxPayments): HandedSandbox => ({
  ...{ url: sandbox.url, port: sandbox.port, apiKey: sandbox.apiKey, webhookSecrets },
  ahead: sandbox.world.offset * 1_000,
});

/** Hands it anew whenever its clock was moved. */
export function watchSandboxClock(payments: SandboxPayments, changed: (handed: HandedSandbox) => void): void {
  let last = payments.sandbox.world.offset;
  setInterval(() => {
    const { offset } = payments.sandbox.world;
    if (offset === last) return;
    last = offset;
    changed(handSandbox(payments));
  }, LOOK).unref();
}

/** Payments in the sandbox of the process that started this one. */
export function paymentsInSandboxOf(handed: Handed): Payments {
  let { ahead } = handed.shared as HandedSandbox;
  handed.onChange((shared) => void ({ ahead } = shared as HandedSandbox));
  const { url, port, apiKey, webhookSecrets } = handed.shared as HandedSandbox;
  return {
    stripe: openStripe({ key: apiKey, at: { host: '127.0.0.1', port } }),
    webhookSecrets,
    livemode: false,
    hostedOrigins: [url],
    sandboxUrl: url,
    clock: { now: () => new Date(systemClock.now().getTime() + ahead) },
    close: () => Promise.resolve(),
  };
}
