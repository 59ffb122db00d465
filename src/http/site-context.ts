import type { Viewer } from '../access/viewer';
import type { Language, Languages } from '../lib/language';
import type { SitePages } from '../site/pages/catalogue';
import type { SiteSettings } from '../site/settings/catalogue';
import type { CurrentShape } from '../site/shape/shape';
import { textFor } from '../site/settings/text-by-language';
import type { Assets } from './assets';
import type { Layout } from './layout/layout';

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
  /** Can programs ask how it stands in other pages (oEmbed)? */
  readonly embeds?: true;
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

export type Looks = Pick<Layout, 'looks' | 'preload' | 'tierLook' | 'logo' | 'icon'>;
