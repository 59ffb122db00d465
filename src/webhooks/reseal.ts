import { accountsViewer } from '../access/viewer';
import type { SecretSealer } from '../accounts/second-factor/secret';
import type { Wall } from '../stores/postgres/wall';
import { sealedFor } from './send';

/**
 * Seals the secrets of every webhook with the newest key, so that an old one can be given up. The number of webhooks
 * whose secret no key opens any more: nothing can be signed for them until they have a new one.
 */
export const resealWebhooks = (wall: Wall, sealer: SecretSealer): Promise<number> =>
  wall.write(accountsViewer, async (db) => {
    const rows = await db.webhook.findMany({ select: { id: true, secret: true, formerSecret: true } });
    let lost = 0;
    for (const { id, secret, formerSecret } of rows) {
      const opened = sealer.open(secret, sealedFor(id));
      if (opened === null) lost++;
      else if (!secret.startsWith(sealer.newest))
        await db.webhook.updateMany({
          where: { id, secret },
          data: { secret: sealer.seal(opened, sealedFor(id)), formerSecret: sealedAnew(sealer, id, formerSecret) },
        });
    }
    return lost;
  });

/** One that no key opens counts no more: it is the former one, and signs beside the present one for a day at most. */
function sealedAnew(sealer: SecretSealer, id: string, former: string | null): string | null {
  const opened = former === null ? null : sealer.open(former, sealedFor(id));
  return opened === null ? null : sealer.seal(opened, sealedFor(id));
}
