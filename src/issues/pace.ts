import { domainOf } from './held-domains';

/** How fast letters to many go: letters a second in all, and to one domain. */
export interface Pace {
  readonly perSecond: number;
  readonly perDomain: number;
}

/** How many letters a batch has at most, and how many of them go to one domain: its share of a second's, or one. */
export function batchSize({ perSecond, perDomain }: Pace, largest: number): { most: number; mostToDomain: number } {
  const most = Math.min(largest, perSecond);
  const share = Math.min(perDomain, perSecond) / perSecond;
  return { most, mostToDomain: Math.max(1, Math.floor(most * share)) };
}

/** Seconds that these letters take at least, so that neither all of them nor those to one domain go faster. */
export function leastSeconds(emails: readonly string[], { perSecond, perDomain }: Pace): number {
  const toDomain = new Map<string, number>();
  for (const email of emails) toDomain.set(domainOf(email), (toDomain.get(domainOf(email)) ?? 0) + 1);
  return Math.max(0, emails.length / perSecond, ...[...toDomain.values()].map((n) => n / perDomain));
}
