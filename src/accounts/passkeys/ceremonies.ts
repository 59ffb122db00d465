import type * as WebAuthn from '@simplewebauthn/server';
import { lazily } from '../../lib/packages/lazily';
import { CEREMONY } from './challenge';
import type { Assertion, Registration } from './forms';
import type { RelyingParty } from './relying-party';

const webAuthn = lazily<typeof WebAuthn>('@simplewebauthn/server');

/** A passkey as it is kept. */
export interface StoredPasskey {
  /** The credential's id, base64url. */
  readonly id: string;
  readonly accountId: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly counter: bigint;
}

/** What a browser needs to make a passkey: one that is found without a name being typed, and asks who holds it. */
export function registrationOptions(
  party: RelyingParty,
  site: string,
  account: { readonly id: string; readonly email: string; readonly name: string },
  storedIds: readonly string[],
) {
  return webAuthn().generateRegistrationOptions({
    rpID: party.id,
    rpName: site,
    userID: handleOf(account.id),
    userName: account.email,
    userDisplayName: account.name,
    attestationType: 'none',
    timeout: CEREMONY,
    excludeCredentials: storedIds.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** What a browser needs to show a passkey. It names none, so it says nothing about who has an account (ASVS 6.3.8). */
export function authenticationOptions(party: RelyingParty) {
  return webAuthn().generateAuthenticationOptions({
    rpID: party.id,
    timeout: CEREMONY,
    userVerification: 'required',
    allowCredentials: [],
  });
}

/**
 * The new passkey, or null when the answer does not belong to the challenge, to us, or to somebody who was verified
 * (WebAuthn, 7.1).
 */
export async function verifyRegistration(
  party: RelyingParty,
  challenge: string,
  response: Registration,
): Promise<Omit<StoredPasskey, 'accountId'> | null> {
  const { verified, registrationInfo } = await webAuthn()
    .verifyRegistrationResponse({
      response: { ...response, response: { ...response.response, transports: [] } },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    })
    .catch(REFUSED);
  if (!verified || !registrationInfo) return null;
  const { id, publicKey, counter } = registrationInfo.credential;
  return { id, publicKey, counter: BigInt(counter) };
}

/**
 * The counter after a passkey was shown, or null when the answer is not that passkey's to this challenge (WebAuthn,
 * 7.2).
 */
export async function verifyAssertion(
  party: RelyingParty,
  challenge: string,
  { response, ...shown }: Assertion,
  stored: StoredPasskey,
): Promise<bigint | null> {
  const { userHandle, ...rest } = response;
  if (userHandle && Buffer.from(userHandle, 'base64url').toString() !== stored.accountId) return null;
  const { verified, authenticationInfo } = await webAuthn()
    .verifyAuthenticationResponse({
      response: { ...shown, response: rest },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: stored.id, publicKey: stored.publicKey, counter: Number(stored.counter) },
    })
    .catch(REFUSED);
  return verified && authenticationInfo ? BigInt(authenticationInfo.newCounter) : null;
}

/** The account's id as the handle a passkey carries: it means nothing to anybody else (WebAuthn, 14.6.1). */
function handleOf(accountId: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(accountId);
}

// The package throws for whatever does not hold; which of it did not is nobody's business.
const REFUSED = () => ({ verified: false as const, registrationInfo: undefined, authenticationInfo: undefined });
