import { z } from 'zod';
import { label, parseBody } from '../forms';

/** What the forms about passkeys send; anything else was not sent by one of them (Failure 400). */
export const readProof = (body: unknown) => parseBody(z.strictObject({ current: z.string().default('') }), body);
export const readRegistration = (body: unknown) =>
  parseBody(z.strictObject({ credential: z.string(), 'passkey-name': z.string() }), body);
export const readPasskeyLogin = (body: unknown) =>
  parseBody(z.strictObject({ credential: z.string(), next: z.string().optional() }), body);

const base64url = z
  .string()
  .regex(/^[\w-]*$/)
  .max(8_000);
const common = {
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}).default({}),
};
const registration = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(30)).max(10).optional(),
  }),
});
const assertion = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});

export type Registration = z.infer<typeof registration>;
export type Assertion = z.infer<typeof assertion>;

/** What a browser made of a new passkey (`PublicKeyCredential.toJSON`), or null when it is none. */
export const readNewCredential = (json: string): Registration | null =>
  registration.safeParse(parsed(json)).data ?? null;
/** What a browser made of a passkey that was shown, or null when it is none. */
export const readAssertion = (json: string): Assertion | null => assertion.safeParse(parsed(json)).data ?? null;

/** A passkey's name: what its owner will know it by; null when it is none. */
export const validatePasskeyName = (given: string): string | null => label.safeParse(given).data ?? null;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
