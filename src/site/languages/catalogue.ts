import { visitor } from '../../access/viewer';
import {
  makeLanguages,
  type Language,
  type Languages,
  type LanguageSource,
  type Phrase,
  type Direction,
} from '../../lib/language';
import { CachedValue } from '../../stores/cached-value';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import type { SettingsCatalogue } from '../settings/catalogue';
import type { Settings } from '../settings/schemas';

/** The publisher's own phrases by language, and a mark of what was read. */
interface OwnPhrases {
  readonly version: string;
  readonly byLanguage: ReadonlyMap<string, Readonly<Record<string, Phrase>>>;
}

/** A language of the publication, on or off. */
export interface KnownLanguage {
  readonly code: string;
  readonly dir: Direction;
  readonly on: boolean;
  /** Is it one of those that are delivered? */
  readonly delivered: boolean;
}

/** Combinations of settings whose languages are kept: what is in force, and what is being previewed. */
const MOST_KEPT = 4;

/**
 * The languages as the publisher has set them: which are on, which is first, what they say and in which time zone. What
 * each asking gives is in force at that moment; an object of a language stays what it was when it was made.
 */
export class LanguageCatalogue implements Languages {
  private readonly own: CachedValue<OwnPhrases>;
  private readonly cache = new Map<string, Languages>();
  private last: { readonly settings: Settings; readonly own: OwnPhrases; readonly languages: Languages } | null = null;

  /** @param delivered the default language first. */
  constructor(
    wall: Wall,
    private readonly settings: Pick<SettingsCatalogue, 'current' | 'refresh' | 'siteName'>,
    private readonly delivered: readonly LanguageSource[],
  ) {
    this.own = new CachedValue<OwnPhrases>(() => wall.read(visitor, (db) => readPhrases(db, this.own.current)), {
      version: '',
      byLanguage: new Map(),
    });
  }

  /** Reads them again where they may have changed (`CachedValue.refresh`). */
  async refresh(): Promise<void> {
    await Promise.all([this.settings.refresh(), this.own.refresh()]);
  }

  /** They may have changed. */
  invalidate(): void {
    this.own.invalidate();
  }

  get all(): readonly Language[] {
    return this.current().all;
  }

  get first(): Language {
    return this.current().first;
  }

  find(code: string): Language | undefined {
    return this.current().find(code);
  }

  /** Every language there is, those that are off among them, in the publication's order. */
  get known(): readonly KnownLanguage[] {
    return this.knownIn(this.settings.current.languages);
  }

  /** The same as a value of the setting has it. */
  knownIn(setting: Settings['languages']): readonly KnownLanguage[] {
    return knownLanguages(setting, this.delivered);
  }

  /** The phrases of a language as they are delivered, and the publisher's own. */
  phrasesOf(code: string): { readonly delivered: LanguageSource['phrases']; readonly own: LanguageSource['phrases'] } {
    return {
      delivered: this.delivered.find((one) => one.code === code)?.phrases ?? {},
      own: this.own.current.byLanguage.get(code) ?? {},
    };
  }

  /** Every phrase there is, as the default language is delivered. */
  get reference(): LanguageSource {
    return this.delivered[0]!;
  }

  private current(): Languages {
    const settings = this.settings.current;
    const own = this.own.current;
    if (this.last?.settings === settings && this.last.own === own) return this.last.languages;
    const key = JSON.stringify([settings.languages, settings.time, own.version]);
    const languages = this.cache.get(key) ?? this.make(settings, own);
    this.cache.delete(key);
    this.cache.set(key, languages);
    for (const oldest of this.cache.keys()) {
      if (this.cache.size <= MOST_KEPT) break;
      this.cache.delete(oldest);
    }
    this.last = { settings, own, languages };
    return languages;
  }

  private make({ languages, time }: Settings, own: OwnPhrases): Languages {
    const sources = knownLanguages(languages, this.delivered)
      .filter(({ on }) => on)
      .map(({ code, dir }) => ({
        code,
        dir,
        phrases: {
          ...this.delivered.find((one) => one.code === code)?.phrases,
          ...own.byLanguage.get(code),
        },
      }));
    const [reference] = this.delivered;
    return makeLanguages(sources.length > 0 ? sources : [reference!], reference!, time, (code) =>
      this.settings.siteName(code),
    );
  }
}

/** Every language of a setting; while nothing is set, those that are delivered. */
export function knownLanguages(
  { list }: Settings['languages'],
  delivered: readonly Pick<LanguageSource, 'code' | 'dir'>[],
): KnownLanguage[] {
  if (list.length === 0) return delivered.map(({ code, dir }) => ({ code, dir, on: true, delivered: true }));
  const isDelivered = (code: string) => delivered.some((one) => one.code === code);
  const listed = list.map((one) => ({ ...one, delivered: isDelivered(one.code) }));
  const others = delivered.filter(({ code }) => !list.some((one) => one.code === code));
  return [...listed, ...others.map(({ code, dir }) => ({ code, dir, on: false, delivered: true }))];
}

/** Reads all phrases, or finds that they are those that are known. */
async function readPhrases(db: WallTransaction, known: OwnPhrases): Promise<OwnPhrases> {
  const counts = await db.phrase.groupBy({ by: ['lang'], _count: true, _max: { changedAt: true } });
  const version = counts
    .map(({ lang, _count, _max }) => `${lang} ${_count} ${_max.changedAt?.getTime() ?? 0}`)
    .sort()
    .join(', ');
  if (version === known.version) return known;
  const byLanguage = new Map<string, Record<string, Phrase>>();
  for (const { lang, key, value } of await db.phrase.findMany()) {
    byLanguage.set(lang, { ...byLanguage.get(lang), [key]: value as Phrase });
  }
  return { version, byLanguage };
}
