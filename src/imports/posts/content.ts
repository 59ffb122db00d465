import { EMPTY_EDITION, type BriefingContent, type EditionContent } from '../../briefings/content';
import { ownKey } from '../../briefings/file/fences';
import { picturesOf } from '../../briefings/pictures/queries';
import type { ImportContext } from '../../briefings/file/import-context';
import { readBriefing } from '../../briefings/file/read';
import { textField } from '../../briefings/fields';
import { eachChoice, type Choice } from '../../briefings/fields';
import { writeBriefing } from '../../briefings/file/write';
import { visibleLine } from '../../lib/line';
import { slugOf } from '../../lib/slug';
import { wordOf } from '../../site/shape/shape';
import { namedAuthors } from './authors';
import { toMarkdown, type Converted } from './markdown';
import type { PostOptions } from './options';
import { openPostFigures, type KnownPictures, type PostFigures } from './pictures/figures';
import type { Post } from './post';

/** A post as the briefing it becomes, with what is noted of it; or why it becomes none. */
export type EvaluatedPost =
  { readonly content: BriefingContent; readonly notes: readonly string[] } | { readonly refused: string };

/**
 * What becomes of a post. What only some read becomes a passage, whatever else is said of it; it is held to all that a
 * briefing file is held to. No note says anything of a text.
 */
export function evaluatePost(
  post: Post,
  options: PostOptions,
  site: ImportContext,
  known: KnownPictures,
): EvaluatedPost {
  const title = visibleLine(post.title).slice(0, textField('title').longest);
  const slug = slugOf(post.slug || title);
  if (title === '') return { refused: 'post-title' };
  if (slug === '') return { refused: 'post-slug' };
  if (site.slugs.has(slug)) return { refused: `post-slug-taken:${slug}` };
  const pictures = openPostFigures(post, known);
  const open = toMarkdown(post.open, pictures.showIn('open'), title);
  const gated = toMarkdown(post.gated, pictures.showIn('gated'), title);
  if (open.markdown === '' && gated.markdown === '') return { refused: 'post-empty' };
  const kind = wordOf(site.shape.kinds, (post.audience === 'members' ? options.members : options.paid) ?? '');
  if (gated.markdown !== '' && !kind) return { refused: 'post-kind' };
  const edition: EditionContent = {
    ...EMPTY_EDITION,
    title,
    summary: visibleLine(post.excerpt).slice(0, textField('summary').longest) || null,
    coverAlt: pictures.cover && (visibleLine(post.cover?.alt ?? '').slice(0, textField('cover-alt').longest) || title),
    body: open.markdown,
    passages:
      gated.markdown === '' || !kind ? [] : [{ kind: kind.slug, key: ownKey(kind) ?? 'post', text: gated.markdown }],
  };
  const content = contentWith(post, options, site, { slug, edition, pictures });
  const files = new Map([...writeBriefing(content, site.shape)].map(([name, text]) => [name, Buffer.from(text)]));
  const read = readBriefing({ path: slug, files, pictures: picturesOf(content) }, site);
  // What is wrong may quote the text: only where it stands is said.
  if ('faults' in read) return { refused: `post-fault:${placeOf(read.faults[0]?.field ?? '')}` };
  return { content: read.content, notes: [...notesOn(post, title, open, gated), ...pictures.notes()] };
}

const placeOf = (field: string): string => (/^[a-z0-9.-]{1,60}$/i.test(field) ? field : 'text');

interface Made {
  readonly slug: string;
  readonly edition: EditionContent;
  readonly pictures: PostFigures;
}

function contentWith(
  post: Post,
  options: PostOptions,
  site: ImportContext,
  { slug, edition, pictures }: Made,
): BriefingContent {
  const published = post.published === null ? null : new Date(post.published);
  const state = post.status === 'published' && published ? 'published' : 'draft';
  const [tag = ''] = post.tags;
  const url = post.url ?? new URL(post.path, options.home ?? 'https://example.org').href;
  return {
    ...{ slug, formerly: [], early: null, updated: null, stricter: {}, until: {} },
    ...{ cover: pictures.cover, figures: pictures.figures },
    ...{ state, published: state === 'published' ? published : null },
    ...(eachChoice(({ name }) => options.choices[name] ?? null) as unknown as Pick<BriefingContent, Choice>),
    category: options.categories[tag] ?? options.category ?? '',
    sources: [{ key: 'original', url, risk: 'low' }],
    organizations: [],
    authors: authorsOf(post, site),
    original: options.language,
    editions: { [options.language]: edition },
  };
}

function authorsOf(post: Post, site: ImportContext): BriefingContent['authors'] {
  const now = namedAuthors(post).map(({ key, name }) => {
    const slug = site.formerAuthors.get(key) ?? key;
    return { key: slug, name: site.authors.get(slug) ?? name };
  });
  return now.filter(({ key }, index) => now.findIndex((one) => one.key === key) === index);
}

function notesOn(post: Post, title: string, open: Converted, gated: Converted): string[] {
  const dropped = new Map<string, number>();
  for (const [name, n] of [...open.dropped, ...gated.dropped]) dropped.set(name, (dropped.get(name) ?? 0) + n);
  return [
    ...[...dropped].map(([name, n]) => `post-dropped:${name} × ${n}`),
    ...(title.length < visibleLine(post.title).length ? ['post-title-cut'] : []),
    ...(visibleLine(post.excerpt).length > textField('summary').longest ? ['post-excerpt-cut'] : []),
    ...(post.status === 'published' && post.published === null ? ['post-undated'] : []),
    ...(gated.markdown === '' ? [] : [`post-${post.audience}`]),
  ];
}
