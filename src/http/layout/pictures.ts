import type { Language } from '../../lib/language';
import { iconOf, readPictureName } from '../../site/pictures/names';
import type { Settings } from '../../site/settings/schemas';
import type { Layout } from './layout';

type Pictures = Settings['pictures'];

/** What stands in place of the publication's name; where only one theme has one, it is that of both. */
export function logoIn({ logo, logoDark }: Pictures): Layout['logo'] {
  const shown = readPictureName(logo || logoDark);
  if (!shown) return null;
  const dark = logo === '' ? null : readPictureName(logoDark);
  const { address: src, width, height } = shown;
  return { src, dark: dark && dark.address, width, height };
}

/** The publication's own icon as a page names it. */
export function iconIn({ icon }: Pictures, { prefix }: Pick<Language, 'prefix'>): Layout['icon'] {
  const [small, touch] = [iconOf(icon, 'small'), iconOf(icon, 'touch')];
  return small && touch && { small: small.address, touch: touch.address, manifest: `${prefix}/site.webmanifest` };
}

/** What is shown where a page without a picture of its own is shared: absolute. */
export function sharingIn({ sharing }: Pictures, publicUrl: string): Layout['ogImage'] {
  const picture = readPictureName(sharing);
  if (!picture) return null;
  const { address, width, height } = picture;
  return { href: new URL(address, publicUrl).href, width, height, alt: null };
}
