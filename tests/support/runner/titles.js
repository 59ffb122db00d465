// A test file is known again by what its tests are called, wherever it has been moved to.
const { createHash } = require('node:crypto');

/** What stands as a title in a test file's text: a string before a function. */
const TITLE = /(['"`])((?:\\.|(?!\1)[^\\\n])+)\1, (?:async )?\(/g;

/** Eight characters for each title in the text. */
const titlesIn = (text) => [
  ...new Set(
    [...text.matchAll(TITLE)].map(([, , title]) => createHash('sha256').update(title).digest('base64url').slice(0, 8)),
  ),
];

/** The recorded file that shares most titles with these, at least half of either; null when none does. */
function sameFile(titles, recorded) {
  let [best, most] = [null, 0];
  for (const one of recorded) {
    const shared = one.titles.filter((title) => titles.includes(title)).length;
    if (shared > most && shared * 2 >= Math.max(titles.length, one.titles.length)) [best, most] = [one, shared];
  }
  return best;
}

module.exports = { sameFile, titlesIn };
