// @ts-check
import { fieldOf } from './dom.js';

/** @typedef {{ readonly field: string | null, readonly text: string }} Fault */

/**
 * Adds or removes one id of those that describe a field; the others, such as its hint, stay.
 * @param {Element} field
 * @param {string} id
 * @param {boolean} described
 */
function describe(field, id, described) {
  const ids = (field.getAttribute('aria-describedby') ?? '').split(/\s+/).filter((one) => one !== '' && one !== id);
  // The error is read before the hint, as in the page the server makes.
  if (described) ids.unshift(id);
  if (ids.length > 0) field.setAttribute('aria-describedby', ids.join(' '));
  else field.removeAttribute('aria-describedby');
}

/** @param {Element} field */
const errorIdOf = (field) => `${field.id}-error`;

/**
 * Shows each fault beside its field, in place of those that were shown before.
 * @param {HTMLFormElement} form
 * @param {readonly Fault[]} faults
 */
export function showFieldErrors(form, faults) {
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    describe(field, errorIdOf(field), false);
    document.getElementById(errorIdOf(field))?.remove();
  }
  for (const { field: name, text } of faults) {
    const field = name ? fieldOf(form, name) : null;
    if (!field) continue;
    const error = document.createElement('p');
    error.className = 'field-error';
    error.id = errorIdOf(field);
    error.textContent = text;
    field.after(error);
    field.setAttribute('aria-invalid', 'true');
    describe(field, error.id, true);
  }
}
