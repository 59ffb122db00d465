import { z } from 'zod';
import { CURRENCIES } from '../../lib/currencies';
import { DATE_STYLES, isTimeZone, UTC_STYLE } from '../../lib/local-time';
import { colour, day, domain, footerWay, line, mailAddress, sitePicture, way, webAddress } from './schema-parts';
import { textByLanguage } from './text-by-language';

/** How one setting is kept: its schema says what it is as delivered, too. */
export interface SettingRule<Schema extends z.ZodObject = z.ZodObject> {
  readonly schema: Schema;
  /** Does it name people? Then its row is read by whoever keeps accounts, and it is in no process's memory. */
  readonly private: boolean;
}

const shown = <Schema extends z.ZodObject>(schema: Schema): SettingRule<Schema> => ({ schema, private: false });

/** What the publication is called. Empty: as delivered. */
const identity = z.object({
  name: textByLanguage(60),
  tagline: textByLanguage(120),
  description: textByLanguage(300),
});

/** Who letters are from. Empty: as the environment says (`MAIL_FROM`); the name, as the publication is called. */
const mail = z.object({
  senderName: line(100),
  senderAddress: mailAddress,
  replyTo: mailAddress,
  /** Where letters that leave the letters to many arrive, and are handed to Dossier. Empty: nowhere. */
  leaveAddress: mailAddress,
  /** Is it counted how often links to briefings in letters to many are opened? In sum alone. */
  countClicks: z.boolean().default(false),
  /** The name under which the mail server's key stands in the DNS. */
  dkimSelector: z
    .string()
    .trim()
    .regex(/^(?:[A-Za-z0-9][A-Za-z0-9.-]{0,62})?$/)
    .default(''),
  /** Where the publisher can be reached by post: stands at the foot of every letter. */
  postalAddress: z.string().trim().max(300).default(''),
});

/** How the publication looks. Empty: as delivered. */
const looks = z.object({
  /** The colour of what one can do. */
  accent: colour,
  /** The colour each tier's are made from, by its slug. */
  tiers: z
    .record(z.string().regex(/^[a-z0-9-]{1,60}$/), colour.unwrap())
    .transform((tiers) => Object.fromEntries(Object.entries(tiers).filter(([, chosen]) => chosen !== '')))
    .default({}),
  typefaces: z.enum(['newsreader', 'plex', 'source']).default('newsreader'),
});

/** The publication's own pictures, by their names (src/site/pictures). Empty: as delivered. */
const pictures = z.object({
  logo: sitePicture,
  /** The logo in the dark theme; empty: the same. */
  logoDark: sitePicture,
  icon: sitePicture,
  /** What is shown where a page is shared that has no picture of its own. */
  sharing: sitePicture,
});

/** What programs that find and copy are asked for. */
const discovery = z.object({
  indexed: z.boolean().default(true),
  aiCrawlers: z.enum(['allowed', 'no-training', 'refused']).default('allowed'),
});

/** Who may join by themselves, and what they are told when they have. */
const joining = z.object({
  mode: z.enum(['open', 'invitation', 'closed']).default('open'),
  refusedDomains: z.array(domain).max(500).default([]),
  welcome: textByLanguage(1_000),
});

/** The addresses that joining is decided by: these are people's. */
const joiningAddresses = z.object({
  invited: z.array(mailAddress).max(2_000).default([]),
  refused: z.array(mailAddress).max(2_000).default([]),
});

/** The ways around. Without a main one, the categories are it. */
const navigation = z.object({
  main: z.array(way).max(30).default([]),
  footer: z.array(footerWay).max(40).default([]),
  social: z.array(way).max(12).default([]),
  announcement: textByLanguage(200),
  announcementLink: z.union([z.literal(''), webAddress]).default(''),
  /** The tier whose readers are shown it; empty: everybody. It says nothing that only they may read. */
  announcementTier: z.string().max(60).default(''),
  /** The last day it is shown. */
  announcementEnd: day,
});

/** BCP 47, in the one way each code is written. */
const languageCode = z
  .string()
  .max(20)
  .regex(/^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/);

/** The languages there are, in their order; the first that is on has the addresses without a prefix. */
const languages = z.object({
  /** Empty: those that are delivered, all of them on. */
  list: z
    .array(z.object({ code: languageCode, dir: z.enum(['ltr', 'rtl']), on: z.boolean() }))
    .max(40)
    .default([]),
});

/** The time zone of every time that is shown, and how days are written. */
const time = z.object({
  zone: z.string().refine(isTimeZone).default(UTC_STYLE.zone),
  dates: z.enum(DATE_STYLES).default(UTC_STYLE.dates),
});

/** The currency that is offered first when a price is made, ISO 4217 in lower case; empty: none is. */
const money = z.object({
  currency: z
    .string()
    .trim()
    .toLowerCase()
    .refine((code) => code === '' || CURRENCIES.has(code))
    .default(''),
});

/**
 * Every setting by its name. Each field has a default, so that a row written before the field was there still reads.
 */
export const SETTINGS = {
  identity: shown(identity),
  languages: shown(languages),
  time: shown(time),
  money: shown(money),
  looks: shown(looks),
  pictures: shown(pictures),
  navigation: shown(navigation),
  joining: shown(joining),
  'joining-addresses': { schema: joiningAddresses, private: true },
  discovery: shown(discovery),
  mail: shown(mail),
} as const satisfies Record<string, SettingRule>;

export type SettingName = keyof typeof SETTINGS;

/** The value of one setting. */
export type SettingValue<Name extends SettingName> = z.output<(typeof SETTINGS)[Name]['schema']>;

/** Every setting as pages see it; those that name people are as delivered here, whatever their rows say. */
export type Settings = { readonly [Name in SettingName]: SettingValue<Name> };

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/**
 * A setting as its row has it. What this version cannot read, as a newer one may have written it, is as delivered,
 * field by field.
 */
export function readSetting<Name extends SettingName>(name: Name, stored: unknown): SettingValue<Name> {
  const schema: z.ZodObject = SETTINGS[name].schema;
  const fields = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? { ...stored } : {};
  const whole = schema.safeParse(fields);
  if (whole.success) return whole.data as SettingValue<Name>;
  const unreadable = new Set(whole.error.issues.map(({ path }) => String(path[0])));
  const readable = Object.entries(fields).filter(([field]) => !unreadable.has(field));
  return schema.parse(Object.fromEntries(readable)) as SettingValue<Name>;
}

/** Every setting as delivered. */
export const DELIVERED = Object.fromEntries(SETTING_NAMES.map((name) => [name, readSetting(name, {})])) as Settings;
