// npm start: brings dist up to date, then runs it in this very process, so that signals reach it.
import { createRequire } from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Dossier needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

const { build, built } = await import('./build.mjs');
build();
process.setSourceMapsEnabled(true);
createRequire(import.meta.url)(built('main'));
