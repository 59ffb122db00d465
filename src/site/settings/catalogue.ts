import { AsyncLocalStorage } from 'node:async_hooks';
import { visitor } from '../../access/viewer';
import { DEFAULT_CODE, SOFTWARE_NAME } from '../../lib/language';
import { CachedValue } from '../../stores/cached-value';
import type { Wall } from '../../stores/postgres/wall';
import { textFor } from './text-by-language';
import { DELIVERED, readSetting, SETTING_NAMES, type Settings } from './schemas';

/** The settings as whoever renders reads them. */
export interface SiteSettings {
  /** As they are in force, or as the preview that is under way has them. */
  readonly current: Settings;
  /** The code of the publication's first language. */
  readonly firstCode: string;
  /** The publication's name in a language. */
  siteName(code: string): string;
  /** Does something as if these settings were in force, for what it calls and for nothing else. */
  preview<T>(changes: Partial<Settings>, work: () => Promise<T>): Promise<T>;
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
    return textFor(this.current.identity.name, code, this.firstCode) ?? SOFTWARE_NAME;
  }

  get firstCode(): string {
    return this.current.languages.list.find(({ on }) => on)?.code ?? DEFAULT_CODE;
  }

  preview<T>(changes: Partial<Settings>, work: () => Promise<T>): Promise<T> {
    return this.previewed.run({ ...this.current, ...changes }, work);
  }
}
