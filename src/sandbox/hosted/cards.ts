import { z } from 'zod';
import type { Language } from '../../lib/language';
import { CARDS, type CardName } from '../cards';
import type { CardChoice } from './page-types';

const NAMES = Object.keys(CARDS) as [CardName, ...CardName[]];

/** A card as a form sends it. */
export const cardField = z.enum(NAMES);

/** Every test card with what it does. */
export function cardChoices({ say }: Pick<Language, 'say'>, chosen: CardName = 'good'): CardChoice[] {
  return NAMES.map((name) => ({
    name,
    label: say(`sandbox.card.${name}`),
    number: CARDS[name].number,
    chosen: name === chosen,
  }));
}
