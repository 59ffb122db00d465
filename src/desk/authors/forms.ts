import { AUTHOR_LONGEST } from '../../briefings/authors';
import { LONGEST } from '../../briefings/fields';
import { isWebAddress } from '../../briefings/file/shape';
import { isPrintable, oneLine } from '../../lib/line';
import { parseFields, slugFor, type RecordFields, type ValidRecord } from '../records/forms';

/** An author as somebody wants them: address, name, links and, by language, a line. */
export interface AuthorInput {
  readonly slug: string;
  readonly name: string;
  readonly links: readonly string[];
  readonly lines: Readonly<Record<string, string>>;
}

/** The fields of an author's form, as they were typed. @throws Failure 400 when one is not there. */
export function parseAuthorForm(body: unknown, langs: readonly string[]): RecordFields {
  const names = ['name', 'slug', 'links', ...langs.map((lang) => `line.${lang}`)];
  return Object.fromEntries(
    Object.entries(parseFields(body, names)).map(([name, text]) => [
      name,
      name === 'links' ? text.split(/\r?\n/).map(oneLine).filter(Boolean).join('\n') : oneLine(text),
    ]),
  );
}

/** An author as their form shows them. */
export const typedOf = ({ slug, name, links, lines }: AuthorInput, langs: readonly string[]): RecordFields => ({
  ...{ slug, name, links: links.join('\n') },
  ...Object.fromEntries(langs.map((lang) => [`line.${lang}`, lines[lang] ?? ''])),
});

/** What was typed as an author, or what is wrong with it. An address that was left empty is made of the name. */
export function validateAuthor(typed: RecordFields, langs: readonly string[]): ValidRecord<AuthorInput> {
  const errors: Record<string, string> = {};
  const name = typed['name']!;
  if (name === '') errors['name'] = 'desk.author.wrong.name.none';
  else if (name.length > LONGEST.authorName) errors['name'] = 'desk.author.wrong.name.long';
  else if (!isPrintable(name)) errors['name'] = 'desk.category.wrong.signs';
  const lines: Record<string, string> = {};
  for (const lang of langs) {
    const line = typed[`line.${lang}`]!;
    if (line.length > AUTHOR_LONGEST.line) errors[`line.${lang}`] = 'desk.author.wrong.line.long';
    else if (!isPrintable(line)) errors[`line.${lang}`] = 'desk.category.wrong.signs';
    if (line !== '') lines[lang] = line;
  }
  const links = typed['links']!.split('\n').filter(Boolean);
  if (links.length > AUTHOR_LONGEST.links) errors['links'] = 'desk.author.wrong.links.many';
  else if (!links.every((link) => isWebAddress(link) && link.length <= AUTHOR_LONGEST.link))
    errors['links'] = 'desk.author.wrong.links';
  const { slug, wrong: wrongSlug } = slugFor(typed, name);
  if (name !== '' && wrongSlug !== null) errors['slug'] = wrongSlug;
  return Object.keys(errors).length > 0
    ? { wrong: errors }
    : { input: { slug, name, links: [...new Set(links)], lines } };
}
