// @ts-check
// The browser's part of a passkey: it asks for one, puts what it answers into the form, and sends that.

/**
 * What the server wants to know, as it came with the page or when it is asked for it.
 * @param {DOMStringMap} data
 * @returns {Promise<unknown>}
 */
async function challengeOf({ given, options = '' }) {
  if (given) return /** @type {unknown} */ (JSON.parse(given));
  const answer = await fetch(options, { method: 'POST' });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return /** @type {unknown} */ (await answer.json());
}

/**
 * A new passkey, or the proof of one there is.
 * @param {HTMLFormElement} form
 */
async function credentialFor({ dataset }) {
  const asked = await challengeOf(dataset);
  const creation = /** @type {PublicKeyCredentialCreationOptionsJSON} */ (asked);
  const request = /** @type {PublicKeyCredentialRequestOptionsJSON} */ (asked);
  const credential =
    dataset['ceremony'] === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(creation) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(request) });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey was shown');
  return credential;
}

/** @param {HTMLFormElement} form */
function enablePasskey(form) {
  const failed = form.querySelector('[role=alert]');
  const field = form.elements.namedItem('credential');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (failed) failed.textContent = '';
    try {
      const credential = await credentialFor(form);
      if (field instanceof HTMLInputElement) field.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      if (failed) failed.textContent = form.dataset['failed'] ?? '';
    }
  });
  form.hidden = false;
  const without = document.getElementById(`${form.id}-without`);
  if (without) without.hidden = true;
}

const canParse =
  'PublicKeyCredential' in window &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential;
for (const form of canParse ? document.querySelectorAll('form[data-ceremony]') : [])
  if (form instanceof HTMLFormElement) enablePasskey(form);
