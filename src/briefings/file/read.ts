import path from 'node:path';
import type { z } from 'zod';
import { cleanText } from '../../lib/line';
import { unsafeLinks } from '../../lib/markdown';
import { LISTS } from '../vocabulary';
import { checkAgainstSite, checkOriginal, checkLanguages, type Located } from './checks';
import type { BriefingContent, EditionContent } from './content';
import { shown, type Fault } from './fault';
import { COVER_FILE, readCover } from './cover';
import { figureFaults, looksLikePicture, readFigures } from './figures';
import { readFences, trimBlankLines, type LocatedPassage } from './fences';
import { readFrontMatter, type FrontMatter, type Path } from './front-matter';
import type { BriefingFolder } from './folder';
import type { SiteContext } from './site-context';
import { originalShape, translationShape, type OriginalMatter, type TranslationMatter } from './shape';
import { readText } from './text';

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
  site: SiteContext,
): { content: BriefingContent } | { faults: Fault[] } {
  const faults: Fault[] = [];
  const files: ReadFile[] = [];
  for (const [name, bytes] of [...folder.files].sort(([a], [b]) => a.localeCompare(b))) {
    const file = path.join(folder.path, name);
    const lang = LANGUAGE_FILE.exec(name)?.[1];
    if (COVER_FILE.test(name) || looksLikePicture(name)) continue;
    if (!lang) {
      if (!name.startsWith('.'))
        faults.push({
          file,
          line: 0,
          field: 'file',
          found: shown(name),
          allowed:
            'one Markdown file per language, named by its code (en.md, es.md), one cover picture, and pictures of the texts',
        });
      continue;
    }
    const read = readFile(file, lang, bytes);
    faults.push(...read.faults);
    if (read.file) files.push(read.file);
  }

  const originals = files.filter((file) => file.isOriginal);
  if (originals.length !== 1 && (faults.length === 0 || originals.length > 1)) {
    const found =
      originals.length === 0 ? 'no file with a briefing: block' : `${originals.length} files with a briefing: block`;
    faults.push({
      file: folder.path,
      line: 0,
      field: 'briefing',
      found,
      allowed: 'exactly one file, the original, carries it',
    });
  }
  const original = originals[0];
  if (!original?.shape || originals.length > 1) return { faults };
  const matter = original.shape as OriginalMatter;

  const cover = readCover(folder, matter.briefing.cover ?? null, {
    file: original.file,
    lineOf: original.matter.lineOf,
  });
  faults.push(...cover.faults);
  const { figures, faults: figureFiles } = readFigures(folder);
  faults.push(...figureFiles);
  const located: Located = { file: original.file, lineOf: original.matter.lineOf };
  const content: BriefingContent = {
    slug: matter.briefing.slug,
    formerly: matter.briefing.formerly ?? [],
    state: matter.briefing.state,
    published: matter.briefing.published ?? null,
    early: matter.briefing.early ?? null,
    updated: matter.briefing.updated ?? null,
    type: matter.briefing.type ?? null,
    category: site.formerCategories.get(matter.briefing.category) ?? matter.briefing.category,
    domain: matter.briefing.domain ?? null,
    impact: matter.briefing.impact ?? null,
    confidence: matter.briefing.confidence ?? null,
    relevance: matter.briefing.relevance ?? null,
    horizon: matter.briefing.horizon ?? null,
    sources: matter.briefing.sources,
    organizations: (matter.briefing.organizations ?? []).map(({ key, name, url }) => ({ key, name, url: url ?? null })),
    stricter: matter.briefing.stricter ?? {},
    until: matter.briefing.until ?? {},
    cover: cover.picture,
    figures,
    original: original.lang,
    editions: Object.fromEntries(files.filter((file) => file.shape).map((file) => [file.lang, edition(file)])),
  };
  faults.push(...checkOriginal(content, path.basename(path.resolve(folder.path)), located));
  faults.push(...checkLanguages(content, folder.path));
  for (const file of files) if (file.shape) faults.push(...checkReferences(file, content));
  faults.push(...checkAgainstSite(content, site, located));
  return faults.length > 0 ? { faults } : { content };
}

