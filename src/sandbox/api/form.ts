/** What a form-encoded body or query says: texts, and forms within. Lists are forms whose keys are numbers. */
export type FormValue = string | Form;
export type Form = Map<string, FormValue>;

/** Decodes `a[b][0]=c`, `a[]=c` and `a=c`, as Stripe does. The latter of two equal keys counts. */
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
  const key = name === '' ? String(form.size) : name;
  if (rest.length === 0) {
    form.set(key, value);
    return;
  }
  const found = form.get(key);
  const inner: Form = found instanceof Map ? found : new Map<string, FormValue>();
  form.set(key, inner);
  place(inner, rest, value);
}
