import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ejs from 'ejs';

/** A template's compiled function, with what it includes by the names that stand in it. */
interface Compiled {
  readonly print: (locals: object) => string;
  readonly includes: Map<string, string>;
  /** When its file was changed last, in milliseconds; 0 where nobody asks. */
  readonly changedAt: number;
}

const compiled = new Map<string, Compiled>();

/**
 * Prints a template. It and what it includes are compiled when they are printed first: afterwards the disk is not
 * asked, where EJS itself looks for the file of every include of every page.
 * @param file its absolute path
 * @param changing are templates being written? Then each is read again when its file has changed
 */
export function renderTemplate(file: string, locals: object, changing = false): string {
  const template = templateOf(file, changing);
  // What a template calls `include` is found among its locals first.
  const include = (name: string, more?: object): string =>
    renderTemplate(includedFile(template, file, name), { ...locals, ...more }, changing);
  return template.print({ ...locals, include });
}

/** The same as an engine of Express. */
export const templateEngine =
  (changing: boolean) =>
  (file: string, locals: object, done: (error: unknown, html?: string) => void): void => {
    let html: string;
    try {
      html = renderTemplate(file, locals, changing);
    } catch (error) {
      return done(error);
    }
    done(null, html);
  };

function templateOf(file: string, changing: boolean): Compiled {
  const known = compiled.get(file);
  // Tests record by this which templates they printed (tests/support/runner/record.js).
  ejs.cache.get(file);
  const changedAt = changing ? statSync(file).mtimeMs : 0;
  if (known && (!changing || known.changedAt === changedAt)) return known;
  const print = ejs.compile(readFileSync(file, 'utf8'), { filename: file }) as Compiled['print'];
  const template: Compiled = { print, includes: new Map(), changedAt };
  compiled.set(file, template);
  return template;
}

function includedFile({ includes }: Compiled, from: string, name: string): string {
  const known = includes.get(name);
  if (known !== undefined) return known;
  const file = path.resolve(path.dirname(from), path.extname(name) === '' ? `${name}.ejs` : name);
  includes.set(name, file);
  return file;
}
