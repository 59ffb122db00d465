import { DEFAULT_CODE, SOFTWARE_NAME } from '../../src/lib/language';
import type { SiteSettings } from '../../src/site/settings/catalogue';
import { DELIVERED } from '../../src/site/settings/schemas';

/** The settings of a publisher who has set nothing. */
export const settingsAsDelivered: SiteSettings = {
  current: DELIVERED,
  firstCode: DEFAULT_CODE,
  siteName: () => SOFTWARE_NAME,
  preview: (_changes, work) => work(),
};
