import path from 'node:path';
import type { z } from 'zod';
import { cleanText } from '../../lib/line';
import { unsafeLinks } from '../../lib/markdown';
import { wordOf, type BriefingShape } from '../../site/shape/shape';
import { checkAgainstSite, checkOriginal, checkLanguages, type Located } from './checks';
import type { BriefingContent, EditionContent } from '../content';
import { shown, type Fault } from './fault';
import { COVER_FILE, readCover } from './cover';
import { figureFaults, looksLikePicture, readFigures } from './figures';
import { readFences, trimBlankLines, type LocatedPassage } from './fences';
import { readFrontMatter, type FrontMatter, type Path } from './front-matter';
import type { BriefingFolder } from './folder';
import type { ImportContext } from './import-context';
import { matterShapes, type OriginalMatter, type TranslationMatter } from './shape';
import { readText } from './text';
import { eachChoice, eachText, type Choice } from '../fields';
import { underPresentSlugs } from '../present-organizations';

const LANGUAGE_FILE = /^([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.md$/;

interface ReadFile {
  readonly lang: string;
  readonly file: string;
  readonly matter: FrontMatter;
  readonly shape: OriginalMatter | TranslationMatter | null;
  readonly isOriginal: boolean;
  readonly body: string;
  readonly bodyLine: number;
  readonly passages: readonly LocatedPassage[];
}

/**
 * Reads one briefing, all or nothing. On failure every fault of every file is named, also those a first
 * fault would hide from a reader that stops.
 */
export function readBriefing(
  folder: BriefingFolder,
  site: ImportContext,
): { content: BriefingContent } | { faults: Fault[] } {
  const { files, faults } = readFiles(folder, site.shape);
  const originals = files.filter((file) => file.isOriginal);
  if (originals.length !== 1 && (faults.length === 0 || originals.length > 1)) {
    const found =
      originals.length === 0 ? 'no file with a briefing: block' : `${originals.length} files with a briefing: block`;
    const allowed = 'exactly one file, the original, carries it';
    faults.push({ file: folder.path, line: 0, field: 'briefing', found, allowed });
  }
  const original = originals[0];
  if (!original?.shape || originals.length > 1) return { faults };
  const located: Located = { file: original.file, lineOf: original.matter.lineOf };
  const { content, faults: pictureFaults } = assemble(folder, site, files, original, located);
  faults.push(...pictureFaults);
  faults.push(...checkOriginal(content, site.shape, path.basename(path.resolve(folder.path)), located));
  faults.push(...checkLanguages(content, folder.path));
  for (const file of files) if (file.shape) faults.push(...checkReferences(file, content, site.shape));
  faults.push(...checkAgainstSite(content, site, located));
  if (faults.length > 0) return { faults };
  const present = { former: site.formerOrganizations, known: site.organizations };
  return { content: underPresentSlugs(content, present, { ...site.shape, tiers: site.matrix.tiers }) };
}

const FILES_ALLOWED =
  'one Markdown file per language, named by its code (en.md, es.md), one cover picture, and pictures of the texts';

function readFiles(folder: BriefingFolder, shape: BriefingShape): { files: ReadFile[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const files: ReadFile[] = [];
  for (const [name, bytes] of [...folder.files].sort(([a], [b]) => a.localeCompare(b))) {
    const file = path.join(folder.path, name);
    const lang = LANGUAGE_FILE.exec(name)?.[1];
    if (COVER_FILE.test(name) || looksLikePicture(name)) continue;
    if (lang) {
      const read = readFile(file, lang, bytes, shape);
      faults.push(...read.faults);
      if (read.file) files.push(read.file);
    } else if (!name.startsWith('.'))
      faults.push({ file, line: 0, field: 'file', found: shown(name), allowed: FILES_ALLOWED });
  }
  return { files, faults };
}

/** Everything that the files say, as one content. */
function assemble(
  folder: BriefingFolder,
  site: ImportContext,
  files: readonly ReadFile[],
  original: ReadFile,
  located: Located,
): { content: BriefingContent; faults: Fault[] } {
  const { briefing } = original.shape as OriginalMatter;
  const cover = readCover(folder, briefing.cover ?? null, located);
  const { figures, faults } = readFigures(folder);
  const content: BriefingContent = {
    slug: briefing.slug,
    formerly: briefing.formerly ?? [],
    state: briefing.state,
    published: briefing.published ?? null,
    early: briefing.early ?? null,
    updated: briefing.updated ?? null,
    category: site.formerCategories.get(briefing.category) ?? briefing.category,
    ...(eachChoice(({ name }) => briefing[name] ?? null) as Pick<BriefingContent, Choice>),
    sources: briefing.sources,
    organizations: (briefing.organizations ?? []).map(({ key, name, url }) => ({ key, name, url: url ?? null })),
    authors: (briefing.authors ?? []).map(({ key, name }) => ({ key: site.formerAuthors.get(key) ?? key, name })),
    stricter: briefing.stricter ?? {},
    until: briefing.until ?? {},
    cover: cover.picture,
    figures,
    original: original.lang,
    editions: Object.fromEntries(
      files.filter((file) => file.shape).map((file) => [file.lang, edition(file, site.shape)]),
    ),
  };
  return { content, faults: [...cover.faults, ...faults] };
}

function readFile(
  file: string,
  lang: string,
  bytes: Uint8Array,
  shape: BriefingShape,
): { file?: ReadFile; faults: readonly Fault[] } {
  const text = readText(file, bytes);
  if ('faults' in text) return text;
  const matter = readFrontMatter(file, text.text);
  if ('faults' in matter) return matter;
  const isOriginal = typeof matter.value === 'object' && matter.value !== null && 'briefing' in matter.value;
  const parsed = matterShapes(shape)[isOriginal ? 'original' : 'translation'].safeParse(matter.value);
  const fences = readFences(file, matter.rest, matter.restLine, shape.kinds);
  const faults = parsed.success ? [] : parsed.error.issues.flatMap((issue) => shapeFaults(file, matter, issue));
  const { body, bodyLine, passages } = fences;
  const links = textsOf({ body, bodyLine, passages }).flatMap(([start, markdown]) =>
    unsafeLinks(markdown).map(({ address, line }) => ({
      file,
      line: start + line,
      field: 'link',
      found: shown(address),
      allowed: 'http:, https:, mailto:, an own path (/…) or a fragment (#…)',
    })),
  );
  return {
    file: { lang, file, matter, shape: parsed.success ? parsed.data : null, isOriginal, body, bodyLine, passages },
    faults: [...faults, ...fences.faults, ...links],
  };
}

/** Every Markdown text of a file, with the line where it begins. */
const textsOf = ({ body, bodyLine, passages }: Pick<ReadFile, 'body' | 'bodyLine' | 'passages'>) => [
  [bodyLine, body] as const,
  ...passages.map((one) => [one.textLine, one.text] as const),
];

function shapeFaults(file: string, matter: FrontMatter, issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => {
      const at = [...issue.path, name];
      return {
        file,
        line: matter.lineOf(at),
        field: at.join('.'),
        found: 'a field that does not exist',
        allowed: issue.message,
      };
    });
  }
  // A key that breaks its rule is reported by zod at the record, with the rule's own words inside.
  const allowed = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const found = issue.code === 'invalid_key' ? shown(issue.path.at(-1)) : shown(valueAt(matter.value, issue.path));
  return [{ file, line: matter.lineOf(issue.path), field: issue.path.join('.') || 'front matter', found, allowed }];
}

function valueAt(value: unknown, at: Path): unknown {
  let node = value;
  for (const step of at) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<PropertyKey, unknown>)[step];
  }
  return node;
}

