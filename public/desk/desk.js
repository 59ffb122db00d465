// @ts-check
// The editor's page, made livelier: it saves by itself, and its rows move without a new page. Without this script the
// same form does the same with its buttons. What is typed stays in this page's memory and in the working copy on the
// server: nothing is put into the browser's storage, where the next person at this machine would find gated text.
import { Autosave } from './autosave.js';
import { addMarkdownBars } from './markdown-bar.js';
import { enablePictures } from './picture-upload.js';
import { enablePreview } from './preview.js';
import { enableRows } from './rows.js';
import { openStatusLine } from './status-line.js';

/**
 * Sends the form as its button would: the server makes the page anew.
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button
 */
function sendAs(form, button) {
  const pressed = document.createElement('input');
  pressed.type = 'hidden';
  pressed.name = button.name;
  pressed.value = button.value;
  form.append(pressed);
  form.submit();
}

/** @param {HTMLFormElement} form */
function enableDesk(form) {
  const status = openStatusLine(form);
  const autosave = new Autosave(form, status, () => preview.reload());
  const preview = enablePreview(() => autosave.save());
  /** @param {Element} within */
  const dress = (within) =>
    addMarkdownBars(within, status, (area, bar) => {
      if (!('noPictures' in form.dataset)) enablePictures(form, status, area, bar);
    });
  enableRows(form, status, { changed: () => autosave.changed(), dress });

  form.addEventListener('submit', async (event) => {
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    if (button && 'plain' in button.dataset) return autosave.leave();
    event.preventDefault();
    if (!(await autosave.save())) return;
    // The server knows the row that comes back: this page does not, and is made anew with it.
    if (button && 'putBack' in button.dataset) {
      autosave.leave();
      autosave.countOn();
      sendAs(form, button);
    } else if (button?.value === 'publish') {
      autosave.leave();
      location.assign(`${form.action}/publish`);
    } else status.say(status.phrase('saved'));
  });

  dress(form);
  autosave.start();
}

const form = document.querySelector('form[data-desk]');
if (form instanceof HTMLFormElement) enableDesk(form);
