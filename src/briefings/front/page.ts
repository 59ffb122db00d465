import type { Language } from '../../lib/language';
import { joinLabel, tierTextsIn } from '../../membership/tiers';
import type { BriefingShape } from '../../site/shape/shape';
import { cardView, categoryLabel } from '../reading/cards';
import type { FrontShelf, ReadFront } from './read';
import type { BriefingCard, Link, LocalizedText } from '../reading/page-types';

/** A category on the front page. */
interface Shelf {
  readonly name: LocalizedText;
  readonly href: string;
  readonly cards: readonly BriefingCard[];
  /** `All 7 briefings`. */
  readonly all: string;
}

export interface FrontPage {
  readonly lead: BriefingCard | null;
  /** `5 more passages for members`; null where nothing of it is shut. */
  readonly locked: string | null;
  readonly latest: readonly BriefingCard[];
  readonly shelves: readonly Shelf[];
  readonly others: readonly Shelf[];
  readonly invitation: {
    readonly tier: string;
    readonly name: string;
    readonly text: string;
    readonly join: string;
  } | null;
  /** To the page with briefings of its own language alone, or back to all; null where that is the same page. */
  readonly texts: Link | null;
  /** Has it left out what is not in its language? */
  readonly own: boolean;
}

/** The front page. `own`: of what is in the page's language alone. */
export function frontPage(
  { lead, locked, latest, shelves, others, invitation }: ReadFront,
  shape: BriefingShape,
  language: Language,
  own = false,
): FrontPage {
  const { say, prefix } = language;
  const card = (row: FrontShelf['cards'][number]) => cardView(row, language, shape);
  const shelf = ({ category, cards, count }: FrontShelf): Shelf => ({
    ...categoryLabel(category.slug, category.texts, language),
    cards: cards.map(card),
    all: say('category.all', { n: count }),
  });
  const made = {
    lead: lead && card(lead),
    latest: latest.map(card),
    shelves: shelves.map(shelf),
    others: others.map(shelf),
  };
  const shown = [made.lead, ...made.latest, ...[...made.shelves, ...made.others].flatMap(({ cards }) => cards)];
  const foreign = shown.some((one) => one?.title.lang);
  const texts = invitation && tierTextsIn(invitation, language);
  return {
    ...made,
    locked: locked > 0 ? say('front.locked', { n: locked }) : null,
    invitation: texts && { tier: texts.slug, name: texts.name, text: texts.blurb, join: joinLabel(texts, language) },
    texts: own
      ? { label: say('front.all'), href: prefix || '/' }
      : foreign
        ? { label: say('front.own'), href: `${prefix || '/'}?texts=own` }
        : null,
    own,
  };
}
