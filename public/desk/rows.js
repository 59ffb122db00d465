// @ts-check
import { makeButton } from './dom.js';

/** @typedef {import('./status-line.js').StatusLine} StatusLine */

/** A key that no row has had. */
function newKey() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(5))];
  return `wip-${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * A new, empty row of a list, under a key of its own.
 * @param {string} group
 * @returns {Element | null}
 */
function blankRow(group) {
  const blank = document.querySelector(`template[data-blank="${group}"]`);
  const row = blank instanceof HTMLTemplateElement ? blank.content.firstElementChild?.cloneNode(true) : null;
  if (!(row instanceof Element)) return null;
  const key = newKey();
  for (const one of [row, ...row.querySelectorAll('*')])
    for (const { name, value } of [...one.attributes])
      if (value.includes('wip-blank')) one.setAttribute(name, value.replaceAll('wip-blank', key));
  return row;
}

/**
 * Focuses the first of a kind in a row.
 * @param {Element} row
 * @param {string} selector
 */
function focusIn(row, selector) {
  const found = row.querySelector(selector);
  if (found instanceof HTMLElement) found.focus();
}

/**
 * Takes a row away, and leaves the way back to it in its place for as long as the page is open.
 * @param {Element} row
 * @param {StatusLine} status
 * @param {() => void} changed
 */
function takeAway(row, { phrase }, changed) {
  const place = document.createElement('li');
  place.className = 'edit-row-gone';
  const words = document.createElement('span');
  words.setAttribute('role', 'status');
  const back = makeButton('button button-quiet button-small', phrase('undo'), () => {
    place.replaceWith(row);
    focusIn(row, '[data-do="remove"]');
    changed();
  });
  place.append(words, ' ', back);
  row.replaceWith(place);
  words.textContent = `${phrase('removed')} ${row.querySelector('h3')?.textContent ?? ''}`;
  back.focus();
}

/**
 * Moves a row one place; false where there is no further one.
 * @param {Element} row
 * @param {'up' | 'down'} direction
 */
function move(row, direction) {
  const other = direction === 'up' ? row.previousElementSibling : row.nextElementSibling;
  if (direction === 'up') other?.before(row);
  else other?.after(row);
  return other !== null;
}

/**
 * Rows of the form's lists are added, moved and taken away without a new page.
 * @param {HTMLFormElement} form
 * @param {StatusLine} status
 * @param {{ readonly changed: () => void, readonly dress: (within: Element) => void }} tell is told of every change,
 * and dresses new rows.
 */
export function enableRows(form, status, { changed, dress }) {
  /** @param {HTMLButtonElement} button */
  const add = (button) => {
    const list = button.closest('section')?.querySelector('[data-rows]');
    const row = list instanceof HTMLElement ? blankRow(list.dataset['rows'] ?? '') : null;
    if (!list || !row) return;
    list.append(row);
    dress(row);
    focusIn(row, 'input, textarea, select');
  };

  form.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button[data-do]') : null;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const action = button.dataset['do'];
    const row = button.closest('[data-row]');
    if (action === 'add') return add(button);
    if (!row) return;
    if (action === 'remove') takeAway(row, status, changed);
    else if (!move(row, action === 'up' ? 'up' : 'down')) return;
    else button.focus();
    changed();
  });
}
