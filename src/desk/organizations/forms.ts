import { LONGEST } from '../../briefings/fields';
import { isWebAddress } from '../../briefings/file/shape';
import { ORGANIZATION_LONGEST } from '../../briefings/organizations';
import { isPrintable, oneLine } from '../../lib/line';
import { parseFields, slugFor, type RecordFields, type ValidRecord } from '../records/forms';
import { isLei, isWikidataItem } from './identifiers';

/** An organization as somebody wants it: address, name, site, links, identifiers and, by language, a description. */
export interface OrganizationInput {
  readonly slug: string;
  readonly name: string;
  readonly url: string | null;
  readonly links: readonly string[];
  readonly lei: string | null;
  readonly wikidata: string | null;
  readonly descriptions: Readonly<Record<string, string>>;
}

/** The fields of an organization's form, as they were typed. @throws Failure 400 when one is not there. */
export function parseOrganizationForm(body: unknown, langs: readonly string[]): RecordFields {
  const names = ['name', 'slug', 'url', 'links', 'lei', 'wikidata', ...langs.map((lang) => `description.${lang}`)];
  return Object.fromEntries(
    Object.entries(parseFields(body, names)).map(([name, text]) => [name, typedAs(name, text)]),
  );
}

/** Identifiers are copied with the spaces they are printed with, and in small letters. */
function typedAs(name: string, text: string): string {
  if (name === 'links') return text.split(/\r?\n/).map(oneLine).filter(Boolean).join('\n');
  const line = oneLine(text);
  return name === 'lei' || name === 'wikidata' ? line.replace(/\s+/gu, '').toUpperCase() : line;
}

/** An organization as its form shows it. */
export const typedOf = (
  { slug, name, url, links, lei, wikidata, descriptions }: OrganizationInput,
  langs: readonly string[],
): RecordFields => ({
  ...{ slug, name, url: url ?? '', links: links.join('\n'), lei: lei ?? '', wikidata: wikidata ?? '' },
  ...Object.fromEntries(langs.map((lang) => [`description.${lang}`, descriptions[lang] ?? ''])),
});

type Wrong = Record<string, string>;

/** What was typed as an organization, or what is wrong with it. An address left empty is made of the name. */
export function validateOrganization(typed: RecordFields, langs: readonly string[]): ValidRecord<OrganizationInput> {
  const errors: Wrong = {};
  const name = typed['name']!;
  if (name === '') errors['name'] = 'desk.author.wrong.name.none';
  else if (name.length > LONGEST.organizationName) errors['name'] = 'desk.author.wrong.name.long';
  else if (!isPrintable(name)) errors['name'] = 'desk.category.wrong.signs';
  const descriptions = readDescriptions(typed, langs, errors);
  const links = readAddresses(typed, errors);
  const [lei, wikidata] = [typed['lei'] || null, typed['wikidata'] || null];
  if (lei !== null && !isLei(lei)) errors['lei'] = 'desk.organization.wrong.lei';
  if (wikidata !== null && !isWikidataItem(wikidata)) errors['wikidata'] = 'desk.organization.wrong.wikidata';
  const { slug, wrong: wrongSlug } = slugFor(typed, name);
  if (name !== '' && wrongSlug !== null) errors['slug'] = wrongSlug;
  if (Object.keys(errors).length > 0) return { wrong: errors };
  return { input: { slug, name, url: typed['url'] || null, links, lei, wikidata, descriptions } };
}

function readDescriptions(typed: RecordFields, langs: readonly string[], errors: Wrong): Record<string, string> {
  const descriptions: Record<string, string> = {};
  for (const lang of langs) {
    const field = `description.${lang}`;
    const text = typed[field]!;
    if (text.length > ORGANIZATION_LONGEST.description) errors[field] = 'desk.organization.wrong.description.long';
    else if (!isPrintable(text)) errors[field] = 'desk.category.wrong.signs';
    if (text !== '') descriptions[lang] = text;
  }
  return descriptions;
}

/** Its links, each once, after its own site was looked at. */
function readAddresses(typed: RecordFields, errors: Wrong): string[] {
  const isGood = (address: string) => isWebAddress(address) && address.length <= ORGANIZATION_LONGEST.link;
  if (typed['url'] && !isGood(typed['url'])) errors['url'] = 'desk.organization.wrong.url';
  const links = typed['links']!.split('\n').filter(Boolean);
  if (links.length > ORGANIZATION_LONGEST.links) errors['links'] = 'desk.author.wrong.links.many';
  else if (!links.every(isGood)) errors['links'] = 'desk.author.wrong.links';
  return [...new Set(links)];
}
