/**
 * Texts that were made from others, by everything they were made from: whoever has that may have them. Bounded by what
 * they take; the one longest unused goes first.
 */
export class KeptTexts {
  private readonly texts = new Map<string, string>();
  private characters = 0;

  /** @param most characters of keys and texts together */
  constructor(private readonly most: number) {}

  /** The text of this key; made now where it is not kept. */
  get(key: string, make: () => string): string {
    const found = this.texts.get(key);
    if (found !== undefined) {
      this.texts.delete(key);
      this.texts.set(key, found);
      return found;
    }
    const made = make();
    if (key.length + made.length > this.most) return made;
    this.texts.set(key, made);
    this.characters += key.length + made.length;
    for (const [oldest, text] of this.texts) {
      if (this.characters <= this.most) break;
      this.texts.delete(oldest);
      this.characters -= oldest.length + text.length;
    }
    return made;
  }
}
