import path from 'node:path';
import type { Language, Languages } from '../lib/language';
import type { LetterKinds } from '../lib/letter';
import { markedHtml, unmarked } from '../lib/marked';
import type { Mailbox } from '../lib/mailbox';
import { root } from '../lib/root';
import { renderTemplate } from '../lib/templates';
import type { SiteSettings } from '../site/settings/catalogue';
import { textFor } from '../site/settings/text-by-language';
import { letterheadFor, type Letterhead } from './letterhead';

/** A letter as the outbox keeps it. */
export interface StoredLetter {
  readonly id: string;
  readonly kind: string;
  readonly lang: string;
  readonly recipient: string;
  readonly data: unknown;
}

/** A letter in words. */
export interface Composed {
  readonly lang: string;
  readonly dir: Language['dir'];
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Where it leads: absolute, on the configured origin. */
  readonly link: { readonly label: string; readonly href: string } | null;
  readonly note: string;
  readonly sign: string;
  readonly head: Letterhead;
}

/** What letters are put into words with. */
export interface LetterTemplates {
  readonly kinds: LetterKinds;
  readonly languages: Languages;
  /** Origin of every link, from the configuration. */
  readonly publicUrl: string;
  readonly settings: SiteSettings;
  /** `MAIL_FROM`; null: not set. */
  readonly mailFrom: Mailbox | null;
}

/**
 * Puts a kept letter into words, in its language. Its link begins with the configured address, never with one a
 * request brought along.
 * @throws for a kind nobody knows, and for data that is not a letter's.
 */
export function compose(
  { kind, lang, data }: StoredLetter,
  { kinds, languages, publicUrl, settings, mailFrom }: LetterTemplates,
): Composed {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!known) throw new Error(`no letter is called ${kind}`);
  const about = known.data.parse(data);
  const language = languages.find(lang) ?? languages.first;
  const words = known.words?.(about, language) ?? {};
  const part = (name: string) => language.say(`letter.${kind}.${name}`, words);
  const opens = known.opens(about);
  const head = letterheadFor(settings, { mailFrom, publicUrl }, language);
  const welcome = known.welcomes ? welcomeIn(settings, language) : [];
  return {
    lang: language.code,
    dir: language.dir,
    subject: unmarked(part('subject')),
    paragraphs: [language.say('letter.hello'), ...welcome, part('text'), ...(known.quotes?.(about) ?? [])],
    link: opens === null ? null : { label: part('link'), href: `${publicUrl}${language.prefix}${opens}` },
    note: part('note'),
    sign: language.say('letter.sign'),
    head: { ...head, replyTo: known.replyTo?.(about) ?? head.replyTo },
  };
}

/** The publisher's words of welcome, paragraph by paragraph. */
function welcomeIn({ current: { joining } }: SiteSettings, { code, firstCode }: Language): readonly string[] {
  return (textFor(joining.welcome, code, firstCode) ?? '').split(/\r?\n(?:\s*\r?\n)+/).filter((one) => one !== '');
}

/** The letter as plain text: complete in itself. */
export function asText({ paragraphs, link, note, sign, head: { postalAddress } }: Composed): string {
  const way = link ? [`${link.label}:\n${link.href}`] : [];
  const post = postalAddress.length > 0 ? [postalAddress.join('\n')] : [];
  return unmarked(`${[...paragraphs, ...way, note, sign, ...post].join('\n\n')}\n`);
}

/** The letter as HTML, saying the same. */
export function asHtml(letter: Composed): string {
  return markedHtml(renderTemplate(path.join(root, 'views/letters/letter.ejs'), { letter }));
}
