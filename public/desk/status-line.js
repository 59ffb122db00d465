// @ts-check

/**
 * What the page says of itself, in the words that came with it as `data-says-…` of the form.
 * @param {HTMLFormElement} form
 */
export function openStatusLine(form) {
  const line = form.querySelector('[data-state]');

  /**
   * The phrase of that name, in the page's language.
   * @param {string} name
   */
  const phrase = (name) => {
    const words = name.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
    return form.dataset[`says${words.join('')}`] ?? '';
  };

  /**
   * Says it, with something to press beside it.
   * @param {string} text
   * @param {HTMLElement} [action]
   */
  const say = (text, action) => {
    if (!line) return;
    line.textContent = text;
    if (action) line.append(' ', action);
  };
  return { phrase, say };
}

/** @typedef {ReturnType<typeof openStatusLine>} StatusLine */
