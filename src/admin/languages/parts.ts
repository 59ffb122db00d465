import type { LanguageCatalogue } from '../../site/languages/catalogue';
import type { SettingsCatalogue } from '../../site/settings/catalogue';
import type { Wall } from '../../stores/postgres/wall';
import type { AdminParts } from '../parts';

/** What the sections of languages, phrases and times are made of. */
export interface LanguageParts extends AdminParts {
  readonly languages: LanguageCatalogue;
  readonly settings: Pick<SettingsCatalogue, 'current'>;
  /** Every process makes its pages anew after a write; this one before the answer. */
  readonly invalidatingWall: Wall;
}
