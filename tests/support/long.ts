/**
 * Is this `npm run test:long`? It runs the files named `*.long.ts`, and those that ask here: they do in it what they
 * leave out in `npm test`, and say what that is.
 */
export const LONG = process.env['DOSSIER_TEST_LONG'] !== undefined;

/** A test that `npm test` has done with, in a file that has more for the long tests. */
export const once = (LONG
  ? Object.assign(() => undefined, { each: () => () => undefined })
  : test) as unknown as typeof test;

/**
 * With which of them a flow through a browser is walked: with scripts, and in the long tests without. Without scripts
 * it asks what the tests through HTTP ask; one flow of each section is walked both ways in `npm test`.
 */
export const SCRIPTS: readonly boolean[] = [!LONG];
