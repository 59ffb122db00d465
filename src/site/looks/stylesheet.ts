import type { SettingValue } from '../settings/schemas';
import { accentIn, tierIn, type Theme } from './colours';
import { TYPEFACES } from './typefaces';

type Looks = SettingValue<'looks'>;

/** The class of a tier whose colour was chosen: `tier-own-<slug>`. */
export const ownHue = (slug: string): string => `own-${slug}`;

const rule = (selector: string, declarations: readonly string[]): string =>
  `${selector} { ${declarations.join('; ')} }`;

function accentRule(theme: Theme, accent: string): string[] {
  if (accent === '') return [];
  const { act, onAct } = accentIn(theme, accent);
  return [rule(':root', [`--act: ${act}`, `--on-act: ${onAct}`])];
}

function tierRules(theme: Theme, tiers: Looks['tiers']): string[] {
  return Object.entries(tiers).flatMap(([slug, chosen]) => {
    const { ground, ink, line } = tierIn(theme, chosen);
    const name = `.tier-${ownHue(slug)}`;
    const text = [`--tier: ${ground}`, `--tier-ink: ${ink}`, `--tier-line: ${line}`, `--tier-name: ${ink}`];
    return [
      rule(name, [...text, `--tier-go: ${ink}`, `--tier-on-go: ${ground}`]),
      rule(`.hue${name}`, [`--hue: ${line}`]),
    ];
  });
}

function typefaceRules(typefaces: Looks['typefaces'], asset: (name: string) => string): string[] {
  if (typefaces === 'newsreader') return [];
  const { faces, serif, sans } = TYPEFACES[typefaces];
  return [
    ...faces.map(({ family, file, weight, style }) =>
      rule('@font-face', [
        `font-family: "${family}"`,
        `src: url("${asset(`fonts/${file}`)}") format("woff2")`,
        `font-weight: ${weight}`,
        `font-style: ${style}`,
        'font-display: swap',
      ]),
    ),
    rule(':root', [`--serif: ${serif}`, `--display: ${serif}`, `--sans: ${sans}`]),
  ];
}

/** On paper every tier is black on white. */
const PRINTED = ['--tier: #fff', '--tier-ink: #000', '--tier-name: #000'];

/** The style sheet of a publication's own looks, which goes after the one that is delivered; empty: it has none. */
export function looksStylesheet({ accent, tiers, typefaces }: Looks, asset: (name: string) => string): string {
  const inTheme = (theme: Theme) => [...accentRule(theme, accent), ...tierRules(theme, tiers)].join('\n');
  const faces = typefaceRules(typefaces, asset).join('\n');
  if (inTheme('light') === '') return faces;
  const printed = Object.keys(tiers).map((slug) => rule(`.tier-${ownHue(slug)}`, PRINTED));
  return [
    faces,
    inTheme('light'),
    `@media (prefers-color-scheme: dark) {\n${inTheme('dark')}\n}`,
    `@media print {\n${[...accentRule('light', accent), ...printed].join('\n')}\n}`,
  ].join('\n');
}
