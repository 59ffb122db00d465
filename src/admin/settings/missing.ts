/** What is known of a house before it is opened to readers. */
export interface LaunchFacts {
  /** Has the publication a name of its own? */
  readonly named: boolean;
  /** Has somebody said who letters are from, in the browser or in the environment? */
  readonly sender: boolean;
  /** Is there a mail server to send them by? */
  readonly mailServer: boolean;
  /** Does a postal address stand at the foot of letters? */
  readonly postalAddress: boolean;
  /** Is money taken by Stripe, and not by the sandbox? */
  readonly payments: boolean;
  /** Is there anything that is paid for? */
  readonly paidTiers: boolean;
  /** Do ways at the foot of each page lead to pages of the publisher's own, as legal ones are? */
  readonly legalPages: boolean;
  /** Samples that are still there. */
  readonly samples: number;
  /** Briefings that readers have, samples aside. */
  readonly published: number;
  /** May programs that search find it? */
  readonly indexed: boolean;
  /** Is it reached by https? */
  readonly https: boolean;
}

/** What is missing, by the names of its phrases (`admin.missing.<name>`). */
export type Missing =
  | 'name'
  | 'sender'
  | 'mail-server'
  | 'postal-address'
  | 'payments'
  | 'legal-pages'
  | 'samples'
  | 'published'
  | 'indexed'
  | 'https';

/**
 * What is missing before a house goes live, the most pressing first; empty where nothing is. Whatever takes money needs
 * Stripe, legal pages and a postal address.
 */
export function missingBeforeLaunch(facts: LaunchFacts): readonly Missing[] {
  const checks: readonly (readonly [Missing, boolean])[] = [
    ['name', !facts.named],
    ['sender', !facts.sender],
    ['mail-server', !facts.mailServer],
    ['https', !facts.https],
    ['payments', facts.paidTiers && !facts.payments],
    ['legal-pages', !facts.legalPages],
    ['postal-address', facts.paidTiers && !facts.postalAddress],
    ['samples', facts.samples > 0],
    ['published', facts.published === 0],
    ['indexed', !facts.indexed],
  ];
  return checks.filter(([, missing]) => missing).map(([name]) => name);
}
