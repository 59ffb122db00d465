// @ts-check

/**
 * A button of this page's own, which sends no form.
 * @param {string} className
 * @param {string} text
 * @param {() => void} pressed
 */
export function makeButton(className, text, pressed) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = className;
  button.textContent = text;
  button.addEventListener('click', pressed);
  return button;
}

/**
 * A link that opens beside this page.
 * @param {string} href
 * @param {string} text
 */
export function makeLink(href, text) {
  const link = document.createElement('a');
  link.href = href;
  link.target = '_blank';
  link.textContent = text;
  return link;
}

/**
 * The form's hidden field of that name.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @throws where the form has none: page and script do not belong together.
 */
export function hiddenField(form, name) {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement)) throw new Error(`the form has no field ${name}`);
  return field;
}

/**
 * The field of that name that takes text or a choice; null where there is none.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function fieldOf(form, name) {
  const field = form.elements.namedItem(name);
  const isField =
    field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
  return isField ? field : null;
}
