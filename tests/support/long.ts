/**
 * Is this `npm run test:long`? It runs the files named `*.long.ts`, and those that ask here: they do in it what they do
 * only a part of in `npm test`, and say which part.
 */
export const LONG = process.env['DOSSIER_TEST_LONG'] !== undefined;
