import type { LocalizedText, LocalizedList } from './page-types';

/**
 * Chooses each text by itself: the reader's language first, then the original, then any other. What is chosen
 * in another language carries that language's code. Only texts of one and the same field are ever given, so
 * a fallback cannot cross a gate.
 */
export class LocaleFallback {
  private readonly order: readonly string[];

  constructor(
    private readonly lang: string,
    original: string,
    available: readonly string[],
  ) {
    this.order = [...new Set([lang, original, ...[...available].sort()])];
  }

  /** The field in the best language it exists in; null when it exists in none. */
  choose<Value>(field: (lang: string) => Value | null | undefined): { value: Value; lang: string | null } | null {
    for (const lang of this.order) {
      const value = field(lang);
      if (value !== null && value !== undefined && value !== '')
        return { value, lang: lang === this.lang ? null : lang };
    }
    return null;
  }

  text(field: (lang: string) => string | null | undefined): LocalizedText | null {
    const chosen = this.choose(field);
    return chosen && { text: chosen.value, lang: chosen.lang };
  }

  list(field: (lang: string) => readonly string[] | undefined): LocalizedList | null {
    const chosen = this.choose(field);
    return chosen && { items: chosen.value, lang: chosen.lang };
  }
}
