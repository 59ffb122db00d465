import { AsyncLocalStorage } from 'node:async_hooks';
import { visitor } from '../../access/viewer';
import { CachedValue } from '../../stores/cached-value';
import type { Wall } from '../../stores/postgres/wall';
import { textFor } from './localized-text';
import { DELIVERED, readSetting, SETTING_NAMES, type Settings } from './schemas';

/** What the publication is called until it has a name of its own. */
const DELIVERED_NAME = 'Dossier';

/** The settings as whoever renders reads them. */
export interface SiteSettings {
  /** As they are in force, or as the preview that is under way has them. */
  readonly current: Settings;
  /** The publication's name in a language. */
  siteName(code: string): string;
}

async function loadSettings(wall: Wall): Promise<Settings> {
  const rows = await wall.read(visitor, (db) => db.siteSetting.findMany());
  const stored = new Map(rows.map(({ name, value }) => [name, value]));
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, readSetting(name, stored.get(name))])) as Settings;
}

/** The settings, kept in memory until a change of them is heard of. */
export class SettingsCatalogue implements SiteSettings {
  private readonly stored: CachedValue<Settings>;
  private readonly previewed = new AsyncLocalStorage<Settings>();

  constructor(wall: Wall) {
    this.stored = new CachedValue(() => loadSettings(wall), DELIVERED);
  }

  /** Reads them again where they may have changed (`CachedValue.refresh`). */
  refresh(): Promise<void> {
    return this.stored.refresh();
  }

  /** They may have changed. */
  invalidate(): void {
    this.stored.invalidate();
  }

  get current(): Settings {
    return this.previewed.getStore() ?? this.stored.current;
  }

  siteName(code: string): string {
    return textFor(this.current.identity.name, code) ?? DELIVERED_NAME;
  }

  /** Does something as if these settings were in force, for what it calls and for nothing else. */
  preview<T>(changes: Partial<Settings>, work: () => Promise<T>): Promise<T> {
    return this.previewed.run({ ...this.current, ...changes }, work);
  }
}
