// npm start: brings dist up to date, then runs it in this very process, so that signals reach it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Dossier needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

// npm starts us through a shell that does not hand signals on, so the end of npm, by SIGTERM or kill -9, reaches us
// only as a change among our parents.
if (process.env.npm_lifecycle_event === 'start') {
  const before = parents();
  setInterval(() => parents() !== before && process.kill(process.pid, 'SIGTERM'), 200).unref();
}

const { built, ensureBuilt } = await import('./build.mjs');
ensureBuilt();
process.setSourceMapsEnabled(true);
createRequire(import.meta.url)(built('main'));

// Our parent; and npm, where a shell that has not given its place to us stands between.
function parents() {
  const inBetween = read(`/proc/${process.ppid}/cmdline`).split('\0').includes(process.env.npm_lifecycle_script);
  const [, grandparent] = read(`/proc/${process.ppid}/stat`).split(') ').at(-1).split(' ');
  return inBetween ? `${process.ppid} ${grandparent}` : `${process.ppid}`;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
