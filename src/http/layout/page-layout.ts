import type { Language } from '../../lib/language';
import { TYPEFACES } from '../../site/looks/typefaces';
import { ownHue } from '../../site/looks/stylesheet';
import { looksAddress } from '../../site/looks/address';
import { shownIn } from '../../site/settings/text-by-language';
import type { Layout } from './layout';
import { announcementFor, waysIn, footerIn } from './navigation';
import { logoIn, iconIn, sharingIn } from './pictures';
import { type SiteContext, type PageHead, joinPath, type Looks } from '../site-context';

/** The layout of a page in one language. */
export function layoutOf(site: SiteContext, language: Language, head: PageHead): Layout {
  const { say } = language;
  const inLanguage = (one: Language, path: string) => `${one.prefix}${path === '/' && one.prefix ? '' : path}`;
  const real = site.languages.all.filter((one) => !head.languages || head.languages.includes(one.code));
  const canonicalLanguage = real.includes(language) ? language : (real[0] ?? language);
  const absolute = (path: string) => new URL(path, site.publicUrl).href;
  const { path } = head;
  const { identity, navigation, discovery, joining, pictures } = site.settings.current;
  const next = head.next === undefined ? path && inLanguage(language, path) : head.next;
  const member = head.audience === 'member' || head.audience === 'imagined member';
  const withNext = (address: string) => (next === null ? address : `${address}?next=${encodeURIComponent(next)}`);
  return {
    lang: language.code,
    dir: language.dir,
    say,
    siteName: language.siteName,
    ...looksOf(site, language),
    tagline: shownIn(identity.tagline, language.code, language.firstCode) ?? { text: say('site.tagline'), lang: null },
    about: shownIn(identity.description, language.code, language.firstCode) ?? {
      text: say('footer.about'),
      lang: null,
    },
    languageName: (code) => language.languageName(code),
    title: head.wholeTitle ? head.title : say('title.page', { title: head.title }),
    description: head.description ?? null,
    canonical: path === null ? null : absolute(inLanguage(canonicalLanguage, head.canonicalPath ?? path)),
    alternates: ownAlternates(real, head, (one, at) => absolute(inLanguage(one, at))),
    feeds: head.noindex ? [] : feedLinks(language, head),
    oembed: head.embeds && path !== null ? oembedOf(absolute('/oembed'), absolute(inLanguage(language, path))) : null,
    ogType: head.ogType ?? 'website',
    ogImage: head.ogImage ?? sharingIn(pictures, site.publicUrl),
    jsonLd: head.jsonLd ? jsonForScript(head.jsonLd) : null,
    robots: head.noindex || !discovery.indexed ? 'noindex' : null,
    home: inLanguage(language, '/'),
    search: `${language.prefix}/search`,
    ...waysOf(site, language, head),
    announcement: announcementFor(navigation, language, {
      rank: head.rank,
      rankOf: (slug) => site.tiers.rankOf(slug),
      now: site.now(),
    }),
    languages: othersOf(site, language, (one) =>
      head.next ? withNext(inLanguage(one, path ?? '/')) : inLanguage(one, path ?? '/'),
    ),
    account: member ? { label: say('nav.account'), href: `${language.prefix}/account` } : null,
    logout: head.audience === 'member' ? { label: say('nav.logout'), action: `${language.prefix}/logout` } : null,
    work: workLinks(language, head.role),
    edit: head.edit ? { label: say('nav.edit'), href: `${language.prefix}${head.edit}` } : null,
    notice: head.audience === 'unverified' ? say('notice.unproved') : null,
    login: member ? null : { label: say('nav.login'), href: withNext(`${language.prefix}/login`) },
    join:
      member || joining.mode === 'closed'
        ? null
        : { label: say('nav.join'), href: withNext(`${language.prefix}${joinPath(site)}`) },
    joining: joining.mode,
    pricing: { label: say('nav.pricing'), href: `${language.prefix}/pricing` },
    subscribe: member ? null : { label: say('nav.subscribe'), href: `${language.prefix}/subscribe` },
    asset: (name) => site.assets.address(name),
  };
}

/** What a page needs of the publication's own looks. */
export function looksOf({ settings, tiers }: SiteContext, language: Language): Looks {
  const { looks, pictures } = settings.current;
  return {
    logo: logoIn(pictures),
    icon: iconIn(pictures, language),
    looks: looksAddress(looks),
    preload: looks.typefaces === 'newsreader' ? NEWSREADER : TYPEFACES[looks.typefaces].preload,
    tierLook: (slug) => ({ ...tiers.lookOf(slug), ...(looks.tiers[slug] ? { hue: ownHue(slug) } : {}) }),
  };
}

/** The ways around, as the publisher has placed them. */
export function waysOf({ settings, pages }: SiteContext, language: Language, { nav }: PageHead) {
  const { navigation } = settings.current;
  return {
    nav: nav && navigation.main.length > 0 ? waysIn(navigation.main, language, pages, nav) : (nav ?? []),
    footer: footerIn(navigation, language, pages, nav),
  };
}

/** The ways to the sections of work, for whoever has them. */
export function workLinks({ prefix, say }: Language, role: PageHead['role']): Layout['work'] {
  return [
    ...(role === 'admin' || role === 'editor' ? [{ label: say('nav.desk'), href: `${prefix}/desk` }] : []),
    ...(role === 'admin' || role === 'support' ? [{ label: say('nav.admin'), href: `${prefix}/admin` }] : []),
  ];
}

/** The other languages, with where each leads. */
export const othersOf = (
  { languages }: SiteContext,
  own: Language,
  at: (one: Language) => string,
): Layout['languages'] =>
  languages.all.filter((one) => one !== own).map((one) => ({ code: one.code, name: one.name, href: at(one) }));
/** A page in every language it really exists in, and the one for whoever reads none of them. */
export function alternatesOf(real: readonly Language[], at: (language: Language) => string): Layout['alternates'] {
  return [...real.map((one) => ({ lang: one.code, href: at(one) })), { lang: 'x-default', href: at(real[0]!) }];
}

/** The same of a page with an address that is looked for by itself; none for another. */
export const ownAlternates = (
  real: readonly Language[],
  { path, canonicalPath }: Pick<PageHead, 'path' | 'canonicalPath'>,
  at: (language: Language, path: string) => string,
): Layout['alternates'] =>
  path === null || real.length < 2 || canonicalPath !== undefined ? [] : alternatesOf(real, (one) => at(one, path));
/** The feeds of everything, and those of the page itself. */
export function feedLinks({ prefix, siteName }: Language, { title, feedsOf }: PageHead): Layout['feeds'] {
  const of = (path: string, name: string) => [
    { type: 'application/atom+xml', title: name, href: `${prefix}${path}/feed.xml` },
    { type: 'application/feed+json', title: name, href: `${prefix}${path}/feed.json` },
  ];
  return [...(feedsOf === undefined ? [] : of(feedsOf, title)), ...of('', siteName)];
}

/** Where it is asked how the page at an address stands in others, in the language of that address. */
const oembedOf = (oembed: string, page: string): string =>
  `${oembed}?${new URLSearchParams({ url: page, format: 'json' }).toString()}`;

/** JSON that cannot end the script element it stands in, nor break a line in old parsers. */
export function jsonForScript(value: object): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What a page shows first in the typeface that is delivered. */
export const NEWSREADER = ['fonts/newsreader.woff2', 'fonts/newsreader-display.woff2'];
