import { asSuperuserIn, type Cluster } from '../../support/stores/cluster';

/** What a Dossier that is measured says of itself. */
export interface Site {
  readonly url: string;
  readonly urls: Cluster;
  /** The Cookie header of a member of the Leadership Alliance. */
  readonly cookie: string;
  /** Briefings that nobody has asked for. */
  readonly cold: readonly string[];
}

/** Milliseconds in which every process has heard of it. */
const HEARD = 300;

/** Makes every process forget its pages, as a saved briefing does. */
export async function forgetEverything(superuser: string): Promise<void> {
  await asSuperuserIn(superuser, (client) => client.query("SELECT pg_notify('dossier_pages', 'briefings')"));
  await new Promise((resolve) => {
    setTimeout(resolve, HEARD);
  });
}
