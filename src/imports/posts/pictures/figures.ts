import type { Picture } from '../../../briefings/content';
import { MOST_FIGURES } from '../../../briefings/file/figures';
import type { UnusablePicture } from '../../../briefings/pictures/re-encode';
import { slugOf } from '../../../lib/slug';
import type { ShowPicture } from '../markdown';
import type { Post } from '../post';
import { pictureName } from './names';

/** What is here of a picture, by the name it has on its platform. Undefined: it was not sent. */
export type KnownPictures = (name: string) => Picture | { readonly refused: UnusablePicture } | undefined;

/** Why a picture of a post does not come along. */
export const LEFT = ['missing', 'elsewhere', 'many', 'bytes', 'format', 'broken', 'pixels'] as const;
type Left = (typeof LEFT)[number];

/** Names that one note says. */
const MOST_NAMED = 8;

/** The pictures of one post, as far as its texts have named them. */
export interface PostFigures {
  /** By the names of their files. */
  readonly figures: Record<string, Picture>;
  /** The picture at its head; null: there is none, or it does not come along. */
  readonly cover: Picture | null;
  /** What shows the pictures of a text. */
  showIn(part: 'open' | 'gated'): ShowPicture;
  /** What does not come along. Of what is gated no name is said. */
  notes(): string[];
}

export function openPostFigures({ cover }: Pick<Post, 'cover'>, known: KnownPictures): PostFigures {
  const figures: Record<string, Picture> = {};
  const fileByName = new Map<string, string>();
  const left = new Map<Left, Set<string>>();
  const gated = new Set<string>();
  const find = (src: string, part: 'open' | 'gated'): { readonly name: string; readonly picture: Picture } | null => {
    const name = pictureName(src);
    const found = name === null ? undefined : known(name);
    const why =
      name === null
        ? 'elsewhere'
        : found === undefined
          ? 'missing'
          : 'refused' in found
            ? found.refused
            : !fileByName.has(name) && fileByName.size === MOST_FIGURES
              ? 'many'
              : null;
    if (why === null) return { name: name!, picture: found as Picture };
    if (part === 'gated') gated.add(src);
    else left.set(why, (left.get(why) ?? new Set()).add(name ?? hostOf(src)));
    return null;
  };
  return {
    figures,
    cover: cover && (find(cover.src, 'open')?.picture ?? null),
    showIn: (part) => (src) => {
      const it = find(src, part);
      if (it === null) return null;
      const file = fileByName.get(it.name) ?? fileOf(it.name, it.picture, figures);
      fileByName.set(it.name, file);
      figures[file] = it.picture;
      return file;
    },
    notes: () => [
      ...[...left].map(([why, names]) => `post-picture-${why}:${listed([...names])}`),
      ...(gated.size === 0 ? [] : [`post-picture-gated:${gated.size}`]),
    ],
  };
}

const listed = (names: readonly string[]): string =>
  names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ` … (+${names.length - MOST_NAMED})` : '');

const hostOf = (src: string): string => (URL.canParse(src) ? new URL(src).host : '') || '?';

/** A name for the file of a picture that none of these has, in the spelling of briefing files. */
function fileOf(name: string, { format }: Picture, taken: Readonly<Record<string, Picture>>): string {
  const stem = slugOf(
    name
      .split('/')
      .at(-1)!
      .replace(/\.[^.]*$/, ''),
    60,
  );
  const own = stem === '' ? 'picture' : stem === 'cover' ? 'picture-cover' : stem;
  for (let n = 1; ; n++) {
    const file = `${own}${n === 1 ? '' : `-${n}`}.${format}`;
    if (!Object.hasOwn(taken, file)) return file;
  }
}
