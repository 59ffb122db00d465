import type { LegalPage } from '../../site/pages/names';

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
  /** Is there an address that the contact form reaches? */
  readonly supportAddress: boolean;
  /** Is money taken by Stripe, and not by the sandbox? */
  readonly payments: boolean;
  /** Is there anything that is paid for? */
  readonly paidTiers: boolean;
  /** Pages that are to be there before money is taken and are not, or are only samples. */
  readonly missingLegal: readonly LegalPage[];
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
  | LegalPage
  | 'support-address'
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
    ...facts.missingLegal.map((page) => [page, true] as const),
    ['support-address', !facts.supportAddress],
    ['postal-address', facts.paidTiers && !facts.postalAddress],
    ['samples', facts.samples > 0],
    ['published', facts.published === 0],
    ['indexed', !facts.indexed],
  ];
  return checks.filter(([, missing]) => missing).map(([name]) => name);
}
