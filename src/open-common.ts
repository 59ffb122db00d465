import path from 'node:path';
import { editorialViewer } from './access/viewer';
import type { AppOptions } from './app-options';
import { KeptCategories } from './briefings/reading/category-nav';
import { watchOpenings } from './briefings/reading/scheduled-openings';
import { writeCounts } from './briefings/reading/view-counts';
import { openAssets } from './http/assets';
import type { CommonParts } from './http/common-parts';
import { openCachedPages } from './http/cache/cached-pages';
import { PageCache } from './http/cache/page-cache';
import type { SiteContext } from './http/site-context';
import { writeClicks } from './issues/clicks';
import type { Clock } from './lib/clock';
import { readLanguages } from './lib/language';
import { dayIn } from './lib/local-time';
import { root } from './lib/root';
import { AccountCache, type CachedAccount } from './membership/account-cache';
import { pageReaderOf } from './membership/reader';
import { KnownSessions } from './membership/known-sessions';
import { TierCatalogue } from './membership/tier-catalogue';
import { LanguageCatalogue } from './site/languages/catalogue';
import { owedBy } from './site/pages/acceptances';
import { PageCatalogue } from './site/pages/catalogue';
import { SettingsCatalogue } from './site/settings/catalogue';
import { ShapeCatalogue } from './site/shape/catalogue';
import { openCounters } from './stores/counters';
import { listenForChanges, type ChangeHandlers, type Changes } from './stores/postgres/changes';
import { openProbe } from './stores/postgres/probe';
import type { Wall } from './stores/postgres/wall';

/** Rows that are kept in memory. */
interface Catalogue {
  refresh(): Promise<void>;
  invalidate(): void;
}

/** What this process keeps in memory of what stands in Postgres. */
export interface Caches {
  readonly pages: PageCache;
  readonly accounts: AccountCache;
  readonly tiers: TierCatalogue;
  /** What every page needs of rows that seldom change: read again when a change of anything is heard of. */
  readonly catalogues: readonly Catalogue[];
}

export interface OpenedCommon extends Caches {
  readonly common: CommonParts;
  readonly knownSessions: KnownSessions;
  /** Reads the catalogues again where they may have changed; it costs nothing where they have not. */
  refresh(): Promise<void>;
  /** As `Changes` has it. */
  caughtUp(): Promise<void>;
  /** The last counts are written, and nothing listens any more. */
  close(): Promise<void>;
}

/** Makes what every room uses, and keeps what is in memory as true as Postgres says. */
export function openCommon(options: AppOptions): OpenedCommon {
  const { config, wall, payments, redis, bucket, databaseUrl, clock, log } = options;
  const { publicUrl, sessionSecrets } = config;
  const https = publicUrl.startsWith('https:');
  // The caches ask the listener whether they may be believed, and the listener tells them of changes.
  const listener: { changes?: Changes } = {};
  const heard = () => listener.changes?.heard() ?? false;
  const pages = new PageCache(heard);
  const tiers = new TierCatalogue(wall);
  const settings = new SettingsCatalogue(wall);
  const languages = new LanguageCatalogue(wall, settings, readLanguages(path.join(root, 'views/languages')));
  const shape = new ShapeCatalogue(wall);
  const ownPages = new PageCatalogue(wall);
  const catalogues = [tiers, settings, languages, shape, ownPages];
  const caches: Caches = { pages, accounts: new AccountCache(wall, heard), tiers, catalogues };
  const opened = () => {
    ownPages.invalidate();
    pages.invalidate();
  };
  const openings = watchOpenings(wall, opened, log);
  const changes = listenForChanges(databaseUrl, invalidating(caches, openings), log);
  listener.changes = changes;
  const counters = countReadings(wall, languages, payments.clock, log);
  const refresh = async () => {
    await Promise.all(catalogues.map((one) => one.refresh()));
  };
  const site: SiteContext = {
    ...{ languages, publicUrl, tiers, settings, pages: ownPages },
    assets: openAssets(path.join(root, 'public')),
    categories: new KeptCategories(wall, pages),
    now: () => clock.now(),
    shape,
  };
  const common: CommonParts = {
    ...{ site, wall, counters, clock, redis, bucket, databaseUrl, sessionSecrets, log },
    invalidatingWall: invalidatingWall(wall, caches),
    cachedPages: openCachedPages({ pages, readerOf: pageReaderOf, answers: openProbe(databaseUrl) }),
    vitals: { heardAgo: () => changes.heardAgo(), cached: () => pages.held() },
    entitlements: payments.clock,
    https,
    accountChanged: (id) => caches.accounts.invalidate(id),
    languages,
    refresh,
  };
  const close = async () => {
    openings.close();
    await Promise.all([changes.close(), counters.close()]);
  };
  const mustAccept = ({ accepted }: CachedAccount) => owedBy(ownPages, accepted).length > 0;
  const knownSessions = new KnownSessions({
    accounts: caches.accounts,
    clock,
    entitlements: payments.clock,
    https,
    mustAccept,
  });
  const caughtUp = () => changes.caughtUp();
  return { ...caches, common, knownSessions, refresh, caughtUp, close };
}

/** Readings are counted as those of a day in the publication's time zone, clicks in letters as those of their issue. */
const countReadings = (wall: Wall, languages: LanguageCatalogue, clock: Clock, log: AppOptions['log']) =>
  openCounters(async (sums) => {
    await languages.refresh();
    const today = dayIn(clock.now(), languages.first.zone);
    await wall.write(editorialViewer, async (db) => {
      await writeCounts(db, sums, today);
      await writeClicks(db, sums);
    });
  }, log);

/** What is dropped when Postgres tells of a change, and when changes may have been missed. */
function invalidating(
  { pages, accounts, catalogues }: Caches,
  openings: { readonly reschedule: () => void },
): ChangeHandlers {
  return {
    changed: (change) => {
      if (change.what === 'account') return accounts.invalidate(change.id);
      pages.invalidate();
      accounts.invalidateTiers();
      for (const one of catalogues) one.invalidate();
      openings.reschedule();
    },
    missed: () => {
      pages.missed();
      accounts.invalidateAll();
      for (const one of catalogues) one.invalidate();
      openings.reschedule();
    },
  };
}

/** Others hear of a write in a moment; this process drops pages and catalogues before whoever wrote is answered. */
function invalidatingWall(wall: Wall, { pages, catalogues }: Caches): Wall {
  return {
    read: (viewer, work) => wall.read(viewer, work),
    write: async (viewer, work) => {
      const written = await wall.write(viewer, work);
      for (const one of catalogues) one.invalidate();
      pages.invalidate();
      return written;
    },
  };
}
