import type { Phrase } from '../../lib/language';

/** The placeholders of a text, `{name}`, without their braces. */
const namesIn = (text: string): Set<string> => new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!));

const formsOf = (phrase: Phrase): string[] => (typeof phrase === 'string' ? [phrase] : Object.values(phrase));

/** What is wrong with the placeholders of a text. */
export interface PlaceholderFaults {
  /** Those it has lost. */
  readonly missing: readonly string[];
  /** Those nobody fills in. */
  readonly unknown: readonly string[];
}

/**
 * Holds a text against the phrase as it is delivered. Every placeholder must stay, but for the number of a plural form,
 * which a language may write out ("one passage").
 */
export function placeholderFaults(text: string, delivered: Phrase): PlaceholderFaults {
  const given = namesIn(text);
  const all = new Set(formsOf(delivered).flatMap((form) => [...namesIn(form)]));
  const plural = typeof delivered !== 'string';
  return {
    missing: [...all].filter((name) => !given.has(name) && !(plural && name === 'n')),
    unknown: [...given].filter((name) => !all.has(name)),
  };
}
