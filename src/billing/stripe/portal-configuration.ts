import type { StripeClient } from './client';

/** How our own configuration of Stripe's portal is known among others: by this entry of its metadata. */
export const PORTAL_MARK = { dossier: 'portal' } as const;

/**
 * The id of our own configuration of the portal; null when nobody has set it up. @throws when Stripe does not answer.
 */
export async function findPortalConfiguration(stripe: StripeClient): Promise<string | null> {
  for await (const { id, metadata } of stripe.billingPortal.configurations.list({ active: true, limit: 100 })) {
    if (metadata?.['dossier'] === PORTAL_MARK.dossier) return id;
  }
  return null;
}
