import type * as Xmldom from '@xmldom/xmldom';
import type { Element } from '@xmldom/xmldom';
import { lazily } from '../../../lib/packages/lazily';

const xmldom = lazily<typeof Xmldom>('@xmldom/xmldom');

/** Why a drawing is not taken: `broken`: no SVG; `unsafe`: with the thing that is not drawn; `complex`. */
export type SvgFault = { readonly why: 'broken' | 'complex' } | { readonly why: 'unsafe'; readonly what: string };

/** Bytes of a drawing, the shapes it may unfold to, and how deep they may lie in each other. */
export const MOST_SVG_BYTES = 512 * 1024;
const MOST_SHAPES = 20_000;
const MOST_DEEP = 60;

const SVG = 'http://www.w3.org/2000/svg';

/** What a logo is drawn from. Text has no typeface here; pictures, filters and patterns may be of any size. */
const DRAWN = new Set(
  (
    'svg g defs title desc metadata style path rect circle ellipse line polyline polygon linearGradient ' +
    'radialGradient stop clipPath mask use symbol'
  ).split(' '),
);

const isElement = (node: { readonly nodeType: number }): node is Element => node.nodeType === 1;

/** What the text of an attribute or a style refers to that is not within the drawing; null: nothing. */
function foreign(text: string): string | null {
  const outside = [...text.matchAll(/url\(\s*["']?\s*([^"')\s]*)/gi)].find(([, to = '']) => !to.startsWith('#'));
  if (outside) return outside[0];
  const [rule] = /@import|@font-face|expression\(|javascript:/i.exec(text) ?? [];
  return rule ?? null;
}

const short = (what: string): string => (what.length > 60 ? `${what.slice(0, 60)}…` : what);

/** What of an element is not drawn; null: nothing. */
function undrawn(element: Element): string | null {
  const name = element.localName ?? element.nodeName;
  if (!DRAWN.has(name)) return `<${name}>`;
  if (name === 'style' && foreign(element.textContent ?? '') !== null) return foreign(element.textContent ?? '');
  for (const { name: attribute, localName, value } of [...element.attributes]) {
    if (/^on/i.test(localName ?? attribute)) return attribute;
    if (localName === 'href' && !value.trim().startsWith('#')) return `${attribute}="${value}"`;
    const outside = foreign(value);
    if (outside !== null && !attribute.startsWith('xmlns')) return outside;
  }
  return null;
}

/** The ids an element refers to: each is drawn once more in its place. */
const referred = (element: Element): string[] =>
  [...element.attributes].flatMap(({ localName, value }) =>
    localName === 'href'
      ? [value.trim().slice(1)]
      : [...value.matchAll(/url\(\s*["']?\s*#([^"')\s]+)/gi)].map((one) => one[1]!),
  );

/** Shapes that are drawn for an element, and how deep they lie; endless where it refers to itself. */
function unfold(root: Element, byId: ReadonlyMap<string, Element>): { readonly shapes: number; readonly deep: number } {
  const known = new Map<Element, { shapes: number; deep: number }>();
  const open = new Set<Element>();
  const measure = (element: Element): { shapes: number; deep: number } => {
    const before = known.get(element);
    if (before) return before;
    if (open.has(element) || open.size > MOST_DEEP) return { shapes: Infinity, deep: Infinity };
    open.add(element);
    const within = [
      ...[...element.childNodes].filter(isElement),
      ...referred(element).flatMap((id) => byId.get(id) ?? []),
    ].map(measure);
    open.delete(element);
    const shapes = 1 + within.reduce((sum, one) => sum + one.shapes, 0);
    const all = { shapes, deep: 1 + Math.max(0, ...within.map(({ deep }) => deep)) };
    known.set(element, all);
    return all;
  };
  return measure(root);
}

/** Reads a drawing as XML; null: it is none. What a document type says of itself is never read. */
function parse(text: string): Element | null {
  try {
    const { DOMParser, onErrorStopParsing } = xmldom();
    const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'image/svg+xml');
    const root = document.documentElement;
    return root?.namespaceURI === SVG && root.localName === 'svg' ? root : null;
  } catch {
    return null;
  }
}

/**
 * Looks through a drawing before it is rendered: what is in it that is not drawn here, and whether it unfolds to more
 * than a logo is. Null: it may be rendered. What other programs have left in it under names of their own is passed
 * over.
 */
export function checkSvg(text: string): SvgFault | null {
  if (/<!ENTITY/i.test(text) || /<!DOCTYPE[^>]*\[/i.test(text)) return { why: 'unsafe', what: '<!ENTITY>' };
  if (/<\?xml-stylesheet/i.test(text)) return { why: 'unsafe', what: '<?xml-stylesheet?>' };
  const root = parse(text);
  if (!root) return { why: 'broken' };
  const byId = new Map<string, Element>();
  const next: Element[] = [root];
  let elements = 0;
  for (let element = next.pop(); element !== undefined; element = next.pop()) {
    if (++elements > MOST_SHAPES) return { why: 'complex' };
    // Editors leave elements of their own behind, which nothing draws.
    if (element.namespaceURI !== SVG) continue;
    const what = undrawn(element);
    if (what !== null) return { why: 'unsafe', what: short(what) };
    const id = element.getAttribute('id');
    if (id) byId.set(id, element);
    next.push(...[...element.childNodes].filter(isElement));
  }
  const { shapes, deep } = unfold(root, byId);
  return shapes > MOST_SHAPES || deep > MOST_DEEP ? { why: 'complex' } : null;
}
