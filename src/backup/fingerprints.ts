import { randomBytes, scryptSync } from 'node:crypto';

/** Signs of secrets by the names of their variables, from which no secret can be told. */
export type Fingerprints = Readonly<Record<string, readonly string[]>>;

/** The secrets that a publication was run with. */
export type Secrets = Readonly<Record<string, readonly string[]>>;

/** What of the environment is secret. */
interface Environment {
  readonly sessionSecrets: readonly string[] | null;
  readonly stripeKey: string | null;
  readonly webhookSecrets: readonly string[];
  readonly bucket: { readonly secretAccessKey: string } | null;
}

/** The secrets of an environment; `kept` is the data folder's own where none was set. */
export const secretsOf = (
  { sessionSecrets, stripeKey, webhookSecrets, bucket }: Environment,
  stored: string | null,
): Secrets => ({
  SESSION_SECRET: sessionSecrets ?? (stored === null ? [] : [stored]),
  STRIPE_SECRET_KEY: stripeKey === null ? [] : [stripeKey],
  STRIPE_WEBHOOK_SECRET: webhookSecrets,
  S3_SECRET_ACCESS_KEY: bucket === null ? [] : [bucket.secretAccessKey],
});

export const newSalt = (): string => randomBytes(16).toString('hex');

/** Costs some hundredths of a second each, so that nobody tries out short ones by the million. */
export const fingerprintsOf = (secrets: Secrets, salt: string): Fingerprints =>
  Object.fromEntries(
    Object.entries(secrets).map(([name, values]) => [
      name,
      values.map((value) => scryptSync(value, `${salt} ${name}`, 16).toString('hex')),
    ]),
  );

/** The names of secrets of which none that was there then is here now. */
export const changedSecrets = (then: Fingerprints, now: Fingerprints): string[] =>
  Object.entries(then)
    .filter(([name, signs]) => signs.length > 0 && !signs.some((sign) => now[name]?.includes(sign)))
    .map(([name]) => name);
