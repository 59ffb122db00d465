import type { Viewer } from '../access/viewer';
import type { Language, Languages } from '../lib/language';
import type { SitePages } from '../site/pages/catalogue';
import type { SiteSettings } from '../site/settings/catalogue';
import type { CurrentShape } from '../site/shape/shape';
import { shownIn, textFor } from '../site/settings/text-by-language';
import { ownHue } from '../site/looks/stylesheet';
import { TYPEFACES } from '../site/looks/typefaces';
import { looksAddress } from '../site/looks/address';
import type { Assets } from './assets';
import type { Layout } from './layout';
import { announcementFor, footerIn, waysIn } from './layout-navigation';
import { iconIn, logoIn, sharingIn } from './layout-pictures';

/** What the layout of every page is made from. */
export interface SiteContext {
  readonly languages: Languages;
  readonly assets: Assets;
  /** Origin of every absolute address, from the configuration and never from a request. */
  readonly publicUrl: string;
  readonly tiers: SiteTiers;
  /** What a briefing is made of. */
  readonly shape: CurrentShape;
  /** What the publisher has set. */
  readonly settings: SiteSettings;
  /** The publisher's own pages, as far as others lead to them. */
  readonly pages: SitePages;
  readonly categories: SiteCategories;
  /** What is shown until a day goes by this. */
  readonly now: () => Date;
}

/** What every page needs of the tiers. */
export interface SiteTiers {
  /** The one that is free to join; null: none is. */
  readonly free: { readonly slug: string } | null;
  /** The colour and the sign of a tier. */
  lookOf(slug: string): { readonly hue: string; readonly emblem: string };
  /** Its rank; null: there is no such tier. */
  rankOf(slug: string): number | null;
}

/** The categories that have something to read for a viewer, in the order of the house. */
export interface SiteCategories {
  openTo(
    viewer: Viewer,
  ): Promise<readonly { readonly slug: string; readonly texts: readonly { lang: string; name: string }[] }[]>;
}

/** Where one joins without paying; where no tier is free, what the tiers cost. Without the language. */
export const joinPath = ({ tiers: { free } }: Pick<SiteContext, 'tiers'>): string =>
  free === null ? '/pricing' : `/join/${free.slug}`;

/** The same; null: nobody joins now. */
export const openJoinPath = (site: Pick<SiteContext, 'tiers' | 'settings'>): string | null =>
  site.settings.current.joining.mode === 'closed' ? null : joinPath(site);

/** What the front page says about itself: by the publisher's own words where there are some. */
export function frontHead({ settings }: SiteContext, { code, firstCode, say, siteName }: Language): PageHead {
  const { tagline, description } = settings.current.identity;
  const line = textFor(tagline, code, firstCode);
  return {
    title: line === null ? say('front.title') : say('title.front', { site: siteName, tagline: line }),
    wholeTitle: true,
    description: textFor(description, code, firstCode) ?? say('front.description'),
    path: '/',
  };
}

/** What a page shows first in the typeface that is delivered. */
const NEWSREADER = ['fonts/newsreader.woff2', 'fonts/newsreader-display.woff2'];

/** What one page says about itself; the rest of its layout is the house's. */
export interface PageHead {
  readonly title: string;
  /** Does the title say the publication's name itself? */
  readonly wholeTitle?: boolean;
  readonly description?: string | null;
  /** The page's path without the language, `/briefings/x`; null for a page without an address of its own. */
  readonly path: string | null;
  /**
   * Where the reader goes after a door, on the pages of the doors; elsewhere they come back to the page they are on.
   */
  readonly next?: string | null;
  /** Languages this page really exists in; others show it by falling back, and point to one of these. */
  readonly languages?: readonly string[];
  /** The page's own feeds, by their path without file and language: `/categories/x`. */
  readonly feedsOf?: string;
  readonly ogType?: Layout['ogType'];
  readonly ogImage?: Layout['ogImage'];
  readonly jsonLd?: object | null;
  readonly noindex?: boolean;
  /** The path of the page that stands for this one wherever it is looked for, where that is another. */
  readonly canonicalPath?: string;
  readonly nav?: Layout['nav'];
  /** How far whoever is shown the page reads, where it is made for a rank. */
  readonly rank?: number;
  /**
   * Whom the page is for: somebody logged in gets the way to their account, somebody unverified a word about it. A
   * member who is only imagined cannot log out.
   */
  readonly audience?: 'visitor' | 'member' | 'unverified' | 'imagined member';
  /** Where the page is written, without the language; only where whoever is shown it may write it. */
  readonly edit?: string | null;
  /**
   * The role in force of whoever is shown the page, where it is a page of theirs alone: it gets the ways to their
   * sections.
   */
  readonly role?: 'reader' | 'support' | 'editor' | 'admin' | undefined;
}

type Looks = Pick<Layout, 'looks' | 'preload' | 'tierLook' | 'logo' | 'icon'>;

/** What a page needs of the publication's own looks. */
function looksOf({ settings, tiers }: SiteContext, language: Language): Looks {
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
function waysOf({ settings, pages }: SiteContext, language: Language, { nav }: PageHead) {
  const { navigation } = settings.current;
  return {
    nav: nav && navigation.main.length > 0 ? waysIn(navigation.main, language, pages, nav) : (nav ?? []),
    footer: footerIn(navigation, language, pages, nav),
  };
}

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

/** The ways to the sections of work, for whoever has them. */
function workLinks({ prefix, say }: Language, role: PageHead['role']): Layout['work'] {
  return [
    ...(role === 'admin' || role === 'editor' ? [{ label: say('nav.desk'), href: `${prefix}/desk` }] : []),
    ...(role === 'admin' || role === 'support' ? [{ label: say('nav.admin'), href: `${prefix}/admin` }] : []),
  ];
}

/** The other languages, with where each leads. */
const othersOf = ({ languages }: SiteContext, own: Language, at: (one: Language) => string): Layout['languages'] =>
  languages.all.filter((one) => one !== own).map((one) => ({ code: one.code, name: one.name, href: at(one) }));

/** A page in every language it really exists in, and the one for whoever reads none of them. */
function alternatesOf(real: readonly Language[], at: (language: Language) => string): Layout['alternates'] {
  return [...real.map((one) => ({ lang: one.code, href: at(one) })), { lang: 'x-default', href: at(real[0]!) }];
}

/** The same of a page with an address that is looked for by itself; none for another. */
const ownAlternates = (
  real: readonly Language[],
  { path, canonicalPath }: Pick<PageHead, 'path' | 'canonicalPath'>,
  at: (language: Language, path: string) => string,
): Layout['alternates'] =>
  path === null || real.length < 2 || canonicalPath !== undefined ? [] : alternatesOf(real, (one) => at(one, path));

/** The feeds of everything, and those of the page itself. */
function feedLinks({ prefix, siteName }: Language, { title, feedsOf }: PageHead): Layout['feeds'] {
  const of = (path: string, name: string) => [
    { type: 'application/atom+xml', title: name, href: `${prefix}${path}/feed.xml` },
    { type: 'application/feed+json', title: name, href: `${prefix}${path}/feed.json` },
  ];
  return [...(feedsOf === undefined ? [] : of(feedsOf, title)), ...of('', siteName)];
}

/** JSON that cannot end the script element it stands in, nor break a line in old parsers. */
function jsonForScript(value: object): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
