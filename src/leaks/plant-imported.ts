import { randomBytes } from 'node:crypto';
import { tierOfKind } from '../access/matrix';
import { accountsViewer } from '../access/viewer';
import { recognise } from '../briefings/file/cover';
import { picturePath } from '../briefings/pictures/queries';
import { pictureSealName } from '../imports/posts/pictures/receive';
import { receivePosts } from '../imports/posts/receive';
import { openPostSealer, type PostSealer } from '../imports/posts/seal';
import { applyPost, checkPosts } from '../imports/posts/work';
import type { Wall } from '../stores/postgres/wall';
import type { Canaries } from './canaries';
import { pictureWith } from './picture';
import type { PlantedSite } from './planted-content';

/** What a former platform's post has become, and one that waits sealed. */
export interface PlantedImports {
  readonly slug: string;
  /** File names of its pictures, as their addresses end. */
  readonly pictures: readonly string[];
  /** The imports: the one that is done, and the one that waits. */
  readonly ids: readonly string[];
}

/** What a post says, by where it stands: before the mark of the paywall, or behind it. */
type Say = (part: 'open' | 'gated', field: string) => string;

const postOf = (slug: string, word: Say): string =>
  JSON.stringify({
    data: {
      posts: [
        {
          ...{ id: '1', slug, type: 'post', status: 'published', visibility: 'paid', published_at: '2001-01-01' },
          title: 'A post that has moved',
          custom_excerpt: `An excerpt ${word('open', 'excerpt')}`,
          html: [
            `<p>Open ${word('open', 'body')}</p><img src="__GHOST_URL__/content/images/open.png" alt="Open">`,
            `<!--members-only--><p>Gated ${word('gated', 'text')}</p>`,
            `<img src="__GHOST_URL__/content/images/gated.png" alt="${word('gated', 'alt')}">`,
          ].join(''),
        },
      ],
    },
  });

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

/** Takes a post in with its pictures, as an export and a content folder bring them. The pictures are drawn already. */
async function receive(wall: Wall, sealer: PostSealer, name: string, slug: string, lang: string, word: Say) {
  const id = await receivePosts(wall, sealer, name, bytesOf(postOf(slug, word)), lang, new Date());
  const pictures: string[] = [];
  for (const part of ['open', 'gated'] as const) {
    const bytes = pictureWith(word(part, 'picture'));
    const { id: pictureId, ...of } = recognise(bytes)!;
    const [mark] = sealer.marks(`${part}.png`);
    const sealed = sealer.seal(bytes, pictureSealName(id, mark));
    await wall.write(accountsViewer, (db) =>
      db.importPicture.create({ data: { importId: id, mark, sealed, pictureId, ...of }, select: { mark: true } }),
    );
    pictures.push(
      picturePath({ id: pictureId, ...of })
        .split('/')
        .at(-1)!,
    );
  }
  return { id, pictures };
}

/**
 * Plants what has come from a former platform, by the ways of an import: a post with pictures on both sides of its
 * paywall that has become a briefing, and another that is sealed and waits.
 * @throws when the post became none: then what was imported would not be walked.
 */
export async function plantImported(
  wall: Wall,
  { matrix, shape, langs }: PlantedSite,
  run: string,
  canaries: Canaries,
): Promise<PlantedImports> {
  const kind = shape.kinds.find((one) => !one.retired && ['one-text', 'list'].includes(one.shape));
  if (!kind) throw new Error('no kind takes what stands behind a paywall');
  const sealer = openPostSealer([randomBytes(32).toString('hex')]);
  const [slug, lang] = [`${run}-moved`, langs[0]!];
  const { rank } = tierOfKind(matrix, kind.slug);
  const done = await receive(wall, sealer, `${run}-done.json`, slug, lang, (part, field) =>
    canaries.make(`imported, ${part}: ${field}`, part === 'open' ? 0 : rank),
  );
  const options = {
    ...{ language: lang, category: run, categories: {}, members: kind.slug, paid: kind.slug },
    home: 'https://example.org',
    choices: {
      ...{ type: shape.types[0]?.slug ?? '', domain: shape.domains[0]?.slug ?? '', impact: 'low' },
      ...{ confidence: 50, relevance: 'low', horizon: 'near' },
    },
  };
  const begin = (state: 'checking' | 'running') =>
    wall.write(accountsViewer, (db) =>
      db.import.update({ where: { id: done.id }, data: { state, place: 0, options }, select: { id: true } }),
    );
  const parts = { wall, sealer, clock: { now: () => new Date() }, reserved: () => new Set<string>() };
  await begin('checking');
  while (await checkPosts(parts, done.id));
  await begin('running');
  while (await applyPost(parts, done.id));
  const { outcome, notes } = await wall.read(accountsViewer, (db) =>
    db.importRow.findFirstOrThrow({ where: { importId: done.id }, select: { outcome: true, notes: true } }),
  );
  if (outcome !== 'added') throw new Error(`the post of a former platform was not brought in: ${notes.join(', ')}`);
  const waits = await receive(wall, sealer, `${run}-waits.json`, `${slug}-not`, lang, (part, field) =>
    canaries.make(`waits to be imported, ${part}: ${field}`, null),
  );
  return { slug, pictures: done.pictures, ids: [done.id, waits.id] };
}
