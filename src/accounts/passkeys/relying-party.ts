/** For whom passkeys are made: this site, by the configured address and never by one a request brought along. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** The relying party of an address (WebAuthn, 5.1.2). A browser takes no bare IP address for one. */
export function relyingPartyOf(publicUrl: string): RelyingParty {
  const { hostname, origin } = new URL(publicUrl);
  return { id: hostname, origin };
}
