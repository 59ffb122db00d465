import { parse, type HTMLElement } from 'node-html-parser';

/** A page as it came over the wire, and what stands in it. */
export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly html: HTMLElement;
}

/** Asks as a browser would that follows nothing and keeps nothing. */
export async function visit(url: string, init: RequestInit = {}): Promise<Page> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, html: parse(text) };
}

/** The text of the first element a selector finds, its white space single. */
export function said({ html }: Page, selector: string): string | null {
  return html.querySelector(selector)?.text.replace(/\s+/g, ' ').trim() ?? null;
}

/** The content of a meta element by its name or property. */
export function meta({ html }: Page, name: string): string | null {
  return (
    (html.querySelector(`meta[name="${name}"]`) ?? html.querySelector(`meta[property="${name}"]`))?.getAttribute(
      'content',
    ) ?? null
  );
}

/** The page's JSON-LD, parsed. */
export function jsonLd({ html }: Page): Record<string, unknown> | null {
  const found = html.querySelector('script[type="application/ld+json"]')?.rawText;
  return found ? (JSON.parse(found) as Record<string, unknown>) : null;
}
