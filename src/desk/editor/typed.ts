import { cleanText, typedLine } from '../../lib/line';

/** A form, read field by field; null is a field that was not sent. */
export interface Typed {
  readonly form: URLSearchParams;
  /** A text of many lines. */
  readonly raw: (name: string) => string | null;
  /** A text of one line. */
  readonly line: (name: string) => string | null;
  /** What was typed and fits no field, by its name; added to while the form is read. */
  readonly unfinished: Record<string, string>;
}

/** Begins to read a form. */
export function openTyped(form: URLSearchParams): Typed {
  return {
    form,
    raw: (name) => {
      const text = form.get(name);
      return text === null ? null : cleanText(text);
    },
    line: (name) => {
      const text = form.get(name);
      return text === null ? null : typedLine(text);
    },
    unfinished: {},
  };
}
