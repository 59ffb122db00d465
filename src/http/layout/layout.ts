import type { Translate } from '../../lib/language';
import type { ShownText } from '../../site/settings/text-by-language';

/** A picture as an address for other sites. */
export interface SharedPicture {
  readonly href: string;
  readonly width: number;
  readonly height: number;
  /** Null: nothing is said of what it shows. */
  readonly alt: string | null;
}

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
  /** What stands in place of the name, by its name in words; null: the name itself. */
  readonly logo: {
    readonly src: string;
    readonly dark: string | null;
    readonly width: number;
    readonly height: number;
  } | null;
  /** The publication's own icon, and the manifest that names its sizes; null: as delivered. */
  readonly icon: { readonly small: string; readonly touch: string; readonly manifest: string } | null;
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
  /** Where programs ask how the page stands in others (oEmbed): absolute; null: nowhere. */
  readonly oembed: string | null;
  readonly ogType: 'article' | 'website';
  /** The picture that stands for the page where it is shared: absolute, with its size in pixels. */
  readonly ogImage: SharedPicture | null;
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
  /** The member's own section, in place of log in and join. */
  readonly account: { readonly label: string; readonly href: string } | null;
  /** The button that ends the login; a form, because a link must not change anything. */
  readonly logout: { readonly label: string; readonly action: string } | null;
  /** The ways to the sections of work, for staff. */
  readonly work: readonly { readonly label: string; readonly href: string }[];
  /** The way to where the page is written, for whoever may write it. */
  readonly edit: { readonly label: string; readonly href: string } | null;
  /** A sentence above the page, when something keeps it from being what it should be. */
  readonly notice: string | null;
  readonly join: { readonly label: string; readonly href: string } | null;
  /** Who may join by themselves. */
  readonly joining: 'open' | 'invitation' | 'closed';
  /** What the publisher has put at the foot: ways on, and where else they are found. */
  readonly footer: {
    readonly ways: Layout['nav'];
    readonly columns: readonly { readonly heading: ShownText; readonly ways: Layout['nav'] }[];
    readonly social: Layout['nav'];
  };
  /** One line above the page; null where there is none for this reader. */
  readonly announcement: (ShownText & { readonly href: string | null }) | null;
  /** What membership opens and costs, at the foot of every page. */
  readonly pricing: { readonly label: string; readonly href: string };
  /** Where somebody without an account gets briefings by mail; null for a member, who chooses in their section. */
  readonly subscribe: { readonly label: string; readonly href: string } | null;
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
