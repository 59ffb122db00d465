// The editor's page, made livelier: it saves by itself, and its rows move without a new page. Without this script the
// same form does the same with its buttons. What is typed stays in this page's memory and in the working copy on the
// server: nothing is put into the browser's storage, where the next person at this machine would find gated text.
(() => {
  const form = document.querySelector('form[data-desk]');
  if (!form) return;
  const state = form.querySelector('[data-state]');
  const said = (name) =>
    form.dataset[`says${name.replace(/(^|-)([a-z])/g, (_, _dash, letter) => letter.toUpperCase())}`];

  const WAIT = 1200;
  const LONGEST = 30_000;
  let kept = '';
  let sequence = 0;
  let underway = null;
  let timer;
  let wait = 2000;
  let conflict = false;
  let leaving = false;
  // While it waits for a login the way there stays where it is, under whose finger or keyboard it may be.
  let loggedOut = false;

  const text = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form))
      if (!['version', 'seq', 'base'].includes(name)) fields.append(name, value);
    return fields.toString();
  };
  const isKept = () => text() === kept;

  const say = (words, action) => {
    state.textContent = words;
    if (!action) return;
    state.append(' ', action);
  };

  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  };

  const changed = () => {
    if (conflict || isKept()) return;
    if (!loggedOut) say(said('unsaved'));
    later(WAIT);
  };

  const link = (href, words) => {
    const made = document.createElement('a');
    made.href = href;
    made.target = '_blank';
    made.textContent = words;
    return made;
  };

  const showFaults = (faults) => {
    for (const one of form.querySelectorAll('[data-fault]')) one.remove();
    for (const one of form.querySelectorAll('[aria-invalid]')) {
      one.removeAttribute('aria-invalid');
      document.getElementById(`${one.id}-error`)?.remove();
    }
    for (const { field, text: words } of faults) {
      const input = field && form.elements.namedItem(field);
      if (!(input instanceof HTMLElement)) continue;
      input.setAttribute('aria-invalid', 'true');
      const fault = document.createElement('p');
      fault.className = 'field-error';
      fault.id = `${input.id}-error`;
      fault.dataset.fault = '';
      fault.textContent = words;
      input.after(fault);
      input.setAttribute('aria-describedby', fault.id);
    }
  };

  // One save at a time, each counted: an answer that never came is asked for again, and is no other editor's.
  async function save() {
    clearTimeout(timer);
    if (conflict) return false;
    if (underway) return underway.then(() => (isKept() ? true : save()));
    const sending = text();
    if (sending === kept) return true;
    underway = send(sending);
    try {
      return await underway;
    } finally {
      underway = null;
    }
  }

  async function send(sending) {
    if (!loggedOut) say(said('saving'));
    let answer;
    try {
      answer = await post(sending, { signal: AbortSignal.timeout(20_000) });
    } catch {
      return again('offline');
    }
    if (answer.status === 401) {
      if (!loggedOut) say(said('logged-out'), link(form.dataset.login, said('login')));
      loggedOut = true;
      later(4000);
      return false;
    }
    loggedOut = false;
    const told = await answer.json().catch(() => null);
    if (answer.status === 409 && told) {
      conflict = true;
      const compare = document.createElement('button');
      compare.className = 'button button-small';
      compare.name = 'do';
      compare.value = 'save';
      compare.dataset.plain = '';
      compare.textContent = said('compare');
      say(`${said('conflict')} ${told.text}`, compare);
      return false;
    }
    if (!answer.ok || !told) return again(answer.status >= 500 || answer.status === 429 ? 'offline' : 'refused');
    wait = 2000;
    kept = takeOver(sending, told);
    form.elements.version.value = told.version;
    showFaults(told.faults);
    if (isKept()) say(`${said('saved')} ${told.when}`);
    else changed();
    reloadPreview();
    return true;
  }

  // What others have changed meanwhile comes into the fields that nobody touches here. Of what this page cannot show
  // yet, such
  // as a row that somebody added, it goes on saying that it has not seen it, so that it is never taken for removed.
  const takeOver = (sent, { base, taken = {} }) => {
    const saved = new URLSearchParams(sent);
    const entries = (text) => new Map(text.split(' ').map((one) => [one.slice(0, one.lastIndexOf(':')), one]));
    const [before, now] = [entries(form.elements.base.value), entries(base ?? '')];
    for (const [name, value] of Object.entries(taken)) {
      const input = form.elements.namedItem(name);
      if (input instanceof HTMLElement && input.value === saved.get(name)?.replaceAll('\r\n', '\n')) {
        input.value = value;
        saved.set(name, input.value);
        if (input.value === value) continue;
      }
      if (before.has(name)) now.set(name, before.get(name));
      else now.delete(name);
    }
    form.elements.base.value = [...now.values()].join(' ');
    return saved.toString();
  };

  const post = (sending, more) => {
    sequence += 1;
    form.elements.seq.value = String(sequence);
    const { version, base } = form.elements;
    const body = `${sending}&${new URLSearchParams({ version: version.value, base: base.value, seq: String(sequence) })}`;
    return fetch(form.action, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      redirect: 'error',
      ...more,
    });
  };

  function again(why) {
    loggedOut = false;
    say(said(why));
    later(wait);
    wait = Math.min(wait * 2, LONGEST);
    return false;
  }

  addEventListener('online', () => {
    if (!isKept()) later(0);
  });
  addEventListener('focus', () => {
    if (!isKept()) later(0);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && !isKept()) void save();
  });
  addEventListener('beforeunload', (event) => {
    if (leaving || isKept()) return;
    void save();
    event.preventDefault();
  });
  // The last words of a tab that is closed outlive it. A browser carries 64 KiB of such a request; for a longer text
  // there
  // is only what was begun above, while it asked.
  addEventListener('pagehide', () => {
    if (!leaving && !conflict && !isKept()) void post(text(), { keepalive: true }).catch(() => undefined);
  });
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);

  // Rows.
  const fresh = (list, group) => {
    const blank = document.querySelector(`template[data-blank="${group}"]`);
    const key = `wip-${[...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    const row = blank.content.firstElementChild.cloneNode(true);
    for (const one of [row, ...row.querySelectorAll('*')])
      for (const { name, value } of [...one.attributes])
        if (value.includes('wip-blank')) one.setAttribute(name, value.replaceAll('wip-blank', key));
    list.append(row);
    dress(row);
    row.querySelector('input, textarea, select')?.focus();
  };
  // A row that is taken away leaves the way back to it in its place, for as long as the page is open.
  const takeAway = (row) => {
    const place = document.createElement('li');
    const words = document.createElement('span');
    const back = document.createElement('button');
    place.className = 'edit-row-gone';
    words.setAttribute('role', 'status');
    back.type = 'button';
    back.className = 'button button-quiet button-small';
    back.textContent = said('undo');
    back.addEventListener('click', () => {
      place.replaceWith(row);
      row.querySelector('[data-do="remove"]').focus();
      changed();
    });
    place.append(words, ' ', back);
    row.replaceWith(place);
    words.textContent = `${said('removed')} ${row.querySelector('h3').textContent}`;
    back.focus();
  };
  const move = (row, button) => {
    const what = button.dataset.do;
    if (what === 'remove') {
      takeAway(row);
    } else {
      const other = what === 'up' ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (what === 'up') other.before(row);
      else other.after(row);
      button.focus();
    }
    changed();
  };
  form.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button[data-do]') : null;
    if (!button) return;
    event.preventDefault();
    if (button.dataset.do === 'add') {
      const list = button.closest('section').querySelector('[data-rows]');
      fresh(list, list.dataset.rows);
    } else move(button.closest('[data-row]'), button);
  });

  form.addEventListener('submit', async (event) => {
    const button = event.submitter;
    if (button && 'plain' in button.dataset) {
      leaving = true;
      return;
    }
    event.preventDefault();
    const done = await save();
    // The server knows the row that comes back: this page does not, and is made anew with it.
    if (done && button && 'putBack' in button.dataset) {
      leaving = true;
      sequence += 1;
      form.elements.seq.value = String(sequence);
      const wish = document.createElement('input');
      wish.type = 'hidden';
      wish.name = button.name;
      wish.value = button.value;
      form.append(wish);
      form.submit();
    } else if (done && button?.value === 'publish') {
      leaving = true;
      location.assign(`${form.action}/publish`);
    } else if (done) say(said('saved'));
  });

  // The preview, beside the form, read anew after every save.
  let frame = null;
  const close = document.querySelector('[data-preview-close]');
  const reloadPreview = () => {
    if (frame?.contentWindow) frame.contentWindow.location.reload();
  };
  document.addEventListener('click', async (event) => {
    const chosen = event.target instanceof Element ? event.target.closest('a[data-preview]') : null;
    if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await save();
    if (!frame) {
      frame = document.createElement('iframe');
      frame.className = 'desk-preview';
      document.querySelector('.desk-work').append(frame);
      document.querySelector('.desk-work').classList.add('desk-work-beside');
      document.querySelector('main > .wrap').classList.add('desk-wide');
      close.hidden = false;
    }
    frame.title = chosen.getAttribute('aria-label');
    frame.src = chosen.href;
    for (const one of document.querySelectorAll('a[data-preview]')) one.toggleAttribute('aria-current', one === chosen);
  });
  close?.addEventListener('click', () => {
    frame?.remove();
    frame = null;
    close.hidden = true;
    document.querySelector('.desk-work').classList.remove('desk-work-beside');
    document.querySelector('main > .wrap').classList.remove('desk-wide');
    for (const one of document.querySelectorAll('a[data-preview]')) one.removeAttribute('aria-current');
  });

  // Markdown: a bar of marks above each text, and texts that grow with what is in them.
  const MARKS = [
    ['bold', 'B', (words) => `**${words}**`],
    ['italic', 'I', (words) => `_${words}_`],
    ['link', '↗', (words) => `[${words}](https://)`],
    ['heading', 'H', (words) => `## ${words}`],
    [
      'list',
      '•',
      (words) =>
        words
          .split('\n')
          .map((one) => `- ${one}`)
          .join('\n'),
    ],
    [
      'quote',
      '”',
      (words) =>
        words
          .split('\n')
          .map((one) => `> ${one}`)
          .join('\n'),
    ],
  ];
  const put = (area, mark) => {
    const words = area.value.slice(area.selectionStart, area.selectionEnd);
    area.focus();
    const made = mark(words);
    // The browser's own way keeps its undo; where it is gone, the text is put in without.
    if (!document.execCommand('insertText', false, made))
      area.setRangeText(made, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  };
  // A picture is sent at once, and its line put where the cursor is; what it shows is typed next. Left empty, the
  // checklist
  // asks for it.
  const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'];
  const pictureIn = (list) => [...(list ?? [])].find(({ type }) => PICTURES.includes(type));
  // What a text area would take in of a clipboard; where there is but a page, the words of that page. A copied picture
  // has none.
  const wordsIn = (data) => {
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
    return {
      words: decoder.value
        .replace(/[^\S\n]+/g, ' ')
        .replace(/ ?\n\s*/g, '\n')
        .trim(),
      plain: false,
    };
  };
  async function sendPicture(area, file) {
    say(said('picture-wait'));
    const body = new FormData();
    body.set('picture', file);
    let told = null;
    try {
      const answer = await fetch(`${form.action}/pictures`, {
        method: 'POST',
        body,
        headers: { Accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(60_000),
      });
      told = await answer.json();
      if (answer.status === 401) return say(said('logged-out'), link(form.dataset.login, said('login')));
    } catch {
      /* said below */
    }
    if (told?.outcome !== 'kept') return say([said('picture-failed'), told?.text].filter(Boolean).join(' '));
    let shows = '';
    put(area, (words) => `![${(shows = words)}](${told.name})`);
    if (shows) return;
    const end = `](${told.name})`.length;
    area.setSelectionRange(area.selectionEnd - end, area.selectionEnd - end);
    say(said('picture-alt'));
  }
  function takePictures(area, bar) {
    const chooser = document.createElement('input');
    chooser.type = 'file';
    chooser.accept = PICTURES.join();
    chooser.hidden = true;
    chooser.addEventListener('change', () => {
      const [file] = chooser.files;
      chooser.value = '';
      if (file) void sendPicture(area, file);
    });
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'mark-picture';
    button.textContent = said('picture');
    button.addEventListener('click', () => chooser.click());
    bar.append(button, chooser);
    for (const [event, carried] of [
      ['paste', 'clipboardData'],
      ['drop', 'dataTransfer'],
    ]) {
      area.addEventListener(event, (happened) => {
        const data = happened[carried];
        const file = pictureIn(data?.files);
        if (!file) return;
        // Word, Excel and browsers put a picture of the text beside the text: what was copied is the text.
        const { words, plain } = wordsIn(data);
        if (words && plain && event === 'paste') return;
        happened.preventDefault();
        if (words) put(area, () => words);
        else void sendPicture(area, file);
      });
    }
  }
  function dress(within) {
    for (const area of within.querySelectorAll('textarea[data-markdown]')) {
      if (area.previousElementSibling?.matches('.marks')) continue;
      const bar = document.createElement('div');
      bar.className = 'marks';
      bar.setAttribute('role', 'group');
      bar.setAttribute('aria-label', said('marks'));
      for (const [name, sign, mark] of MARKS) {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = `mark-${name}`;
        button.textContent = sign;
        button.title = said(name);
        button.setAttribute('aria-label', said(name));
        button.addEventListener('click', () => put(area, mark));
        bar.append(button);
      }
      takePictures(area, bar);
      area.before(bar);
      area.addEventListener('keydown', (event) => {
        if (!(event.ctrlKey || event.metaKey) || !['b', 'i'].includes(event.key)) return;
        event.preventDefault();
        put(area, MARKS[event.key === 'b' ? 0 : 1][2]);
      });
    }
  }

  dress(form);
  kept = text();
})();
