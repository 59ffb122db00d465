// @ts-check
import { hiddenField, makeLink } from './dom.js';
import { showFieldErrors } from './field-errors.js';
import { mergeSaved } from './merge.js';

/** @typedef {import('./status-line.js').StatusLine} StatusLine */
/** @typedef {import('./field-errors.js').Fault} Fault */
/**
 * What the server says of a save.
 * @typedef {{
 *   readonly text?: string,
 *   readonly version: string,
 *   readonly when: string,
 *   readonly faults: readonly Fault[],
 *   readonly base?: string,
 *   readonly taken?: Readonly<Record<string, string>>,
 * }} Saved
 */

/** Milliseconds from the last key to the save, until a save that failed is tried again, and at most. */
const WAIT = 1200;
const RETRY = 2000;
const LONGEST = 30_000;
/** Milliseconds until somebody who must log in first is tried again. */
const LOGIN_RETRY = 4000;
/** Milliseconds a save may take. */
const PATIENCE = 20_000;

/** Fields that say which save it is, and are no part of the text. */
const OF_THE_SAVE = ['version', 'seq', 'base'];

/**
 * What the server says; null where it is not from our desk.
 * @param {Response} answer
 */
async function readSaved(answer) {
  try {
    return /** @type {Saved} */ (await answer.json());
  } catch {
    return null;
  }
}

/** Saves the form by itself, one save at a time. */
export class Autosave {
  /** The form's text as the server has it. */
  #saved = '';
  #sequence = 0;
  /** @type {Promise<boolean> | null} */
  #underway = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #retry = RETRY;
  #conflict = false;
  #leaving = false;
  // While it waits for a login the way there stays where it is, under whose finger or keyboard it may be.
  #loggedOut = false;

  /**
   * @param {HTMLFormElement} form
   * @param {StatusLine} status
   * @param {() => void} saved is told after every save.
   */
  constructor(form, status, saved) {
    this.form = form;
    this.status = status;
    this.tellSaved = saved;
  }

  /** Begins: what the form holds now is what the server has. */
  start() {
    this.#saved = this.#text();
    this.form.addEventListener('input', () => this.changed());
    this.form.addEventListener('change', () => this.changed());
    for (const event of ['online', 'focus']) addEventListener(event, () => this.#unsaved() && this.#later(0));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && this.#unsaved()) void this.save();
    });
    addEventListener('beforeunload', (event) => {
      if (this.#leaving || !this.#unsaved()) return;
      void this.save();
      event.preventDefault();
    });
    // What was typed last in a tab that is closed outlives it. A browser carries 64 KiB of such a request; for a longer
    // text there is only the save begun above, while the browser asked.
    addEventListener('pagehide', () => {
      if (this.#leaving || this.#conflict || !this.#unsaved()) return;
      void this.#post(this.#text(), { keepalive: true }).catch(() => undefined);
    });
  }

  /** The page is left on purpose: nobody is asked whether they mean it. */
  leave() {
    this.#leaving = true;
  }

  /** Gives the form the number of its next save. */
  countOn() {
    this.#sequence += 1;
    hiddenField(this.form, 'seq').value = String(this.#sequence);
    return this.#sequence;
  }

  /** Something may have changed: it is saved in a moment. */
  changed() {
    if (this.#conflict || !this.#unsaved()) return;
    if (!this.#loggedOut) this.status.say(this.status.phrase('unsaved'));
    this.#later(WAIT);
  }

  /**
   * Saves what is not saved yet. Each save is counted: an answer that never came is asked for again, and is no other
   * editor's.
   * @returns {Promise<boolean>} is everything saved?
   */
  async save() {
    clearTimeout(this.#timer);
    if (this.#conflict) return false;
    if (this.#underway) {
      await this.#underway;
      return this.#unsaved() ? this.save() : true;
    }
    const sending = this.#text();
    if (sending === this.#saved) return true;
    this.#underway = this.#send(sending);
    try {
      return await this.#underway;
    } finally {
      this.#underway = null;
    }
  }

  #text() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form))
      if (typeof value === 'string' && !OF_THE_SAVE.includes(name)) fields.append(name, value);
    return fields.toString();
  }

  #unsaved() {
    return this.#text() !== this.#saved;
  }

  /** @param {number} milliseconds */
  #later(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), milliseconds);
  }

  /** @param {string} sending */
  async #send(sending) {
    if (!this.#loggedOut) this.status.say(this.status.phrase('saving'));
    let answer;
    try {
      answer = await this.#post(sending, { signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      return this.#again('offline');
    }
    if (answer.status === 401) return this.#waitForLogin();
    this.#loggedOut = false;
    const told = await readSaved(answer);
    if (answer.status === 409 && told) return this.#stopAtConflict(told);
    if (!answer.ok || !told) return this.#again(answer.status >= 500 || answer.status === 429 ? 'offline' : 'refused');
    this.#taken(sending, told);
    return true;
  }

  /**
   * @param {string} sent
   * @param {Saved} told
   */
  #taken(sent, told) {
    this.#retry = RETRY;
    this.#saved = mergeSaved(this.form, sent, told);
    hiddenField(this.form, 'version').value = told.version;
    showFieldErrors(this.form, told.faults);
    if (this.#unsaved()) this.changed();
    else this.status.say(`${this.status.phrase('saved')} ${told.when}`);
    this.tellSaved();
  }

  /**
   * @param {string} sending
   * @param {RequestInit} more
   */
  #post(sending, more) {
    const seq = String(this.countOn());
    const version = hiddenField(this.form, 'version').value;
    const base = hiddenField(this.form, 'base').value;
    return fetch(this.form.action, {
      method: 'POST',
      body: `${sending}&${new URLSearchParams({ version, base, seq }).toString()}`,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      redirect: 'error',
      ...more,
    });
  }

  #waitForLogin() {
    const { phrase, say } = this.status;
    if (!this.#loggedOut) say(phrase('logged-out'), makeLink(this.form.dataset['login'] ?? '', phrase('login')));
    this.#loggedOut = true;
    this.#later(LOGIN_RETRY);
    return false;
  }

  /**
   * Somebody else has changed the same: nothing is saved any more, until both were compared on a page of its own.
   * @param {Saved} told
   */
  #stopAtConflict(told) {
    const { phrase, say } = this.status;
    this.#conflict = true;
    const compare = document.createElement('button');
    compare.className = 'button button-small';
    compare.name = 'do';
    compare.value = 'save';
    compare.dataset['plain'] = '';
    compare.textContent = phrase('compare');
    say(`${phrase('conflict')} ${told.text ?? ''}`, compare);
    return false;
  }

  /** @param {string} why */
  #again(why) {
    this.#loggedOut = false;
    this.status.say(this.status.phrase(why));
    this.#later(this.#retry);
    this.#retry = Math.min(this.#retry * 2, LONGEST);
    return false;
  }
}
