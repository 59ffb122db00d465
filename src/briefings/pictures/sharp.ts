import type Sharp from 'sharp';
import { lazily } from '../../lib/packages/lazily';

/**
 * The one way to what draws pictures. Nothing but these four is ever opened, whatever a file says it is; and one
 * picture takes one thread.
 */
export const sharp = lazily<typeof Sharp>('sharp', (loaded) => {
  loaded.block({ operation: ['VipsForeignLoad'] });
  loaded.unblock({
    operation: [
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadWebpBuffer',
      'VipsForeignLoadHeifBuffer',
    ],
  });
  loaded.cache(false);
  loaded.concurrency(1);
});
