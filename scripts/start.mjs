// npm start: brings dist up to date, then runs it in this very process, so that signals reach it.
import { createRequire } from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Dossier needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

// npm starts us through a shell that does not hand signals on, so its SIGTERM, or the end of npm itself, reaches us
// only as the loss of a parent.
const parent = process.ppid;
if (process.env.npm_lifecycle_event === 'start') {
  setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), 200).unref();
}

const { built, ensureBuilt } = await import('./build.mjs');
ensureBuilt();
process.setSourceMapsEnabled(true);
createRequire(import.meta.url)(built('main'));
