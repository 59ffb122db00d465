/** Domains whose mail server asked to be left alone; each process learns of them by itself. */
export interface HeldDomains {
  hold(domain: string): void;
  /** Those that are to be left alone now. */
  current(): readonly string[];
  /** Seconds until the first of them may be tried again; null: none is held. */
  soonest(): number | null;
}

/** What stands behind the last `@` of an address. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

/** Opens an empty list. @param seconds for which a domain is left alone. */
export function openHeldDomains(seconds: number): HeldDomains {
  const until = new Map<string, number>();
  const current = () => {
    for (const [domain, end] of until) if (end <= performance.now()) until.delete(domain);
    return [...until.keys()];
  };
  return {
    hold: (domain) => void until.set(domain, performance.now() + seconds * 1_000),
    current,
    soonest: () => (current().length === 0 ? null : (Math.min(...until.values()) - performance.now()) / 1_000),
  };
}
