import { webhookAddress, endpointFor } from './billing/stripe/setup';
import type { Payments } from './billing/stripe/payments';
import { openStripe } from './billing/stripe/client';
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
