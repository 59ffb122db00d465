import type { Translate } from '../lib/language';
import type { ShownText } from '../site/settings/text-by-language';

/** What every page of the house needs around its content. */
export interface Layout {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly say: Translate;
  /** The publication's name in the page's language. */
  readonly siteName: string;
  /** The style sheet of the publication's own looks; null: they are as delivered. */
  readonly looks: string | null;
  /** The files of the typefaces that a page shows first. */
  readonly preload: readonly string[];
  /** What stands below the name on the front page, and what the publication says of itself at the foot of each. */
  readonly tagline: ShownText;
  readonly about: ShownText;
  /** `<title>`, complete. */
  readonly title: string;
  readonly description: string | null;
  /** Absolute address of this page; null where there is no one address (errors). */
  readonly canonical: string | null;
  /** The same page in every language it exists in, absolute, for hreflang; includes `x-default`. */
  readonly alternates: readonly { readonly lang: string; readonly href: string }[];
  /** Feeds of what is new, for programs that look for them (autodiscovery). */
  readonly feeds: readonly { readonly type: string; readonly title: string; readonly href: string }[];
  readonly ogType: 'article' | 'website';
  readonly ogImage: string | null;
  /** JSON-LD already escaped for a script element, or null. */
  readonly jsonLd: string | null;
  readonly robots: 'noindex' | null;
  readonly home: string;
  readonly nav: readonly { readonly label: string; readonly href: string; readonly current: boolean }[];
  /** The switch: the same page in the other languages. */
  readonly languages: readonly { readonly code: string; readonly name: string; readonly href: string }[];
  /** Where one searches. */
  readonly search: string;
  readonly login: { readonly label: string; readonly href: string } | null;
  /** The member's own room, in place of log in and join. */
  readonly account: { readonly label: string; readonly href: string } | null;
  /** The button that ends the login; a form, because a link must not change anything. */
  readonly logout: { readonly label: string; readonly action: string } | null;
  /** The ways to the rooms of work, for staff. */
  readonly work: readonly { readonly label: string; readonly href: string }[];
  /** The way to where the page is written, for whoever may write it. */
  readonly edit: { readonly label: string; readonly href: string } | null;
  /** A sentence above the page, when something keeps it from being what it should be. */
  readonly notice: string | null;
  readonly join: { readonly label: string; readonly href: string } | null;
  /** What membership opens and costs, at the foot of every page. */
  /** What the publisher has put at the foot: ways on, and where else they are found. */
  readonly footer: { readonly ways: Layout['nav']; readonly social: Layout['nav'] };
  /** One line above the page; null where there is none for this reader. */
  readonly announcement: (ShownText & { readonly href: string | null }) | null;
  readonly pricing: { readonly label: string; readonly href: string };
  /** The name of a language in the page's own, as it stands in a sentence: `Spanish`, `inglés`. */
  languageName(code: string): string;
  /** The colour of a tier, a class `tier-<hue>`, and its sign. */
  tierLook(slug: string): { readonly hue: string; readonly emblem: string };
  /**
   * Address of a file under `public/`, with a fingerprint so it can be cached for ever. The fingerprint is one
   * for the whole folder and stands before the name (`/assets/<fingerprint>/site.css`): a file that the style
   * sheet names relatively (`fonts/newsreader.woff2`) then has the same address as here, and is loaded once.
   */
  asset(name: string): string;
}
