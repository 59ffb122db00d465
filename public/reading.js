// @ts-check
// Tools beside a briefing: print, the system's sheet for sharing, and the address of a passage. The page works without.

const address = document.querySelector('link[rel="canonical"]')?.getAttribute('href') ?? location.href;
const told = document.querySelector('[data-told]');

/**
 * Puts an address where it can be pasted, and says so.
 * @param {string} text
 */
async function copy(text) {
  await navigator.clipboard.writeText(text);
  if (told instanceof HTMLElement) told.textContent = told.dataset['told'] ?? '';
}

/** @type {Readonly<Record<string, () => Promise<void> | void>>} */
const TOOLS = {
  print: () => print(),
  share: async () => {
    if (!('share' in navigator)) return copy(address);
    // Whoever closes the sheet has changed their mind.
    await navigator.share({ title: document.title, url: address }).catch(() => undefined);
  },
};

for (const button of document.querySelectorAll('button[data-tool]')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener('click', () => void TOOLS[button.dataset['tool'] ?? '']?.());
}
for (const link of document.querySelectorAll('a[data-copy]')) {
  link.addEventListener('click', () => void copy(new URL(link.getAttribute('href') ?? '', address).href));
}
