import { absolute } from './addresses';

/** The value of a `Link` header to the pages before and after (RFC 8288), or null when there is but one page. */
export function linksOf({
  publicUrl,
  path,
  query,
  page,
  pages,
}: {
  publicUrl: string;
  path: string;
  query: Readonly<Record<string, unknown>>;
  page: number;
  pages: number;
}): string | null {
  const asked = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[0] !== 'page' && typeof pair[1] === 'string',
  );
  const link = (number: number, rel: string) => {
    const sought = new URLSearchParams([...asked, ['page', String(number)]]).toString();
    return `<${absolute(`${path}?${sought}`, { publicUrl })}>; rel="${rel}"`;
  };
  const links = [...(page > 1 ? [link(page - 1, 'prev')] : []), ...(page < pages ? [link(page + 1, 'next')] : [])];
  return links.length > 0 ? links.join(', ') : null;
}
