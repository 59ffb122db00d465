/** Longer than any address of ours. */
const LONGEST = 2_000;

/** The doors themselves, in any language: whoever is let in must not end before them again. */
const DOORS = /^(?:\/[a-z]{2,3}(?:-[a-z0-9]+)*)?\/log(?:in|out)(?:[/?#]|$)/i;

/**
 * Where to go after a door: path, query and fragment of an address of ours, or `fallback` when what was given is
 * missing or leads elsewhere. It is understood as a browser understands it (WHATWG URL), once as given and once as it
 * will be sent, because `/x/..//evil.example` is of our origin only the first time (ASVS 3.7.2).
 */
export function safeNext(given: unknown, publicUrl: string, fallback: string): string {
  if (typeof given !== 'string' || given === '' || given.length > LONGEST || /[\\\u0000-\u0020\u007f]|%5c/i.test(given))
    return fallback;
  const asGiven = ours(given, publicUrl);
  if (!asGiven) return fallback;
  const { pathname, search, hash } = asGiven;
  const sent = `${pathname}${search}${hash}`;
  return pathname.startsWith('//') || !ours(sent, publicUrl) || DOORS.test(pathname) ? fallback : sent;
}

function ours(address: string, publicUrl: string): URL | null {
  if (!URL.canParse(address, publicUrl)) return null;
  const url = new URL(address, publicUrl);
  // The whole beginning and not the origin: `blob:https://…` has our origin, and credentials have no part in one.
  return url.href.startsWith(`${publicUrl}/`) ? url : null;
}
