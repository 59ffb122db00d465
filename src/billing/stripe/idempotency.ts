import { accountsViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { answered } from './client';

/**
 * Asks Stripe to make something that is to be made once. `purpose` says what, and for whom: whoever asks for the same
 * purpose sends the same idempotency key, so that two at once, or a second try after a crash, make one.
 *
 * Stripe keeps the answer under a key for at least 24 hours and repeats it, also where it was a refusal or a failure of
 * its own (https://docs.stripe.com/api/idempotent_requests). So once it has answered that nothing was made, the purpose
 * has another key. Where it did not answer, the key stays: the request may still be under way.
 * @param ask sends the request under the key that it is given.
 * @throws what `ask` throws.
 */
export async function askOnce<T>(wall: Wall, purpose: string, ask: (idempotencyKey: string) => Promise<T>): Promise<T> {
  const failures = await failuresOf(wall, purpose);
  try {
    return await ask(failures === 0 ? purpose : `${purpose} ${failures}`);
  } catch (error) {
    if (answered(error)) await changeKey(wall, purpose, failures);
    throw error;
  }
}

/** How often a purpose has been refused. */
export async function failuresOf(wall: Wall, purpose: string): Promise<number> {
  const row = await wall.read(accountsViewer, (db) => db.idempotencyFailure.findUnique({ where: { purpose } }));
  return row?.failures ?? 0;
}

/** Gives a purpose another key; of several who were refused under the same one, the first does. */
export async function changeKey(wall: Wall, purpose: string, failures: number): Promise<void> {
  await wall.write(
    accountsViewer,
    (db) => db.$executeRaw`
      INSERT INTO idempotency_failures (purpose, failures) VALUES (${purpose}, ${failures + 1})
      ON CONFLICT (purpose) DO UPDATE SET failures = EXCLUDED.failures, at = EXCLUDED.at
      WHERE idempotency_failures.failures = ${failures}`,
  );
}
