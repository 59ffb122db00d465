// @ts-check
import { makeButton, makeLink } from './dom.js';
import { insertMark } from './markdown-bar.js';

/** @typedef {import('./status-line.js').StatusLine} StatusLine */
/** @typedef {{ readonly outcome: string, readonly name: string, readonly text?: string }} Told */

const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'];
/** Milliseconds a picture may be on its way. */
const PATIENCE = 60_000;

/** @param {FileList | null | undefined} list */
const pictureIn = (list) => [...(list ?? [])].find(({ type }) => PICTURES.includes(type));

/**
 * What a text area would take in of a clipboard; where there is but a page, the words of that page. A copied picture
 * has none.
 * @param {DataTransfer} data
 */
function wordsIn(data) {
  const plain = data.getData('text/plain').replace(/\r\n?/g, '\n');
  if (plain.trim()) return { words: plain, plain: true };
  // Not parsed as a page: the styles in it would be refused by our content security policy, with an error for each.
  const page = data
    .getData('text/html')
    .replace(/<!--[^]*?-->|<(head|script|style|template|title)\b[^]*?<\/\1\s*>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<(?:br|\/(?:p|div|li|tr|h[1-6]))\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '');
  const decoder = document.createElement('textarea');
  decoder.innerHTML = page;
  const words = decoder.value
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim();
  return { words, plain: false };
}

/**
 * Sends a picture.
 * @param {HTMLFormElement} form
 * @param {File} file
 * @returns {Promise<{ readonly status: number, readonly told: Told | null }>} status 0: no answer came.
 */
async function send(form, file) {
  const body = new FormData();
  body.set('picture', file);
  let status = 0;
  try {
    const answer = await fetch(`${form.action}/pictures`, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    status = answer.status;
    return { status, told: /** @type {Told} */ (await answer.json()) };
  } catch {
    return { status, told: null };
  }
}

/**
 * Puts a picture's line where the cursor is; what the picture shows is typed next. Left empty, the checklist asks for
 * it.
 * @param {HTMLTextAreaElement} area
 * @param {string} name
 * @returns is it still to be typed?
 */
function insertPicture(area, name) {
  let shows = '';
  insertMark(area, (words) => {
    shows = words;
    return `![${words}](${name})`;
  });
  if (shows) return false;
  const end = area.selectionEnd - `](${name})`.length;
  area.setSelectionRange(end, end);
  return true;
}

/**
 * @param {HTMLFormElement} form
 * @param {StatusLine} status
 * @param {HTMLTextAreaElement} area
 * @param {File} file
 */
async function upload(form, { phrase, say }, area, file) {
  say(phrase('picture-wait'));
  const { status, told } = await send(form, file);
  if (status === 401) return say(phrase('logged-out'), makeLink(form.dataset['login'] ?? '', phrase('login')));
  if (told?.outcome !== 'kept') return say([phrase('picture-failed'), told?.text].filter(Boolean).join(' '));
  if (insertPicture(area, told.name)) say(phrase('picture-alt'));
}

/**
 * Takes a picture out of what is pasted or dropped, and leaves everything else to the browser.
 * @param {Event} event
 * @param {DataTransfer | null} data
 * @param {HTMLTextAreaElement} area
 * @param {(file: File) => void} take
 */
function receive(event, data, area, take) {
  const file = pictureIn(data?.files);
  if (!data || !file) return;
  // Word, Excel and browsers put a picture of the text beside the text: what was copied is the text.
  const { words, plain } = wordsIn(data);
  if (words && plain && event.type === 'paste') return;
  event.preventDefault();
  if (words) insertMark(area, () => words);
  else take(file);
}

/**
 * Lets a text take pictures: chosen with a button of its bar, pasted or dropped. Each is sent at once.
 * @param {HTMLFormElement} form
 * @param {StatusLine} status
 * @param {HTMLTextAreaElement} area
 * @param {HTMLElement} bar
 */
export function enablePictures(form, status, area, bar) {
  /** @param {File} file */
  const take = (file) => void upload(form, status, area, file);
  const chooser = document.createElement('input');
  chooser.type = 'file';
  chooser.accept = PICTURES.join();
  chooser.hidden = true;
  chooser.addEventListener('change', () => {
    const [file] = chooser.files ?? [];
    chooser.value = '';
    if (file) take(file);
  });
  bar.append(
    makeButton('mark-picture', status.phrase('picture'), () => chooser.click()),
    chooser,
  );
  area.addEventListener('paste', (event) => receive(event, event.clipboardData, area, take));
  area.addEventListener('drop', (event) => receive(event, event.dataTransfer, area, take));
}
