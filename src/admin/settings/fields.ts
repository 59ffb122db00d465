import type { SettingName } from '../../site/settings/schemas';

/**
 * How a field of a setting is typed: a line, a text of several lines, one entry a line (`lines`), one way a line
 * (`ways`: the address, then what it is called in each language, parted by bars), the same in columns (`columns`: a
 * line that begins with `#` is a heading), a choice, yes or no, a day, a colour, a picture that is uploaded.
 */
export type FieldKind =
  'line' | 'text' | 'lines' | 'ways' | 'choice' | 'check' | 'day' | 'colour' | 'picture' | 'columns';

export interface SettingField {
  /** Its name in the schema of the setting. */
  readonly name: string;
  readonly kind: FieldKind;
  /** Has it a text for each language? */
  readonly byLanguage?: true;
  /** Has it one for each tier above public? */
  readonly byTier?: true;
  /** The values of a choice; `tiers`: everybody, or one of the tiers. */
  readonly options?: readonly string[] | 'tiers';
}

/** The sections of the settings, by the settings they change, in the order they are shown. */
export const SETTING_FIELDS = {
  identity: [
    { name: 'name', kind: 'line', byLanguage: true },
    { name: 'tagline', kind: 'line', byLanguage: true },
    { name: 'description', kind: 'text', byLanguage: true },
  ],
  looks: [
    { name: 'accent', kind: 'colour' },
    { name: 'tiers', kind: 'colour', byTier: true },
    { name: 'typefaces', kind: 'choice', options: ['newsreader', 'plex', 'source'] },
  ],
  pictures: [
    { name: 'logo', kind: 'picture' },
    { name: 'logoDark', kind: 'picture' },
    { name: 'icon', kind: 'picture' },
    { name: 'sharing', kind: 'picture' },
  ],
  navigation: [
    { name: 'main', kind: 'ways' },
    { name: 'footer', kind: 'columns' },
    { name: 'social', kind: 'ways' },
    { name: 'announcement', kind: 'line', byLanguage: true },
    { name: 'announcementLink', kind: 'line' },
    { name: 'announcementTier', kind: 'choice', options: 'tiers' },
    { name: 'announcementEnd', kind: 'day' },
  ],
  joining: [
    { name: 'mode', kind: 'choice', options: ['open', 'invitation', 'closed'] },
    { name: 'refusedDomains', kind: 'lines' },
    { name: 'welcome', kind: 'text', byLanguage: true },
  ],
  'joining-addresses': [
    { name: 'invited', kind: 'lines' },
    { name: 'refused', kind: 'lines' },
  ],
  discovery: [
    { name: 'indexed', kind: 'check' },
    { name: 'aiCrawlers', kind: 'choice', options: ['allowed', 'no-training', 'refused'] },
  ],
  money: [{ name: 'currency', kind: 'line' }],
  mail: [
    { name: 'senderName', kind: 'line' },
    { name: 'senderAddress', kind: 'line' },
    { name: 'replyTo', kind: 'line' },
    { name: 'leaveAddress', kind: 'line' },
    { name: 'countClicks', kind: 'check' },
    { name: 'postalAddress', kind: 'text' },
    { name: 'dkimSelector', kind: 'line' },
  ],
} as const satisfies Partial<Record<SettingName, readonly SettingField[]>>;

/** A setting that has a section of this kind. */
export type EditableSetting = keyof typeof SETTING_FIELDS;

export const EDITABLE_SETTINGS = Object.keys(SETTING_FIELDS) as readonly EditableSetting[];

/** The fields of a section. */
export const fieldsOf = (name: EditableSetting): readonly SettingField[] => SETTING_FIELDS[name];

/** The names of a field's inputs in the form, with the part of the value each is: one for each language or tier. */
export function inputsOf(
  { name, byLanguage, byTier }: SettingField,
  { languages, tiers }: { readonly languages: readonly string[]; readonly tiers: readonly string[] },
): readonly { readonly input: string; readonly part: string | null }[] {
  const parts = byLanguage ? languages : byTier ? tiers : null;
  return parts === null ? [{ input: name, part: null }] : parts.map((part) => ({ input: `${name}.${part}`, part }));
}