/** The lists of a file, wherever in it they stand. */
function listsOf(matter: OriginalMatter | TranslationMatter, { lists }: BriefingShape): EditionContent['lists'] {
  const top: Readonly<Record<string, unknown>> = matter;
  const block = (top['lists'] ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    lists.flatMap(({ slug, topLevel }) => {
      const items = (topLevel ? top : block)[slug] as readonly string[] | undefined;
      return items?.length ? [[slug, items]] : [];
    }),
  );
}

function edition({ shape, body, passages }: ReadFile, ofBriefing: BriefingShape): EditionContent {
  const texts = shape!;
  return {
    ...eachText(({ name }) => texts[name] ?? null),
    explanations: given(texts.explanations),
    facts: given(texts.facts),
    lists: listsOf(texts, ofBriefing),
    sources: Object.fromEntries(
      Object.entries(texts.sources ?? {}).flatMap(([key, { title, description }]) =>
        title === undefined && description === undefined
          ? []
          : [[key, { title: title ?? null, description: description ?? null }]],
      ),
    ),
    body: trimBlankLines(cleanText(body)),
    passages: passages.map(({ kind, key, text }) => ({ kind, key, text: trimBlankLines(cleanText(text)) })),
  };
}

/** The fields that were written. */
function given(fields: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** What one file's texts point to must exist in the original. */
function checkReferences(file: ReadFile, content: BriefingContent, shape: BriefingShape): Fault[] {
  const faults: Fault[] = [];
  const fault = (line: number, field: string, found: string, allowed: string) =>
    faults.push({ file: file.file, line, field, found, allowed });
  const sourceKeys = content.sources.map(({ key }) => key);
  const organizationKeys = content.organizations.map(({ key }) => key);
  for (const key of Object.keys(file.shape?.sources ?? {})) {
    if (!sourceKeys.includes(key))
      fault(
        file.matter.lineOf(['sources', key]),
        `sources.${key}`,
        'a source the original does not list',
        `one of ${sourceKeys.join(', ')}`,
      );
  }
  for (const { kind, key, line } of file.passages) {
    const of = wordOf(shape.kinds, kind)?.shape;
    const known = of === 'per-source' ? sourceKeys : of === 'per-organization' ? organizationKeys : null;
    if (known && !known.includes(key))
      fault(
        line,
        `${kind}/${key}`,
        `a key no ${of === 'per-organization' ? 'organization' : 'source'} has`,
        known.length > 0 ? `one of ${known.join(', ')}` : 'none: the original lists none',
      );
  }
  const files = Object.keys(content.figures);
  const there = files.length > 0 ? `one of ${files.join(', ')}` : 'a picture that lies in the folder; none does';
  for (const [start, text] of textsOf(file)) {
    for (const { line, name, what } of figureFaults(text, content.figures)) {
      if (what === 'alt') fault(start + line, 'picture', `${shown(name)} without words`, '![what it shows](its file)');
      else fault(start + line, 'picture', shown(name), there);
    }
  }
  return faults;
}
