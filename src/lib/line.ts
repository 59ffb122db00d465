/** What must stand in no line that pages print: control characters, and what turns the writing around. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Co}\u2028-\u202e\u2066-\u2069]/u;

/** A text as one line, its white space single and its signs composed. */
export const oneLine = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** May this line stand on a page as it is? */
export const isPrintable = (line: string): boolean => !UNPRINTABLE.test(line);
