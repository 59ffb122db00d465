/** How long a name may be that a picture has on its platform. */
const LONGEST = 300;

/** Where Ghost has its pictures, whatever the size that is asked for. */
const GHOST = /(?:^|\/)content\/images\/(?:size\/[^/]+\/)?(?:format\/[^/]+\/)?([^?#]+)/;

/** Where Substack has the pictures of its authors; its addresses hold this one, encoded. */
const SUBSTACK = /\.amazonaws\.com\/public\/images\/([^/?#]+)$/;

/**
 * By what name a picture that a post shows lies in the platform's folder: `2023/05/map.png`, or of Substack's
 * `map.png`. Null: it lies elsewhere.
 */
export function pictureName(src: string): string | null {
  const said = decoded(src.trim());
  return fit((GHOST.exec(said) ?? SUBSTACK.exec(said))?.[1]);
}

/** Under what names posts may show a file, by its place in a folder or a zip. Copies that Ghost makes have none. */
export function namesOfFile(place: string): string[] {
  const parts = place
    .normalize('NFC')
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.');
  const last = parts.at(-1);
  if (last === undefined || last.startsWith('.') || parts[0] === '__MACOSX') return [];
  const below = parts.lastIndexOf('images');
  const inside = parts.slice(below + 1);
  if (below >= 0 && inside[0] === 'size') return [];
  return [...new Set([inside.join('/'), parts.join('/'), last])].flatMap((name) => fit(name) ?? []);
}

const fit = (name: string | undefined): string | null =>
  name === undefined || name.length > LONGEST || name.split('/').includes('..') ? null : name.normalize('NFC');

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

const IMG = /<img\b[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

/** The addresses of pictures in HTML, in its order. */
export const addressesIn = (html: string): string[] =>
  [...html.matchAll(IMG)].map((found) => (found[1] ?? found[2] ?? '').replaceAll('&amp;', '&'));
