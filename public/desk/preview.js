// @ts-check

/** @param {boolean} beside does a preview stand beside the form? */
function layOut(beside) {
  document.querySelector('.desk-work')?.classList.toggle('desk-work-beside', beside);
  document.querySelector('main > .wrap')?.classList.toggle('desk-wide', beside);
  const close = document.querySelector('[data-preview-close]');
  if (close instanceof HTMLElement) close.hidden = !beside;
}

/** @param {Element | null} chosen the link whose preview is shown. */
function markCurrent(chosen) {
  for (const one of document.querySelectorAll('a[data-preview]')) {
    if (one === chosen) one.setAttribute('aria-current', 'true');
    else one.removeAttribute('aria-current');
  }
}

/**
 * Shows the preview beside the form, as it is saved.
 * @param {() => Promise<unknown>} save
 * @returns {{ readonly reload: () => void }} reads the preview anew.
 */
export function enablePreview(save) {
  /** @type {HTMLIFrameElement | null} */
  let frame = null;

  const open = () => {
    const made = document.createElement('iframe');
    made.className = 'desk-preview';
    document.querySelector('.desk-work')?.append(made);
    layOut(true);
    return made;
  };

  document.addEventListener('click', async (event) => {
    const chosen = event.target instanceof Element ? event.target.closest('a[data-preview]') : null;
    if (!(chosen instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await save();
    frame ??= open();
    frame.title = chosen.getAttribute('aria-label') ?? '';
    frame.src = chosen.href;
    markCurrent(chosen);
  });
  document.querySelector('[data-preview-close]')?.addEventListener('click', () => {
    frame?.remove();
    frame = null;
    layOut(false);
    markCurrent(null);
  });
  return { reload: () => frame?.contentWindow?.location.reload() };
}
