import { editorialViewer } from '../../access/viewer';
import { findSamples } from '../../briefings/file/samples';
import { findTiers, isPriced } from '../../membership/tiers';
import type { SiteContext } from '../../http/site-context';
import { supportAddress } from '../../site/settings/support';
import type { Wall } from '../../stores/postgres/wall';
import type { LaunchFacts } from './missing';

/** What the operator has set, as far as it decides whether a house can go live. */
export interface OperatorFacts {
  /** `MAIL_FROM`; null: not set. */
  readonly mailFrom: string | null;
  /** The mail server's name; null: there is none. */
  readonly mailHost: string | null;
  /** Is money taken by Stripe, and not by the sandbox? */
  readonly payments: boolean;
  readonly https: boolean;
}

/** Reads what is known of the house before it goes live. */
export async function readLaunchFacts(
  wall: Wall,
  { settings, pages }: Pick<SiteContext, 'settings' | 'pages'>,
  operator: OperatorFacts,
): Promise<LaunchFacts> {
  const { identity, mail, discovery } = settings.current;
  const { untouched, changed } = await findSamples(wall);
  const samples = [...untouched, ...changed];
  const { paidTiers, published } = await wall.read(editorialViewer, async (db) => ({
    paidTiers: (await findTiers(db)).some(isPriced),
    published: await db.briefing.count({ where: { copyOf: null, state: 'published', slug: { notIn: samples } } }),
  }));
  return {
    named: Object.keys(identity.name).length > 0,
    sender: mail.senderAddress !== '' || operator.mailFrom !== null,
    mailServer: operator.mailHost !== null,
    postalAddress: mail.postalAddress !== '',
    payments: operator.payments,
    paidTiers,
    missingLegal: pages.missingLegal,
    supportAddress: supportAddress(settings) !== null,
    samples: samples.length,
    published,
    indexed: discovery.indexed,
    https: operator.https,
  };
}
