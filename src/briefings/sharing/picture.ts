import { createHash } from 'node:crypto';
import path from 'node:path';
import { root } from '../../lib/root';
import { renderSvg } from '../../site/pictures/render-svg';
import { SHARING_SIZE } from '../reading/page-parts';

/** What is on the picture that stands for a briefing where it is shared: public in all its parts. */
export interface SharingTexts {
  readonly title: string;
  readonly publication: string;
  /** Above the title: what it is and in which category. */
  readonly kicker: string;
  /** A colour as CSS writes it, of six hexadecimal digits. */
  readonly accent: string;
}

export interface SharingPicture {
  /** Names what is on it. */
  readonly etag: string;
  /** PNG. */
  readonly bytes: Buffer;
}

/** Pictures that are kept, about 40 kB each; the one not asked for the longest goes first. */
const MOST_KEPT = 200;
const EDGE = 80;
const FONTS = ['newsreader-display', 'newsreader', 'newsreader-extended'].map((name) =>
  path.join(root, 'public/fonts', `${name}.woff2`),
);
/** The signs those typefaces have. A text with any other is not drawn, rather than with gaps. */
const DRAWABLE = /^[\u0020-\u007e\u00a0-\u017f\u2009\u202f\u2013\u2014\u2018-\u201e\u2022\u2026\u20ac]*$/;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Words in lines of so many signs; what does not fit into the last ends with an ellipsis. */
function wrap(text: string, longest: number, most: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= longest) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  const cut = lines.map((line) => (line.length > longest + 4 ? `${line.slice(0, longest)}…` : line));
  return cut.length > most ? [...cut.slice(0, most - 1), `${cut[most - 1]}…`] : cut;
}

function drawingOf({ title, publication, kicker, accent }: SharingTexts): string {
  const size = title.length <= 60 ? 82 : title.length <= 110 ? 66 : 54;
  const lines = DRAWABLE.test(title) ? wrap(title, Math.floor((SHARING_SIZE.width - 2 * EDGE) / (size * 0.47)), 5) : [];
  const above = DRAWABLE.test(kicker) ? kicker : '';
  const name = DRAWABLE.test(publication) ? publication : '';
  const line = (text: string, index: number) =>
    `<text x="${EDGE}" y="${190 + size * 0.6 + index * size * 1.1}" font-size="${size}">${escaped(text)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SHARING_SIZE.width}" height="${SHARING_SIZE.height}">
<rect width="100%" height="100%" fill="#faf8f3"/><rect width="100%" height="14" fill="${accent}"/>
<g font-family="Newsreader" fill="#5c574d" font-size="30"><text x="${EDGE}" y="120">${escaped(above)}</text></g>
<g font-family="Newsreader Display" font-weight="500" fill="#1c1a17">${lines.map(line).join('')}</g>
<rect x="${EDGE}" y="530" width="${SHARING_SIZE.width - 2 * EDGE}" height="2" fill="#ddd6c8"/>
<g font-family="Newsreader Display" font-weight="500" font-size="40" fill="#1c1a17">
<text x="${EDGE}" y="585">${escaped(name)}<tspan fill="${accent}">.</tspan></text></g></svg>`;
}

/** Draws such pictures, and keeps those that were asked for last: by what is on them, so they are never stale. */
export function openSharingPictures(): {
  /** @returns null where it cannot be drawn now. */
  draw(texts: SharingTexts): Promise<SharingPicture | null>;
} {
  const cache = new Map<string, Promise<SharingPicture | null>>();
  return {
    draw(texts) {
      const drawing = drawingOf(texts);
      const etag = `"${createHash('sha256').update(drawing).digest('base64url').slice(0, 27)}"`;
      const made =
        cache.get(etag) ??
        renderSvg(drawing, SHARING_SIZE, FONTS).then((bytes) => bytes && { etag, bytes: Buffer.from(bytes) });
      cache.delete(etag);
      cache.set(etag, made);
      for (const oldest of cache.keys()) {
        if (cache.size <= MOST_KEPT) break;
        cache.delete(oldest);
      }
      const forget = () => void (cache.get(etag) === made && cache.delete(etag));
      made.then((one) => one ?? forget(), forget);
      return made;
    },
  };
}
