import type { Language } from '../../lib/language';
import type { Wall } from '../../stores/postgres/wall';
import type { AdminParts } from '../parts';
import type { EditableSetting } from './fields';
import type { Missing } from './missing';
import type { SettingPage } from './page-types';

/** What the sections of the settings are made of. */
export interface SettingsParts extends AdminParts {
  /** Writes what readers see: this process has forgotten its pages when the write returns. */
  readonly invalidatingWall: Wall;
  /** What the environment says of the fields of a setting, by the field, in a sentence. */
  environment(name: EditableSetting, language: Language): Readonly<Record<string, string>>;
  /** What is to be known beside a setting, such as the DNS records of its mail. */
  notes(name: EditableSetting, language: Language): Promise<SettingPage['notes']>;
  /** `MAIL_FROM`; null: not set. */
  readonly mailFrom: string | null;
  /** What is missing before the house goes live. */
  missing(): Promise<readonly Missing[]>;
}
