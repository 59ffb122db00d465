import { categoryLabel } from '../briefings/reading/cards';
import type { CategoryRow } from '../briefings/reading/queries';
import { frontHead, type SiteContext } from '../http/site-context';
import { unmarked } from '../lib/marked';

/** Text in a Markdown link or heading: nothing of it ends either. */
const plain = (text: string): string =>
  unmarked(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\[\]]/g, '\\$&');

/**
 * What `/llms.txt` says (https://llmstxt.org): what this is, where its parts are, and where programs read the same, in
 * the publication's first language. From what a visitor may read alone.
 */
export function llmsText(site: SiteContext, categories: readonly CategoryRow[]): string {
  const { first } = site.languages;
  const { say } = first;
  const link = (name: string, path: string) => `- [${plain(name)}](${new URL(path, site.publicUrl).href})`;
  const { description } = frontHead(site, first);
  const parts = categories.map(({ slug, texts }) => categoryLabel(slug, texts, first));
  const lines = [
    `# ${plain(first.siteName)}`,
    '',
    ...(description ? [`> ${plain(description)}`, ''] : []),
    say('llms.gated'),
    ...(site.settings.current.discovery.aiCrawlers === 'no-training' ? ['', say('llms.no-training')] : []),
    ...(parts.length === 0 ? [] : ['', `## ${say('llms.sections')}`, '']),
    ...parts.map(({ name, href }) => link(name.text, href)),
    ...['', `## ${say('llms.programs')}`, ''],
    link(say('llms.api'), '/api/openapi.json'),
    link(say('llms.feed'), '/feed.xml'),
    link(say('llms.map'), '/sitemap.xml'),
  ];
  return `${lines.join('\n')}\n`;
}
