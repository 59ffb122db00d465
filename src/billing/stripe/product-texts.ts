import type Stripe from 'stripe';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { DEFAULT_CODE, textsIn } from '../../lib/language';
import type { TierRow } from '../../membership/tiers';
import type { Task } from '../../stores/postgres/jobs';
import type { SyncParts } from '../parts';
import { findProducts } from './refresh-prices';
import type { StripeClient } from './client';
import { outgoingTask } from './outgoing-task';

const payload = z.object({ tier: z.string() });

/**
 * What Stripe says of a tier on its checkout, its invoices and its receipts. A product has words in one language only.
 */
export interface ProductTexts {
  readonly name: string;
  readonly description: string;
}

/** In the default language where the tier has that. */
export function productTexts({ slug, texts }: Pick<TierRow, 'slug' | 'texts'>): ProductTexts {
  const best = textsIn(texts, DEFAULT_CODE);
  return { name: best?.name ?? slug, description: best?.blurb ?? '' };
}

/**
 * Tells Stripe the words of a tier that an admin has changed: every product of it, since somebody may still pay a price
 * of an earlier one. They are read when Stripe is told, so of several changes the last one stands; what is free has no
 * product.
 */
export function productTextsTask(parts: SyncParts): Task {
  const { wall, stripe, locks } = parts;
  return async (given, attempt) => {
    const { tier: slug } = payload.parse(given);
    // The setup makes products with the words it has read; it must not make one between the list and the new words.
    await outgoingTask(parts, attempt, { tier: slug }, 'the words of a tier', () =>
      locks.hold('setup', async () => {
        const tier = await wall.read(accountsViewer, (db) =>
          db.tier.findUnique({ where: { slug }, include: { texts: true } }),
        );
        if (!tier || (tier.monthlyCents === null && tier.yearlyCents === null)) return;
        for (const product of await findProducts(stripe, [slug]))
          await updateProductTexts(stripe, product, productTexts(tier));
      }),
    );
  };
}

/** Makes a product say this. @returns whether it said something else. @throws when Stripe does not answer. */
export async function updateProductTexts(
  stripe: StripeClient,
  product: Stripe.Product,
  words: ProductTexts,
): Promise<boolean> {
  if (product.name === words.name && (product.description ?? '') === words.description) return false;
  await stripe.products.update(product.id, { ...words });
  return true;
}
