// @ts-check
import { fieldOf, hiddenField } from './dom.js';

/**
 * The fields of a base, by name: each entry is `name:hash`.
 * @param {string} text
 */
const entriesOf = (text) => new Map(text.split(' ').map((one) => [one.slice(0, one.lastIndexOf(':')), one]));

/**
 * Puts what others have changed meanwhile into the fields that nobody touches here. Of what this page cannot show yet,
 * such as a row that somebody added, it goes on saying that it has not seen it, so that it is never taken for removed.
 * @param {HTMLFormElement} form
 * @param {string} sent the form's text as it was sent.
 * @param {{ readonly base?: string, readonly taken?: Readonly<Record<string, string>> }} answer
 * @returns the form's text that is saved now.
 */
export function mergeSaved(form, sent, { base, taken = {} }) {
  const saved = new URLSearchParams(sent);
  const baseField = hiddenField(form, 'base');
  const before = entriesOf(baseField.value);
  const now = entriesOf(base ?? '');
  for (const [name, value] of Object.entries(taken)) {
    const field = fieldOf(form, name);
    if (field && field.value === saved.get(name)?.replaceAll('\r\n', '\n')) {
      field.value = value;
      saved.set(name, field.value);
      if (field.value === value) continue;
    }
    const unseen = before.get(name);
    if (unseen === undefined) now.delete(name);
    else now.set(name, unseen);
  }
  baseField.value = [...now.values()].join(' ');
  return saved.toString();
}
