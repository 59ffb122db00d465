import path from 'node:path';
import { renderFile } from 'ejs';
import type { Viewer } from '../access/viewer';
import { briefingParts } from '../briefings/articles/article';
import { briefingPath } from '../briefings/reading/cards';
import { LocaleFallback } from '../briefings/reading/localized';
import type { LocalizedText } from '../briefings/reading/page-types';
import type { ReadBriefing } from '../briefings/reading/queries';
import { openJoinPath, type SiteContext } from '../http/site-context';
import type { Language } from '../lib/language';
import type { Mailbox } from '../lib/mailbox';
import { markedHtml, unmarked } from '../lib/marked';
import { root } from '../lib/root';
import { letterheadFor, type Letterhead } from '../mail/letterhead';
import { withInlineStyles } from './inline-styles';
import { plainTextOf } from './plain-text';
import type { Digest } from './lists';

/** What an issue says besides its briefings: public texts, by language code. */
export interface IssueWords {
  readonly digest: Digest | null;
  /** Is it for those who follow what it is about? */
  readonly alert?: boolean;
  readonly subjects: Readonly<Record<string, string>>;
  readonly preheaders: Readonly<Record<string, string>>;
  /** Where the links to a briefing lead, if clicks are counted; left out: to its page, and the letter says nothing. */
  readonly countedAddress?: (slug: string, language: Language) => string;
}

/** An issue in words, for everybody who reads as far and in the same language. */
export interface ComposedIssue {
  readonly lang: string;
  readonly briefingIds: readonly string[];
  readonly head: Letterhead;
  readonly subject: string;
  readonly preheader: string;
  /** Where a recipient's own addresses belong stand those of `OWN`, in the text as well. */
  readonly html: string;
  readonly text: string;
}

export interface ComposeParts {
  readonly site: SiteContext;
  readonly mailFrom: Mailbox | null;
}

/** What stands in place of addresses that are each recipient's own. No address is there (RFC 2606). */
const OWN = {
  /** By which they leave the list. */
  leave: 'https://unsubscribe.invalid/',
  /** Where they choose other letters. */
  choose: 'https://choose.invalid/',
  /** Where somebody without an account makes one. */
  join: 'https://join.invalid/',
} as const;

/** A recipient's own addresses. */
export type OwnAddresses = Readonly<Record<keyof typeof OWN, string>>;

/** Whom a letter is to: an account, or somebody who has none. */
export type Addressee = 'account' | 'subscriber';

/** Characters of a subject and of a preheader. Mail programs show fewer. */
export const LONGEST = { subject: 200, preheader: 250 } as const;

/** The best-known mail program cuts what is longer than 102 kB; the frame of a letter has some three of them. */
const MOST_BYTES = 96 * 1024;

/** A briefing's texts that everybody who meets it may read: what a subject and a preheader are made from. */
export function publicTexts(
  { content }: ReadBriefing,
  { code }: Pick<Language, 'code'>,
): { readonly title: LocalizedText; readonly summary: LocalizedText | null } {
  const fallback = new LocaleFallback(code, content.original, Object.keys(content.editions));
  return {
    title: fallback.text((lang) => content.editions[lang]?.title) ?? { text: content.slug, lang: null },
    summary: fallback.text((lang) => content.editions[lang]?.summary),
  };
}

/** The first words of a text that fit into so many characters, with a sign that there are more. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  return `${characters
    .slice(0, most - 1)
    .join('')
    .replace(/\s+\S*$/, '')}…`;
}

/**
 * Puts briefings, read as this viewer, into a letter in a language.
 * @param reads at least one
 */
export async function composeIssue(
  { site, mailFrom }: ComposeParts,
  words: IssueWords,
  reads: readonly ReadBriefing[],
  viewer: Viewer,
  language: Language,
  to: Addressee = 'account',
): Promise<ComposedIssue> {
  const { publicUrl, settings, shape } = site;
  const { countedAddress: addressOf = (slug) => `${publicUrl}${briefingPath(language, slug)}` } = words;
  const of = (texts: Readonly<Record<string, string>>) => (texts[language.code] ?? '').trim();
  const publicParts = reads.map((read) => publicTexts(read, language));
  const subject =
    of(words.subjects) ||
    (words.digest === null
      ? publicParts[0]!.title.text
      : language.say(`issue.digest.${words.digest}.subject`, { title: publicParts[0]!.title.text }));
  const preheader = of(words.preheaders) || shortened(publicParts[0]!.summary?.text ?? '', LONGEST.preheader);
  const articles = [];
  let left = MOST_BYTES;
  for (const [index, read] of reads.entries()) {
    const parts = await briefingParts(read, viewer, shape.current, language, publicUrl);
    const whole = parts.map(withInlineStyles);
    // Several share the room, and each gets some of it.
    const room = Math.floor(left / (reads.length - index));
    const fitting = withinBytes(whole, room);
    left -= Buffer.byteLength(fitting.join(''));
    articles.push({
      title: publicParts[index]!.title,
      href: addressOf(read.content.slug, language),
      html: fitting.join(''),
      cut: fitting.length < whole.length,
    });
  }
  const head = letterheadFor(settings, { mailFrom, publicUrl }, language);
  const mayJoin = to === 'subscriber' && openJoinPath(site) !== null;
  const ways = {
    ...OWN,
    join: mayJoin ? OWN.join : null,
    why: language.say(`issue.letter.why.${words.alert === true ? 'follower' : to}`),
    counted: words.countedAddress ? language.say('issue.letter.counted') : null,
  };
  const letter = { lang: language.code, dir: language.dir, subject, preheader, articles, head, ways };
  const locals = { letter, say: language.say };
  const render = (view: string) => renderFile(path.join(root, 'views/issues', view), locals, { cache: true });
  return {
    lang: language.code,
    briefingIds: reads.map(({ id }) => id),
    head,
    subject: unmarked(subject),
    preheader: unmarked(preheader),
    html: markedHtml(await render('letter.ejs')),
    text: unmarked(`${plainTextOf(await render('text.ejs'))}\n`),
  };
}

/** The first parts that fit. */
function withinBytes(parts: readonly string[], most: number): string[] {
  let left = most;
  const end = parts.findIndex((part) => (left -= Buffer.byteLength(part)) < 0);
  return end < 0 ? [...parts] : parts.slice(0, end);
}

/** The letter as one recipient gets it. */
export const addressed = (text: string, own: OwnAddresses): string =>
  text.replaceAll(OWN.leave, own.leave).replaceAll(OWN.choose, own.choose).replaceAll(OWN.join, own.join);
