// The browser's part of a passkey: it asks for one, puts what it answers into the form, and sends that.
for (const form of document.querySelectorAll('form[data-ceremony]')) {
  const Credential = window.PublicKeyCredential;
  if (!Credential?.parseCreationOptionsFromJSON || !Credential.parseRequestOptionsFromJSON) continue;
  const { ceremony, given, options } = form.dataset;
  const failed = form.querySelector('[role=alert]');
  const ask = async () => {
    if (given) return JSON.parse(given);
    const answer = await fetch(options, { method: 'POST' });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    failed.textContent = '';
    try {
      const asked = await ask();
      const credential =
        ceremony === 'create'
          ? await navigator.credentials.create({ publicKey: Credential.parseCreationOptionsFromJSON(asked) })
          : await navigator.credentials.get({ publicKey: Credential.parseRequestOptionsFromJSON(asked) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      failed.textContent = form.dataset.failed;
    }
  });
  form.hidden = false;
  const without = document.getElementById(`${form.id}-without`);
  if (without) without.hidden = true;
}
