import { isDeepStrictEqual } from 'node:util';
import path from 'node:path';
import { picturesIn } from '../../lib/markdown';
import { PICTURE_FORMATS, type PictureFormat } from '../vocabulary';
import type { BriefingContent, EditionContent, Picture } from '../content';
import { MOST_PICTURE_BYTES, recognise } from './cover';
import { shown, type Fault } from './fault';
import type { BriefingFolder } from './folder';

/** A file of a briefing's folder that its texts may show. `cover.` is the cover's. */
export const FIGURE_FILE = new RegExp(
  `^(?!cover\\.)(?=.{1,80}$)[a-z0-9]+(?:-[a-z0-9]+)*\\.(${PICTURE_FORMATS.join('|')})$`,
);

/** How many a briefing may have. */
export const MOST_FIGURES = 60;

export const NAME_ALLOWED = `small letters, digits and single hyphens, then .${PICTURE_FORMATS.join(', .')}`;

/** Is it meant as a picture? Then it is judged as one. */
export const looksLikePicture = (name: string): boolean =>
  /\.(?:png|jpe?g|webp|avif|gif|svg|bmp|tiff?|heic)$/i.test(name);

/** The pictures that lie in a folder beside its texts, by name; and what is wrong with them. */
export function readFigures(folder: BriefingFolder): { figures: Record<string, Picture>; faults: Fault[] } {
  const figures: Record<string, Picture> = {};
  const faults: Fault[] = [];
  const names = [...folder.files.keys(), ...(folder.pictures?.keys() ?? [])]
    .filter((name) => looksLikePicture(name) && !name.startsWith('.') && !/^cover\./.test(name))
    .sort();
  for (const name of names) {
    const fault = (found: string, allowed: string) =>
      faults.push({ file: path.join(folder.path, name), line: 0, field: 'picture', found, allowed });
    const format = FIGURE_FILE.exec(name)?.[1] as PictureFormat | undefined;
    if (!format) {
      fault(shown(name), NAME_ALLOWED);
      continue;
    }
    const known = folder.pictures?.get(name);
    if (known) {
      figures[name] = known;
      continue;
    }
    const bytes = folder.files.get(name)!;
    const picture = recognise(bytes);
    if (bytes.length > MOST_PICTURE_BYTES)
      fault(`${bytes.length} bytes`, `a picture of at most ${MOST_PICTURE_BYTES} bytes`);
    else if (!picture) fault('no picture', `a ${format}, as its name says`);
    else if (picture.format !== format) fault(`a ${picture.format}`, `a ${format}, as its name says`);
    else figures[name] = picture;
  }
  if (names.length > MOST_FIGURES)
    faults.push({
      file: folder.path,
      line: 0,
      field: 'picture',
      found: `${names.length} pictures`,
      allowed: `at most ${MOST_FIGURES}`,
    });
  return { figures, faults };
}

/** What is wrong with the pictures that a text names. Line 0 is the first of the text. */
export function figureFaults(
  text: string,
  figures: Readonly<Record<string, unknown>>,
): { readonly line: number; readonly name: string; readonly what: 'unknown' | 'alt' }[] {
  return picturesIn(text).flatMap(({ name, alt, line }) => [
    ...(Object.hasOwn(figures, name) ? [] : [{ line, name, what: 'unknown' as const }]),
    ...(alt === '' ? [{ line, name, what: 'alt' as const }] : []),
  ]);
}

/** The pictures that a text shows, each once, by name. */
export function figuresOf(
  text: string,
  figures: Readonly<Record<string, Picture>>,
): [name: string, picture: Picture][] {
  return [...new Set(picturesIn(text).map(({ name }) => name))].flatMap((name) =>
    Object.hasOwn(figures, name) ? [[name, figures[name]!] as [string, Picture]] : [],
  );
}

/** Are they the same pictures under the same names? */
export function sameFigures(a: Pick<BriefingContent, 'figures'>, b: Pick<BriefingContent, 'figures'>): boolean {
  return isDeepStrictEqual(byName(a.figures), byName(b.figures));
}

function byName(figures: BriefingContent['figures']): [string, string][] {
  return Object.entries(figures)
    .map(([name, { id }]): [string, string] => [name, id])
    .sort();
}

/** Every text of an edition that may show pictures. */
export const textsOf = ({ body, passages }: Pick<EditionContent, 'body' | 'passages'>): string[] => [
  body,
  ...passages.map(({ text }) => text),
];
