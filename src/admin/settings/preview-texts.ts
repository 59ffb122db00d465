import type { Language } from '../../lib/language';
import { readMailbox } from '../../lib/mailbox';
import { letterheadFor } from '../../mail/letterhead';
import { discoveryHeaders, robotsTxt } from '../../http/site/discovery';
import type { SiteContext } from '../../http/site-context';
import type { PreviewTexts } from './page-types';

/** Settings that show on no page of readers, and what shows them instead. */
export const TEXT_PREVIEWS = ['mail', 'discovery'] as const;
export type TextPreview = (typeof TEXT_PREVIEWS)[number];

const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

/** What programs would be told: `/robots.txt`, and the headers of every page. */
function discoveryTexts({ settings, languages }: SiteContext, { say }: Language): PreviewTexts['blocks'] {
  const { discovery } = settings.current;
  const prefixes = languages.all.map(({ prefix }) => prefix);
  return [
    { heading: '/robots.txt', text: robotsTxt(discovery, prefixes) },
    {
      heading: say('admin.settings.preview.headers'),
      text: headerLines(discoveryHeaders(discovery)) || say('admin.settings.preview.headers.none'),
    },
  ];
}

/** How a letter would begin and end. */
function letterTexts(
  { settings, publicUrl }: SiteContext,
  language: Language,
  mailFrom: string | null,
): PreviewTexts['blocks'] {
  const { say } = language;
  const box = mailFrom === null ? null : readMailbox(mailFrom);
  const given = box && !('reason' in box) ? box : null;
  const { from, replyTo, postalAddress } = letterheadFor(settings, { mailFrom: given, publicUrl }, language);
  const head = {
    From: `${from.name} <${from.address}>`,
    'Reply-To': replyTo ?? from.address,
    Subject: say('letter.setup-test.subject'),
  };
  const body = [say('letter.hello'), say('letter.setup-test.text'), say('letter.setup-test.note'), say('letter.sign')];
  return [
    { heading: say('admin.settings.preview.head'), text: headerLines(head) },
    { heading: say('admin.settings.preview.letter'), text: [...body, postalAddress.join('\n')].join('\n\n').trim() },
  ];
}

/** What would be said with settings that are not saved; for what a preview calls. */
export const previewTexts = (
  name: TextPreview,
  site: SiteContext,
  language: Language,
  mailFrom: string | null,
): PreviewTexts['blocks'] => (name === 'mail' ? letterTexts(site, language, mailFrom) : discoveryTexts(site, language));
