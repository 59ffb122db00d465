import type { Picture } from '../briefings/content';
import type { Language } from '../lib/language';

/** Where the API lies: the same on every Dossier. */
export const API_PATH = '/api';

/** What every address of an answer is made from. */
export interface Place {
  /** Origin of every absolute address, from the configuration and never from a request. */
  readonly publicUrl: string;
  readonly language: Language;
}

/** The absolute address of a path of the house. */
export function absolute(path: string, { publicUrl }: Pick<Place, 'publicUrl'>): string {
  return new URL(path, publicUrl).href;
}

/** Where a token finds a picture; what it reads of it is decided there. */
export const pictureAt = ({ id, format }: Pick<Picture, 'id' | 'format'>): string =>
  `${API_PATH}/v1/pictures/${id}.${format}`;

/** A briefing in the API, in the language of the place. The first language goes without saying. */
export function selfOf(slug: string, place: Place): string {
  return absolute(
    `${API_PATH}/v1/briefings/${slug}${place.language.prefix ? `?language=${place.language.code}` : ''}`,
    place,
  );
}
