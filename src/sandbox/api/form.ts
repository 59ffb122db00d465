/** What a form-encoded body or query says: texts, and forms within. Lists are forms whose keys are numbers. */
export type FormValue = string | Form;
export type Form = Map<string, FormValue>;

/**
 * Decodes `a[b][0]=c`, `a[]=c` and `a=c`, as Stripe does. The latter of two equal keys counts, but for lists of things
 * without numbers (`a[][b]=1&a[][c]=2&a[][b]=3`), where a key that is there already begins the next of them.
 */
export function decodeForm(text: string): Form {
  const form: Form = new Map();
  for (const [key, value] of new URLSearchParams(text)) place(form, pathOf(key), value);
  return form;
}

function pathOf(key: string): string[] {
  const first = key.indexOf('[');
  if (first < 1 || !key.endsWith(']')) return [key];
  return [key.slice(0, first), ...key.slice(first + 1, -1).split('][')];
}

function place(form: Form, [name = '', ...rest]: string[], value: string): void {
  const key = name === '' ? placeInList(form, rest) : name;
  if (rest.length === 0) {
    form.set(key, value);
    return;
  }
  const found = form.get(key);
  const inner: Form = found instanceof Map ? found : new Map<string, FormValue>();
  form.set(key, inner);
  place(inner, rest, value);
}

/** Which of a list is meant by `[]`: the next one, or the last where it has nothing under this key yet. */
function placeInList(list: Form, rest: readonly string[]): string {
  const next = list.size === 0 ? 0 : Math.max(...[...list.keys()].map((key) => Number(key) || 0)) + 1;
  const last = list.get(String(next - 1));
  return last instanceof Map && !has(last, rest) ? String(next - 1) : String(next);
}

function has(form: Form, [name, ...rest]: readonly string[]): boolean {
  // Another `[]` never is there already.
  if (name === undefined || name === '') return false;
  const found = form.get(name);
  return found instanceof Map && rest.length > 0 ? has(found, rest) : found !== undefined;
}
