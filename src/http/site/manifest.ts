import { Router } from 'express';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { ICON_SIZES, iconOf, type IconSize } from '../../site/pictures/names';
import { onlyMethods } from '../errors';
import type { SiteContext } from '../site-context';

/** The paper of the style sheet, in the light theme. */
const PAPER = '#faf8f3';

const ICONS: readonly (readonly [IconSize, 'any' | 'maskable'])[] = [
  ['medium', 'any'],
  ['large', 'any'],
  ['maskable', 'maskable'],
];

/**
 * `/site.webmanifest`: what the publication is called and looks like on a telephone's screen (W3C Web Application
 * Manifest), where it has an icon of its own.
 */
export function manifestRoutes({ site: { settings } }: { readonly site: SiteContext }, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/site.webmanifest')
    .get((_req, res) => {
      const { icon } = settings.current.pictures;
      if (icon === '') throw notFound('a manifest');
      const name = language.siteName;
      res.setHeader('Cache-Control', 'public, max-age=300');
      res.type('application/manifest+json').send(
        JSON.stringify({
          ...{ name, short_name: name, lang: language.code, dir: language.dir },
          ...{ id: '/', start_url: `${language.prefix}/`, scope: '/', display: 'minimal-ui' },
          ...{ background_color: PAPER, theme_color: PAPER },
          icons: ICONS.map(([size, purpose]) => ({
            ...{ src: iconOf(icon, size)?.address, type: 'image/png', purpose },
            sizes: `${ICON_SIZES[size]}x${ICON_SIZES[size]}`,
          })),
        }),
      );
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
