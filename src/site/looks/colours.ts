import { clampChroma, converter, formatHex, wcagContrast, type Oklch } from 'culori';

/** What text of a colour stands on, in each theme of the style sheet (`--paper`, `--sheet`, `--faint`). */
const GROUNDS = {
  light: ['#faf8f3', '#fffdf9', '#e9e3d7'],
  dark: ['#16171a', '#1b1d21', '#2b2d32'],
} as const;
export type Theme = keyof typeof GROUNDS;

/** Contrast of text, and of what is no text but must be seen (WCAG 2.2, 1.4.3 and 1.4.11); a little is kept in hand. */
const TEXT = 4.6;
const SIGN = 3.1;

const toOklch = converter('oklch');
const hexOf = (colour: Oklch): string => formatHex(clampChroma(colour, 'oklch'));

/** The colour as OKLCH; grey where a colour has no hue. @param hex as `#1b463a`. */
function read(hex: string): Oklch & { h: number } {
  const { l, c, h = 0 } = toOklch(hex)!;
  return { mode: 'oklch', l, c, h };
}

/** The colour nearest in lightness that stands out from all these grounds by that much: darker or lighter, same hue. */
function readable(colour: Oklch, grounds: readonly string[], least: number, way: 'darker' | 'lighter'): string {
  const fits = (hex: string) => grounds.every((ground) => wcagContrast(hex, ground) >= least);
  for (let l = colour.l; l >= 0 && l <= 1; l += way === 'darker' ? -0.01 : 0.01) {
    const hex = hexOf({ ...colour, l });
    if (fits(hex)) return hex;
  }
  return way === 'darker' ? '#000000' : '#ffffff';
}

const wayOf = (theme: Theme) => (theme === 'light' ? 'darker' : 'lighter');

/** The colours of what one can do, and of text on it. */
export interface AccentColours {
  readonly act: string;
  readonly onAct: string;
  /** Is it another than was chosen, because that one cannot be read? */
  readonly corrected: boolean;
}

/** An accent in a theme, held to contrast. In the dark theme one is lighter by nature, which is no correction. */
export function accentIn(theme: Theme, chosen: string): AccentColours {
  const own = read(chosen);
  const begin = theme === 'light' ? own : { ...own, l: Math.max(own.l, 0.74), c: Math.min(own.c, 0.14) };
  const act = readable(begin, GROUNDS[theme], TEXT, wayOf(theme));
  const ground = { ...own, c: Math.min(own.c, 0.02), l: theme === 'light' ? 0.99 : 0.18 };
  const onAct = readable(ground, [act], TEXT, theme === 'light' ? 'lighter' : 'darker');
  return { act, onAct, corrected: theme === 'light' ? act !== chosen : act !== hexOf(begin) };
}

/** The colours of a tier: its ground, text on it, its line, its name on the page. */
export interface TierColours {
  readonly ground: string;
  readonly ink: string;
  readonly line: string;
}

/** A tier's colours in a theme: all of one hue. */
export function tierIn(theme: Theme, chosen: string): TierColours {
  const { h, c } = read(chosen);
  const way = wayOf(theme);
  const [ground, ink, line] =
    theme === 'light'
      ? [
          { l: 0.94, c: Math.min(c, 0.03) },
          { l: 0.36, c: Math.min(c, 0.09) },
          { l: 0.58, c: Math.min(c, 0.13) },
        ]
      : [
          { l: 0.26, c: Math.min(c, 0.03) },
          { l: 0.86, c: Math.min(c, 0.07) },
          { l: 0.66, c: Math.min(c, 0.11) },
        ];
  const own = hexOf({ mode: 'oklch', h, ...ground });
  const grounds = [...GROUNDS[theme], own];
  return {
    ground: own,
    ink: readable({ mode: 'oklch', h, ...ink }, grounds, 7, way),
    line: readable({ mode: 'oklch', h, ...line }, grounds, SIGN, way),
  };
}
