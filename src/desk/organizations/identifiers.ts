/** Letters as numbers from ten on, digits as they are: what the check digits of ISO 7064 are computed of. */
const valueOf = (character: string): string => String(parseInt(character, 36));

/**
 * Is this a Legal Entity Identifier in form: eighteen digits and capitals and two check digits (ISO 17442, ISO 7064
 * MOD 97-10)? Whether anybody has it is known to its issuers alone.
 */
export function isLei(text: string): boolean {
  if (!/^[0-9A-Z]{18}[0-9]{2}$/.test(text)) return false;
  const rest = [...text].map(valueOf).join('');
  return [...rest].reduce((sum, digit) => (sum * 10 + Number(digit)) % 97, 0) === 1;
}

/** Is this the name of an item of Wikidata in form: Q and a number? */
export const isWikidataItem = (text: string): boolean => /^Q[1-9]\d{0,14}$/.test(text);