function readFile(file: string, lang: string, bytes: Uint8Array): { file?: ReadFile; faults: Fault[] } {
  const text = readText(file, bytes);
  if ('faults' in text) return text;
  const matter = readFrontMatter(file, text.text);
  if ('faults' in matter) return matter;
  const isOriginal = typeof matter.value === 'object' && matter.value !== null && 'briefing' in matter.value;
  const parsed = (isOriginal ? originalShape : translationShape).safeParse(matter.value);
  const fences = readFences(file, matter.rest, matter.restLine);
  const faults = parsed.success ? [] : parsed.error.issues.flatMap((issue) => shapeFaults(file, matter, issue));
  faults.push(...fences.faults);
  for (const [start, markdown] of [
    [fences.bodyLine, fences.body] as const,
    ...fences.passages.map((one) => [one.textLine, one.text] as const),
  ]) {
    for (const { address, line } of unsafeLinks(markdown)) {
      faults.push({
        file,
        line: start + line,
        field: 'link',
        found: shown(address),
        allowed: 'http:, https:, mailto:, an own path (/…) or a fragment (#…)',
      });
    }
  }
  return {
    file: {
      lang,
      file,
      matter,
      shape: parsed.success ? parsed.data : null,
      isOriginal,
      body: fences.body,
      bodyLine: fences.bodyLine,
      passages: fences.passages,
    },
    faults,
  };
}

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

function edition({ shape, body, passages }: ReadFile): EditionContent {
  const texts = shape!;
  return {
    title: texts.title ?? null,
    summary: texts.summary ?? null,
    lead: texts.lead ?? null,
    topic: texts.topic ?? null,
    coverAlt: texts['cover-alt'] ?? null,
    explanations: given(texts.explanations),
    facts: given(texts.facts),
    lists: Object.fromEntries(LISTS.flatMap((name) => (texts[name]?.length ? [[name, texts[name]]] : []))),
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
function given<Fields extends object>(
  fields: Fields = {} as Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
}

/** What one file's texts point to must exist in the original. */
function checkReferences(file: ReadFile, content: BriefingContent): Fault[] {
  const faults: Fault[] = [];
  const sourceKeys = content.sources.map(({ key }) => key);
  const organizationKeys = content.organizations.map(({ key }) => key);
  for (const key of Object.keys(file.shape?.sources ?? {})) {
    if (!sourceKeys.includes(key)) {
      faults.push({
        file: file.file,
        line: file.matter.lineOf(['sources', key]),
        field: `sources.${key}`,
        found: 'a source the original does not list',
        allowed: `one of ${sourceKeys.join(', ')}`,
      });
    }
  }
  for (const { kind, key, line } of file.passages) {
    const known = kind === 'source-note' ? sourceKeys : kind === 'organization' ? organizationKeys : null;
    if (known && !known.includes(key)) {
      faults.push({
        file: file.file,
        line,
        field: `${kind}/${key}`,
        found: `a key no ${kind === 'organization' ? 'organization' : 'source'} has`,
        allowed: known.length > 0 ? `one of ${known.join(', ')}` : 'none: the original lists none',
      });
    }
  }
  const files = Object.keys(content.figures);
  for (const [start, text] of [
    [file.bodyLine, file.body] as const,
    ...file.passages.map((one) => [one.textLine, one.text] as const),
  ]) {
    for (const { line, name, what } of figureFaults(text, content.figures)) {
      faults.push({
        file: file.file,
        line: start + line,
        field: 'picture',
        ...(what === 'alt'
          ? { found: `${shown(name)} without words`, allowed: '![what it shows](its file)' }
          : {
              found: shown(name),
              allowed: files.length > 0 ? `one of ${files.join(', ')}` : 'a picture that lies in the folder; none does',
            }),
      });
    }
  }
  return faults;
}
