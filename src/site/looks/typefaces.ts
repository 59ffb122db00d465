/** A file of a typeface, below `public/fonts`. */
interface Face {
  readonly family: string;
  readonly file: string;
  readonly weight: string;
  readonly style: 'normal' | 'italic';
}

/** Two typefaces that go together: one for headlines and texts, one for labels. */
export interface TypefacePair {
  readonly faces: readonly Face[];
  readonly serif: string;
  readonly sans: string;
  /** What a page shows first. */
  readonly preload: readonly string[];
}

const face = (family: string, name: string, weight: string, style: Face['style'] = 'normal'): Face => ({
  ...{ family, weight, style },
  file: `${name}-${weight}-${style}.woff2`,
});

const pair = (serif: readonly [string, string], sans: readonly [string, string]): TypefacePair => ({
  faces: [
    face(...serif, '400'),
    face(...serif, '600'),
    face(...serif, '400', 'italic'),
    face(...sans, '400'),
    face(...sans, '600'),
  ],
  serif: `"${serif[0]}", Georgia, "Times New Roman", serif`,
  sans: `"${sans[0]}", system-ui, sans-serif`,
  preload: [`fonts/${serif[1]}-400-normal.woff2`, `fonts/${serif[1]}-600-normal.woff2`],
});

/** The pairs there are to choose from, besides the one of the style sheet; each is at most 110 kB (SIL OFL 1.1). */
export const TYPEFACES = {
  plex: pair(['IBM Plex Serif', 'ibm-plex-serif'], ['IBM Plex Sans', 'ibm-plex-sans']),
  source: pair(['Source Serif 4', 'source-serif-4'], ['Source Sans 3', 'source-sans-3']),
} as const satisfies Record<string, TypefacePair>;
