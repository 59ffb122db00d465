// @ts-check
import { makeButton } from './dom.js';

/** @typedef {import('./status-line.js').StatusLine} StatusLine */

/**
 * Puts something before every line.
 * @param {string} words
 * @param {string} sign
 */
const eachLine = (words, sign) =>
  words
    .split('\n')
    .map((one) => `${sign}${one}`)
    .join('\n');

/** @typedef {(words: string) => string} Mark */
/** @type {readonly (readonly [name: string, sign: string, mark: Mark])[]} */
const MARKS = [
  ['bold', 'B', (words) => `**${words}**`],
  ['italic', 'I', (words) => `_${words}_`],
  ['link', '↗', (words) => `[${words}](https://)`],
  ['heading', 'H', (words) => `## ${words}`],
  ['list', '•', (words) => eachLine(words, '- ')],
  ['quote', '”', (words) => eachLine(words, '> ')],
];

/** Marks that have a key of their own, with Ctrl or ⌘. */
const KEYS = new Map(
  MARKS.filter(([name]) => ['bold', 'italic'].includes(name)).map(([name, , mark]) => [name[0], mark]),
);

/**
 * Marks what is chosen in a text.
 * @param {HTMLTextAreaElement} area
 * @param {Mark} mark
 */
export function insertMark(area, mark) {
  const words = mark(area.value.slice(area.selectionStart, area.selectionEnd));
  area.focus();
  // The browser's own way keeps its undo; where it is gone, the text is put in without.
  if (!document.execCommand('insertText', false, words))
    area.setRangeText(words, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {StatusLine} status
 */
function makeBar(area, { phrase }) {
  const bar = document.createElement('div');
  bar.className = 'marks';
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', phrase('marks'));
  for (const [name, sign, mark] of MARKS) {
    const button = makeButton(`mark-${name}`, sign, () => insertMark(area, mark));
    button.title = phrase(name);
    button.setAttribute('aria-label', phrase(name));
    bar.append(button);
  }
  return bar;
}

/**
 * Puts a bar of marks above each Markdown text that has none.
 * @param {Element} within
 * @param {StatusLine} status
 * @param {(area: HTMLTextAreaElement, bar: HTMLElement) => void} made is told of each.
 */
export function addMarkdownBars(within, status, made) {
  for (const area of within.querySelectorAll('textarea[data-markdown]')) {
    if (!(area instanceof HTMLTextAreaElement) || area.previousElementSibling?.matches('.marks')) continue;
    const bar = makeBar(area, status);
    made(area, bar);
    area.before(bar);
    area.addEventListener('keydown', (event) => {
      const mark = event.ctrlKey || event.metaKey ? KEYS.get(event.key) : undefined;
      if (!mark) return;
      event.preventDefault();
      insertMark(area, mark);
    });
  }
}
